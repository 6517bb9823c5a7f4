/**
 * A layer of leaky integrate-and-fire neurons over whole windows of a batch, on dense row-major arrays.
 * The same as plain.ts, four neurons at a time; equations, shapes and the time axis are told there.
 */

/**
 * The sources that spike, row by row, as a list: `events[starts[row] … starts[row+1])`. Rows are samples × steps.
 *
 * @param input f32[rows][sources], 0 where a source is silent
 * @param starts out i32[rows + 1]
 * @param events out i32[rows·sources] or as many as there are spikes
 */
export function list(rows: i32, sources: i32, input: usize, starts: usize, events: usize): void {
  let count: i32 = 0;
  for (let row: i32 = 0; row < rows; row++) {
    store<i32>(starts + (<usize>row << 2), count);
    let i: i32 = 0;
    for (; i + 16 <= sources; i += 16) {
      const any = v128.or(
        v128.or(v128.load(input, 0), v128.load(input, 16)),
        v128.or(v128.load(input, 32), v128.load(input, 48)),
      );
      if (v128.any_true(any)) count = listSome(i, 16, input, events, count);
      input += 64;
    }
    count = listSome(i, sources - i, input, events, count);
    input += <usize>(sources - i) << 2;
  }
  store<i32>(starts + (<usize>rows << 2), count);
}

function listSome(first: i32, number: i32, input: usize, events: usize, count: i32): i32 {
  for (let i: i32 = 0; i < number; i++) {
    if (load<f32>(input + (<usize>i << 2)) != 0) {
      store<i32>(events + (<usize>count << 2), first + i);
      count++;
    }
  }
  return count;
}

/**
 * Sixteen neurons at a time, one cache line of weights: what arrives is summed in registers before it meets the
 * current. Spikes come as lists (`list`).
 */
export function forward(
  batch: i32, steps: i32, targets: i32,
  starts: usize, events: usize, weights: usize,
  decayM: f32, decayS: f32, gain: f32, theta: f32, slopeFloor: f32, surrogate: i32,
  output: usize, trace: usize, scratch: usize,
): void {
  const rowBytes = <usize>targets << 2;
  for (let s: i32 = 0; s < batch; s++) {
    memory.fill(scratch, 0, rowBytes * 2);
    memory.fill(output, 0, rowBytes);
    for (let k: i32 = 0; k < steps; k++) {
      const from = events + (<usize>load<i32>(starts, 0) << 2);
      const to = events + (<usize>load<i32>(starts, 4) << 2);
      // The spikes of the last step lie at the end of the window and are not kept.
      const next: usize = k + 1 < steps ? output + rowBytes : 0;
      let at: usize = 0;
      for (; at + 64 <= rowBytes; at += 64) {
        let i0 = f32x4.splat(0), i1 = f32x4.splat(0), i2 = f32x4.splat(0), i3 = f32x4.splat(0);
        for (let event = from; event < to; event += 4) {
          const row = weights + at + <usize>load<i32>(event) * rowBytes;
          i0 = f32x4.add(i0, v128.load(row, 0));
          i1 = f32x4.add(i1, v128.load(row, 16));
          i2 = f32x4.add(i2, v128.load(row, 32));
          i3 = f32x4.add(i3, v128.load(row, 48));
        }
        step(at, i0, scratch, rowBytes, decayM, decayS, gain, theta, slopeFloor, surrogate, next, trace);
        step(at + 16, i1, scratch, rowBytes, decayM, decayS, gain, theta, slopeFloor, surrogate, next, trace);
        step(at + 32, i2, scratch, rowBytes, decayM, decayS, gain, theta, slopeFloor, surrogate, next, trace);
        step(at + 48, i3, scratch, rowBytes, decayM, decayS, gain, theta, slopeFloor, surrogate, next, trace);
      }
      for (; at + 16 <= rowBytes; at += 16) {
        let sum = f32x4.splat(0);
        for (let event = from; event < to; event += 4) {
          sum = f32x4.add(sum, v128.load(weights + at + <usize>load<i32>(event) * rowBytes));
        }
        step(at, sum, scratch, rowBytes, decayM, decayS, gain, theta, slopeFloor, surrogate, next, trace);
      }
      for (; at < rowBytes; at += 4) {
        let sum: f32 = 0;
        for (let event = from; event < to; event += 4) sum += load<f32>(weights + at + <usize>load<i32>(event) * rowBytes);
        stepOne(at, sum, scratch, rowBytes, decayM, decayS, gain, theta, slopeFloor, surrogate, next, trace);
      }
      starts += 4;
      output += rowBytes;
      trace += rowBytes;
    }
  }
}

/** One step of four neurons. Potentials lie at `state`, currents a row behind them. */
// @ts-ignore: decorator
@inline
function step(
  at: usize, arriving: v128, state: usize, rowBytes: usize,
  decayM: f32, decayS: f32, gain: f32, theta: f32, slopeFloor: f32, surrogate: i32,
  next: usize, trace: usize,
): void {
  const currents = state + rowBytes;
  const one = f32x4.splat(1);
  const current = f32x4.add(v128.load(currents + at), arriving);
  const potential = f32x4.add(
    f32x4.mul(v128.load(state + at), f32x4.splat(decayM)),
    f32x4.mul(current, f32x4.splat(gain)),
  );
  const spikes = f32x4.ge(potential, f32x4.splat(theta));
  if (next) v128.store(next + at, v128.and(spikes, one));
  if (surrogate) v128.store(trace + at, potential);
  else if (v128.any_true(spikes)) {
    const slope = f32x4.max(f32x4.sub(current, f32x4.splat(theta)), f32x4.splat(slopeFloor));
    v128.store(trace + at, v128.and(spikes, f32x4.div(one, slope)));
  } else v128.store(trace + at, f32x4.splat(0));
  v128.store(state + at, v128.andnot(potential, spikes));
  v128.store(currents + at, f32x4.mul(current, f32x4.splat(decayS)));
}

// @ts-ignore: decorator
@inline
function stepOne(
  at: usize, arriving: f32, state: usize, rowBytes: usize,
  decayM: f32, decayS: f32, gain: f32, theta: f32, slopeFloor: f32, surrogate: i32,
  next: usize, trace: usize,
): void {
  const currents = state + rowBytes;
  const current = load<f32>(currents + at) + arriving;
  const potential = load<f32>(state + at) * decayM + current * gain;
  const spikes = potential >= theta;
  if (next) store<f32>(next + at, spikes ? 1 : 0);
  store<f32>(trace + at, surrogate ? potential : spikes ? 1 / max<f32>(current - theta, slopeFloor) : 0);
  store<f32>(state + at, spikes ? 0 : potential);
  store<f32>(currents + at, current * decayS);
}

/** @param shift out, or 0 if it is not wanted: nobody asks for it below the first layer of a network */
export function eventAdjoint(
  batch: i32, steps: i32, targets: i32, trace: usize, error: usize,
  decayM: f32, decayS: f32, mix: f32, tauSMs: f32, theta: f32,
  change: usize, shift: usize,
): void {
  const rowBytes = <usize>targets << 2;
  const vTheta = f32x4.splat(theta);
  const vDecayM = f32x4.splat(decayM);
  const vDecayS = f32x4.splat(decayS);
  const vMix = f32x4.splat(mix);
  const vChange = f32x4.splat(-tauSMs);
  for (let s: i32 = 0; s < batch; s++) {
    const window = <usize>s * <usize>steps * rowBytes;
    let at = window;
    const end = window + rowBytes;
    // Two registers at a time, each with its state, from the end of the window to its start.
    for (; at + 32 <= end; at += 32) {
      let v0 = f32x4.splat(0), v1 = f32x4.splat(0), i0 = f32x4.splat(0), i1 = f32x4.splat(0);
      let met0 = f32x4.splat(0), met1 = f32x4.splat(0);
      let row = at + <usize>(steps - 1) * rowBytes;
      for (let k: i32 = steps - 1; k >= 0; k--) {
        v0 = f32x4.add(v0, f32x4.mul(v128.load(trace + row, 0), f32x4.add(f32x4.mul(vTheta, v0), met0)));
        v1 = f32x4.add(v1, f32x4.mul(v128.load(trace + row, 16), f32x4.add(f32x4.mul(vTheta, v1), met1)));
        i0 = f32x4.add(f32x4.mul(vDecayS, i0), f32x4.mul(vMix, v0));
        i1 = f32x4.add(f32x4.mul(vDecayS, i1), f32x4.mul(vMix, v1));
        v0 = f32x4.mul(v0, vDecayM);
        v1 = f32x4.mul(v1, vDecayM);
        v128.store(change + row, f32x4.mul(vChange, i0), 0);
        v128.store(change + row, f32x4.mul(vChange, i1), 16);
        if (shift) {
          v128.store(shift + row, f32x4.sub(v0, i0), 0);
          v128.store(shift + row, f32x4.sub(v1, i1), 16);
        }
        met0 = v128.load(error + row, 0);
        met1 = v128.load(error + row, 16);
        row -= rowBytes;
      }
    }
    for (; at < end; at += 4) {
      let v: f32 = 0, i: f32 = 0, met: f32 = 0;
      let row = at + <usize>(steps - 1) * rowBytes;
      for (let k: i32 = steps - 1; k >= 0; k--) {
        v += load<f32>(trace + row) * (theta * v + met);
        i = decayS * i + mix * v;
        v *= decayM;
        store<f32>(change + row, -tauSMs * i);
        if (shift) store<f32>(shift + row, v - i);
        met = load<f32>(error + row);
        row -= rowBytes;
      }
    }
  }
}

export function surrogateAdjoint(
  batch: i32, steps: i32, targets: i32, trace: usize, error: usize,
  decayM: f32, decayS: f32, gain: f32, theta: f32, surrogate: i32, sharpness: f32,
  change: usize, scratch: usize,
): void {
  const rowBytes = <usize>targets << 2;
  const halfPi: f32 = 1.5707963267948966;
  const one: f32 = 1;
  const gradientI = scratch + rowBytes;
  for (let s: i32 = 0; s < batch; s++) {
    memory.fill(scratch, 0, rowBytes * 2);
    for (let k: i32 = steps - 1; k >= 0; k--) {
      const row = (<usize>s * <usize>steps + <usize>k) * rowBytes;
      const last = k + 1 == steps;
      for (let at: usize = 0; at < rowBytes; at += 4) {
        const potential = load<f32>(trace + row + at);
        const met: f32 = last ? 0 : load<f32>(error + row + rowBytes + at);
        const x = (potential - theta) / theta;
        const root: f32 = surrogate == 1 ? one + sharpness * abs<f32>(x) : halfPi * sharpness * x;
        const slope: f32 = one / (surrogate == 1 ? root * root : one + root * root);
        const kept: f32 = potential >= theta ? 0 : load<f32>(scratch + at);
        const v = kept + met * slope;
        const i = decayS * load<f32>(gradientI + at) + gain * v;
        store<f32>(scratch + at, v * decayM);
        store<f32>(gradientI + at, i);
        store<f32>(change + row + at, i);
      }
    }
  }
}

/**
 * Sums the vectors of the rows in which each source spikes. The events are brought in order of source first, so that
 * a sum stays in registers; within a source they keep the order of rows.
 *
 * @param scratch i32[sources + 1 + events]
 */
export function sumBySource(
  rows: i32, sources: i32, targets: i32, starts: usize, events: usize, vectors: usize, gradient: usize, scratch: usize,
): void {
  const rowBytes = <usize>targets << 2;
  const ends = scratch;
  const bySource = scratch + (<usize>(sources + 1) << 2);
  sortBySource(rows, sources, starts, events, ends, bySource);
  let from = bySource;
  for (let source: i32 = 0; source < sources; source++) {
    const to = bySource + (<usize>load<i32>(ends + (<usize>source << 2)) << 2);
    if (from == to) memory.fill(gradient, 0, rowBytes);
    else sumRows(from, to, vectors, rowBytes, gradient);
    from = to;
    gradient += rowBytes;
  }
}

/** @param ends out i32[sources + 1]: the rows of source i end at bySource[ends[i]], where those of i + 1 begin */
function sortBySource(rows: i32, sources: i32, starts: usize, events: usize, ends: usize, bySource: usize): void {
  memory.fill(ends, 0, <usize>(sources + 1) << 2);
  const count = load<i32>(starts + (<usize>rows << 2));
  for (let e: i32 = 0; e < count; e++) {
    const at = ends + (<usize>load<i32>(events + (<usize>e << 2)) << 2);
    store<i32>(at, load<i32>(at, 4) + 1, 4);
  }
  for (let i: i32 = 0; i < sources; i++) {
    const at = ends + (<usize>i << 2);
    store<i32>(at, load<i32>(at, 4) + load<i32>(at), 4);
  }
  let e: i32 = 0;
  for (let row: i32 = 0; row < rows; row++) {
    const end = load<i32>(starts + (<usize>(row + 1) << 2));
    for (; e < end; e++) {
      const at = ends + (<usize>load<i32>(events + (<usize>e << 2)) << 2);
      const place = load<i32>(at);
      store<i32>(bySource + (<usize>place << 2), row);
      store<i32>(at, place + 1);
    }
  }
}

function sumRows(from: usize, to: usize, vectors: usize, rowBytes: usize, sum: usize): void {
  let at: usize = 0;
  for (; at + 64 <= rowBytes; at += 64) {
    let g0 = f32x4.splat(0), g1 = f32x4.splat(0), g2 = f32x4.splat(0), g3 = f32x4.splat(0);
    for (let event = from; event < to; event += 4) {
      const vector = vectors + at + <usize>load<i32>(event) * rowBytes;
      g0 = f32x4.add(g0, v128.load(vector, 0));
      g1 = f32x4.add(g1, v128.load(vector, 16));
      g2 = f32x4.add(g2, v128.load(vector, 32));
      g3 = f32x4.add(g3, v128.load(vector, 48));
    }
    v128.store(sum + at, g0, 0);
    v128.store(sum + at, g1, 16);
    v128.store(sum + at, g2, 32);
    v128.store(sum + at, g3, 48);
  }
  for (; at < rowBytes; at += 4) {
    let g: f32 = 0;
    for (let event = from; event < to; event += 4) {
      g += load<f32>(vectors + at + <usize>load<i32>(event) * rowBytes);
    }
    store<f32>(sum + at, g);
  }
}

export function backproject(
  rows: i32, sources: i32, targets: i32, starts: usize, events: usize, weights: usize, vectors: usize, error: usize,
): void {
  const rowBytes = <usize>targets << 2;
  memory.fill(error, 0, <usize>rows * (<usize>sources << 2));
  for (let row: i32 = 0; row < rows; row++) {
    const to = events + (<usize>load<i32>(starts, 4) << 2);
    for (let event = events + (<usize>load<i32>(starts, 0) << 2); event < to; event += 4) {
      const source = <usize>load<i32>(event);
      store<f32>(error + (source << 2), dot(targets, weights + source * rowBytes, vectors));
    }
    starts += 4;
    error += <usize>sources << 2;
    vectors += rowBytes;
  }
}

function dot(count: i32, a: usize, b: usize): f32 {
  let sum = f32x4.splat(0);
  let j: i32 = 0;
  for (; j + 4 <= count; j += 4) {
    sum = f32x4.add(sum, f32x4.mul(v128.load(a), v128.load(b)));
    a += 16;
    b += 16;
  }
  let total = (f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1)) +
    (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3));
  for (; j < count; j++) {
    total += load<f32>(a) * load<f32>(b);
    a += 4;
    b += 4;
  }
  return total;
}
