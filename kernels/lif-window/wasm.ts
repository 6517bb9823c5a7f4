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
 * Sixteen neurons at a time, one cache line of weights: their state stays in registers for a whole window, and what
 * arrives is summed in registers before it meets the current. Spikes come as lists (`list`).
 */
export function forward(
  batch: i32, steps: i32, targets: i32,
  starts: usize, events: usize, weights: usize,
  decayM: f32, decayS: f32, gain: f32, theta: f32, slopeFloor: f32, surrogate: i32,
  output: usize, trace: usize,
): void {
  const rowBytes = <usize>targets << 2;
  const windowBytes = <usize>steps * rowBytes;
  for (let s: i32 = 0; s < batch; s++) {
    memory.fill(output, 0, rowBytes);
    let at: usize = 0;
    for (; at + 64 <= rowBytes; at += 64) {
      sixteen(
        steps, rowBytes, starts, events, weights + at,
        decayM, decayS, gain, theta, slopeFloor, surrogate, output + at, trace + at,
      );
    }
    for (; at + 16 <= rowBytes; at += 16) {
      four(
        steps, rowBytes, starts, events, weights + at,
        decayM, decayS, gain, theta, slopeFloor, surrogate, output + at, trace + at,
      );
    }
    for (; at < rowBytes; at += 4) {
      one(
        steps, rowBytes, starts, events, weights + at,
        decayM, decayS, gain, theta, slopeFloor, surrogate, output + at, trace + at,
      );
    }
    starts += <usize>steps << 2;
    output += windowBytes;
    trace += windowBytes;
  }
}

function sixteen(
  steps: i32, rowBytes: usize, starts: usize, events: usize, weights: usize,
  decayM: f32, decayS: f32, gain: f32, theta: f32, slopeFloor: f32, surrogate: i32,
  output: usize, trace: usize,
): void {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const vTheta = f32x4.splat(theta);
  let v0 = zero, v1 = zero, v2 = zero, v3 = zero;
  let i0 = zero, i1 = zero, i2 = zero, i3 = zero;
  let event = events + (<usize>load<i32>(starts) << 2);
  for (let k: i32 = 1; k <= steps; k++) {
    starts += 4;
    const to = events + (<usize>load<i32>(starts) << 2);
    let a0 = zero, a1 = zero, a2 = zero, a3 = zero;
    for (; event < to; event += 4) {
      const row = weights + <usize>load<i32>(event) * rowBytes;
      a0 = f32x4.add(a0, v128.load(row, 0));
      a1 = f32x4.add(a1, v128.load(row, 16));
      a2 = f32x4.add(a2, v128.load(row, 32));
      a3 = f32x4.add(a3, v128.load(row, 48));
    }
    i0 = f32x4.add(i0, a0);
    i1 = f32x4.add(i1, a1);
    i2 = f32x4.add(i2, a2);
    i3 = f32x4.add(i3, a3);
    v0 = potential(v0, i0, decayM, gain);
    v1 = potential(v1, i1, decayM, gain);
    v2 = potential(v2, i2, decayM, gain);
    v3 = potential(v3, i3, decayM, gain);
    const s0 = f32x4.ge(v0, vTheta);
    const s1 = f32x4.ge(v1, vTheta);
    const s2 = f32x4.ge(v2, vTheta);
    const s3 = f32x4.ge(v3, vTheta);
    output += rowBytes;
    // The spikes of the last step lie at the end of the window and are not kept.
    if (k < steps) {
      v128.store(output, v128.and(s0, one), 0);
      v128.store(output, v128.and(s1, one), 16);
      v128.store(output, v128.and(s2, one), 32);
      v128.store(output, v128.and(s3, one), 48);
    }
    if (surrogate) {
      v128.store(trace, v0, 0);
      v128.store(trace, v1, 16);
      v128.store(trace, v2, 32);
      v128.store(trace, v3, 48);
    }
    if (v128.any_true(v128.or(v128.or(s0, s1), v128.or(s2, s3)))) {
      if (!surrogate) {
        v128.store(trace, inverseSlope(s0, i0, vTheta, slopeFloor), 0);
        v128.store(trace, inverseSlope(s1, i1, vTheta, slopeFloor), 16);
        v128.store(trace, inverseSlope(s2, i2, vTheta, slopeFloor), 32);
        v128.store(trace, inverseSlope(s3, i3, vTheta, slopeFloor), 48);
      }
      v0 = v128.andnot(v0, s0);
      v1 = v128.andnot(v1, s1);
      v2 = v128.andnot(v2, s2);
      v3 = v128.andnot(v3, s3);
    } else if (!surrogate) {
      v128.store(trace, zero, 0);
      v128.store(trace, zero, 16);
      v128.store(trace, zero, 32);
      v128.store(trace, zero, 48);
    }
    i0 = f32x4.mul(i0, f32x4.splat(decayS));
    i1 = f32x4.mul(i1, f32x4.splat(decayS));
    i2 = f32x4.mul(i2, f32x4.splat(decayS));
    i3 = f32x4.mul(i3, f32x4.splat(decayS));
    trace += rowBytes;
  }
}

function four(
  steps: i32, rowBytes: usize, starts: usize, events: usize, weights: usize,
  decayM: f32, decayS: f32, gain: f32, theta: f32, slopeFloor: f32, surrogate: i32,
  output: usize, trace: usize,
): void {
  const one = f32x4.splat(1);
  const vTheta = f32x4.splat(theta);
  let v = f32x4.splat(0);
  let i = f32x4.splat(0);
  let event = events + (<usize>load<i32>(starts) << 2);
  for (let k: i32 = 1; k <= steps; k++) {
    starts += 4;
    const to = events + (<usize>load<i32>(starts) << 2);
    let arriving = f32x4.splat(0);
    for (; event < to; event += 4) {
      arriving = f32x4.add(arriving, v128.load(weights + <usize>load<i32>(event) * rowBytes));
    }
    i = f32x4.add(i, arriving);
    v = potential(v, i, decayM, gain);
    const spikes = f32x4.ge(v, vTheta);
    output += rowBytes;
    if (k < steps) v128.store(output, v128.and(spikes, one));
    v128.store(trace, surrogate ? v : inverseSlope(spikes, i, vTheta, slopeFloor));
    v = v128.andnot(v, spikes);
    i = f32x4.mul(i, f32x4.splat(decayS));
    trace += rowBytes;
  }
}

// @ts-ignore: decorator
@inline
function potential(v: v128, i: v128, decayM: f32, gain: f32): v128 {
  return f32x4.add(f32x4.mul(v, f32x4.splat(decayM)), f32x4.mul(i, f32x4.splat(gain)));
}

/** 1/(τ_m dV/dt) of the neurons that spike, else 0. */
// @ts-ignore: decorator
@inline
function inverseSlope(spikes: v128, i: v128, theta: v128, slopeFloor: f32): v128 {
  const slope = f32x4.max(f32x4.sub(i, theta), f32x4.splat(slopeFloor));
  return v128.and(spikes, f32x4.div(f32x4.splat(1), slope));
}

function one(
  steps: i32, rowBytes: usize, starts: usize, events: usize, weights: usize,
  decayM: f32, decayS: f32, gain: f32, theta: f32, slopeFloor: f32, surrogate: i32,
  output: usize, trace: usize,
): void {
  let v: f32 = 0;
  let i: f32 = 0;
  let event = events + (<usize>load<i32>(starts) << 2);
  for (let k: i32 = 1; k <= steps; k++) {
    starts += 4;
    const to = events + (<usize>load<i32>(starts) << 2);
    let arriving: f32 = 0;
    for (; event < to; event += 4) arriving += load<f32>(weights + <usize>load<i32>(event) * rowBytes);
    i += arriving;
    v = v * decayM + i * gain;
    const spikes = v >= theta;
    output += rowBytes;
    if (k < steps) store<f32>(output, spikes ? 1 : 0);
    store<f32>(trace, surrogate ? v : spikes ? 1 / max<f32>(i - theta, slopeFloor) : 0);
    if (spikes) v = 0;
    i *= decayS;
    trace += rowBytes;
  }
}

/** @param shift out, or 0 if it is not wanted: nobody asks for it below the first layer of a network */
export function eventAdjoint(
  batch: i32, steps: i32, targets: i32, trace: usize, error: usize,
  decayM: f32, decayS: f32, mix: f32, tauSMs: f32, theta: f32,
  change: usize, shift: usize,
): void {
  const rowBytes = <usize>targets << 2;
  const windowBytes = <usize>steps * rowBytes;
  for (let s: i32 = 0; s < batch; s++) {
    const offset = <usize>s * windowBytes;
    adjointOfColumns(
      steps, rowBytes, rowBytes, trace + offset, error + offset, decayM, decayS, mix, tauSMs, theta,
      change + offset, rowBytes, shift ? shift + offset : 0,
    );
  }
}

/**
 * The adjoint of neighbouring neurons over one window, from its end to its start: eight at a time, with their state
 * in registers.
 *
 * @param bytes of these neurons in a row of `rowBytes`
 * @param changeBytes of a row of `change`
 */
// @ts-ignore: decorator
@inline
function adjointOfColumns(
  steps: i32, bytes: usize, rowBytes: usize, trace: usize, error: usize,
  decayM: f32, decayS: f32, mix: f32, tauSMs: f32, theta: f32,
  change: usize, changeBytes: usize, shift: usize,
): void {
  const vTheta = f32x4.splat(theta);
  const vDecayM = f32x4.splat(decayM);
  const vDecayS = f32x4.splat(decayS);
  const vMix = f32x4.splat(mix);
  const vChange = f32x4.splat(-tauSMs);
  const lastRow = <usize>(steps - 1) * rowBytes;
  const lastChange = <usize>(steps - 1) * changeBytes;
  const zero = f32x4.splat(0);
  let at: usize = 0;
  for (; at + 32 <= bytes; at += 32) {
    let v0 = zero, v1 = zero, i0 = zero, i1 = zero, met0 = zero, met1 = zero;
    let row = at + lastRow;
    let to = change + at + lastChange;
    for (let k: i32 = steps - 1; k >= 0; k--) {
      v0 = f32x4.add(v0, f32x4.mul(v128.load(trace + row, 0), f32x4.add(f32x4.mul(vTheta, v0), met0)));
      v1 = f32x4.add(v1, f32x4.mul(v128.load(trace + row, 16), f32x4.add(f32x4.mul(vTheta, v1), met1)));
      i0 = f32x4.add(f32x4.mul(vDecayS, i0), f32x4.mul(vMix, v0));
      i1 = f32x4.add(f32x4.mul(vDecayS, i1), f32x4.mul(vMix, v1));
      v0 = f32x4.mul(v0, vDecayM);
      v1 = f32x4.mul(v1, vDecayM);
      v128.store(to, f32x4.mul(vChange, i0), 0);
      v128.store(to, f32x4.mul(vChange, i1), 16);
      if (shift) {
        v128.store(shift + row, f32x4.sub(v0, i0), 0);
        v128.store(shift + row, f32x4.sub(v1, i1), 16);
      }
      met0 = v128.load(error + row, 0);
      met1 = v128.load(error + row, 16);
      row -= rowBytes;
      to -= changeBytes;
    }
  }
  for (; at < bytes; at += 4) {
    let v: f32 = 0, i: f32 = 0, met: f32 = 0;
    let row = at + lastRow;
    let to = change + at + lastChange;
    for (let k: i32 = steps - 1; k >= 0; k--) {
      v += load<f32>(trace + row) * (theta * v + met);
      i = decayS * i + mix * v;
      v *= decayM;
      store<f32>(to, -tauSMs * i);
      if (shift) store<f32>(shift + row, v - i);
      met = load<f32>(error + row);
      row -= rowBytes;
      to -= changeBytes;
    }
  }
}

/**
 * The gradient by the weights in one go: adjoint and sum by source of sixteen neurons at a time, so that what the
 * adjoint leaves (a cache line a row) is summed before it leaves the cache.
 *
 * @param scratch i32[sources + 1 + events], f32[rows][16]
 */
export function eventGradient(
  batch: i32, steps: i32, sources: i32, targets: i32,
  starts: usize, events: usize, trace: usize, error: usize,
  decayM: f32, decayS: f32, mix: f32, tauSMs: f32, theta: f32,
  gradient: usize, scratch: usize,
): void {
  const rows = batch * steps;
  const rowBytes = <usize>targets << 2;
  const windowBytes = <usize>steps * rowBytes;
  const count = load<i32>(starts + (<usize>rows << 2));
  const bySource = scratch + (<usize>(sources + 1) << 2);
  const change = bySource + (<usize>count << 2);
  sortBySource(rows, sources, starts, events, scratch, bySource);
  for (let at: usize = 0; at < rowBytes; at += 64) {
    const bytes = min<usize>(64, rowBytes - at);
    for (let s: i32 = 0; s < batch; s++) {
      const offset = <usize>s * windowBytes + at;
      adjointOfColumns(
        steps, bytes, rowBytes, trace + offset, error + offset, decayM, decayS, mix, tauSMs, theta,
        change + (<usize>(s * steps) << 6), 64, 0,
      );
    }
    let from = bySource;
    let sum = gradient + at;
    for (let source: i32 = 0; source < sources; source++) {
      const to = bySource + (<usize>load<i32>(scratch + (<usize>source << 2)) << 2);
      sumRows(from, to, change, 64, bytes, sum);
      from = to;
      sum += rowBytes;
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
    sumRows(from, to, vectors, rowBytes, rowBytes, gradient);
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

/** Sums `bytes` of the vectors of some rows. */
// @ts-ignore: decorator
@inline
function sumRows(from: usize, to: usize, vectors: usize, rowBytes: usize, bytes: usize, sum: usize): void {
  let at: usize = 0;
  for (; at + 64 <= bytes; at += 64) {
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
  for (; at < bytes; at += 4) {
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
