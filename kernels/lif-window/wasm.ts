/**
 * A layer of leaky integrate-and-fire neurons over whole windows of a batch, on dense row-major arrays.
 * The same as plain.ts, four neurons at a time; equations, shapes and the time axis are told there.
 */

export function forward(
  batch: i32, steps: i32, sources: i32, targets: i32,
  input: usize, weights: usize,
  decayM: f32, decayS: f32, gain: f32, theta: f32, slopeFloor: f32, surrogate: i32,
  output: usize, trace: usize, scratch: usize,
): void {
  const rowBytes = <usize>targets << 2;
  const potentials = scratch;
  const currents = scratch + rowBytes;
  const arriving = currents + rowBytes;
  memory.fill(output, 0, <usize>batch * <usize>steps * rowBytes);
  for (let s: i32 = 0; s < batch; s++) {
    memory.fill(potentials, 0, rowBytes * 2);
    for (let k: i32 = 0; k < steps; k++) {
      memory.fill(arriving, 0, rowBytes);
      gather(sources, targets, input, weights, arriving);
      // The spikes of the last step lie at the end of the window and are not kept.
      const next: usize = k + 1 < steps ? output + rowBytes : 0;
      step(targets, potentials, currents, arriving, decayM, decayS, gain, theta, slopeFloor, surrogate, next, trace);
      input += <usize>sources << 2;
      output += rowBytes;
      trace += rowBytes;
    }
  }
}

/** Adds the weights of the sources that spike to `sum`. */
function gather(sources: i32, targets: i32, input: usize, weights: usize, sum: usize): void {
  let i: i32 = 0;
  for (; i + 4 <= sources; i += 4) {
    const at = input + (<usize>i << 2);
    if (!v128.any_true(v128.load(at))) continue;
    for (let lane: i32 = 0; lane < 4; lane++) {
      if (load<f32>(at + (<usize>lane << 2)) != 0) {
        addRow(targets, sum, weights + ((<usize>(i + lane) * <usize>targets) << 2));
      }
    }
  }
  for (; i < sources; i++) {
    if (load<f32>(input + (<usize>i << 2)) != 0) addRow(targets, sum, weights + ((<usize>i * <usize>targets) << 2));
  }
}

function addRow(count: i32, to: usize, from: usize): void {
  let j: i32 = 0;
  for (; j + 4 <= count; j += 4) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    to += 16;
    from += 16;
  }
  for (; j < count; j++) {
    store<f32>(to, load<f32>(to) + load<f32>(from));
    to += 4;
    from += 4;
  }
}

function step(
  targets: i32, potentials: usize, currents: usize, arriving: usize,
  decayM: f32, decayS: f32, gain: f32, theta: f32, slopeFloor: f32, surrogate: i32,
  next: usize, trace: usize,
): void {
  const vTheta = f32x4.splat(theta);
  const vFloor = f32x4.splat(slopeFloor);
  const vDecayM = f32x4.splat(decayM);
  const vDecayS = f32x4.splat(decayS);
  const vGain = f32x4.splat(gain);
  const one = f32x4.splat(1);
  const bytes = <usize>targets << 2;
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) {
    const current = f32x4.add(v128.load(currents + at), v128.load(arriving + at));
    const potential = f32x4.add(f32x4.mul(v128.load(potentials + at), vDecayM), f32x4.mul(current, vGain));
    const spikes = f32x4.ge(potential, vTheta);
    if (next) v128.store(next + at, v128.and(spikes, one));
    v128.store(trace + at, surrogate ? potential
      : v128.and(spikes, f32x4.div(one, f32x4.max(f32x4.sub(current, vTheta), vFloor))));
    v128.store(potentials + at, v128.andnot(potential, spikes));
    v128.store(currents + at, f32x4.mul(current, vDecayS));
  }
  for (; at < bytes; at += 4) {
    const current = load<f32>(currents + at) + load<f32>(arriving + at);
    const potential = load<f32>(potentials + at) * decayM + current * gain;
    const spikes = potential >= theta;
    if (next) store<f32>(next + at, spikes ? 1 : 0);
    store<f32>(trace + at, surrogate ? potential : spikes ? 1 / max<f32>(current - theta, slopeFloor) : 0);
    store<f32>(potentials + at, spikes ? 0 : potential);
    store<f32>(currents + at, current * decayS);
  }
}

export function eventAdjoint(
  batch: i32, steps: i32, targets: i32, trace: usize, error: usize,
  decayM: f32, decayS: f32, mix: f32, tauSMs: f32, theta: f32,
  change: usize, shift: usize, scratch: usize,
): void {
  const rowBytes = <usize>targets << 2;
  const vTheta = f32x4.splat(theta);
  const vDecayM = f32x4.splat(decayM);
  const vDecayS = f32x4.splat(decayS);
  const vMix = f32x4.splat(mix);
  const vChange = f32x4.splat(-tauSMs);
  const lambdaI = scratch + rowBytes;
  for (let s: i32 = 0; s < batch; s++) {
    memory.fill(scratch, 0, rowBytes * 2);
    for (let k: i32 = steps - 1; k >= 0; k--) {
      const row = (<usize>s * <usize>steps + <usize>k) * rowBytes;
      const last = k + 1 == steps;
      let at: usize = 0;
      for (; at + 16 <= rowBytes; at += 16) {
        let v = v128.load(scratch + at);
        const met = last ? f32x4.splat(0) : v128.load(error + row + rowBytes + at);
        v = f32x4.add(v, f32x4.mul(v128.load(trace + row + at), f32x4.add(f32x4.mul(vTheta, v), met)));
        const i = f32x4.add(f32x4.mul(vDecayS, v128.load(lambdaI + at)), f32x4.mul(vMix, v));
        v = f32x4.mul(v, vDecayM);
        v128.store(scratch + at, v);
        v128.store(lambdaI + at, i);
        v128.store(change + row + at, f32x4.mul(vChange, i));
        v128.store(shift + row + at, f32x4.sub(v, i));
      }
      for (; at < rowBytes; at += 4) {
        let v = load<f32>(scratch + at);
        const met: f32 = last ? 0 : load<f32>(error + row + rowBytes + at);
        v += load<f32>(trace + row + at) * (theta * v + met);
        const i = decayS * load<f32>(lambdaI + at) + mix * v;
        v *= decayM;
        store<f32>(scratch + at, v);
        store<f32>(lambdaI + at, i);
        store<f32>(change + row + at, -tauSMs * i);
        store<f32>(shift + row + at, v - i);
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

export function sumBySource(
  rows: i32, sources: i32, targets: i32, input: usize, vectors: usize, gradient: usize,
): void {
  const rowBytes = <usize>targets << 2;
  memory.fill(gradient, 0, <usize>sources * rowBytes);
  for (let row: i32 = 0; row < rows; row++) {
    let i: i32 = 0;
    for (; i + 4 <= sources; i += 4) {
      if (v128.any_true(v128.load(input))) {
        for (let lane: i32 = 0; lane < 4; lane++) {
          if (load<f32>(input + (<usize>lane << 2)) != 0) addRow(targets, gradient + <usize>(i + lane) * rowBytes, vectors);
        }
      }
      input += 16;
    }
    for (; i < sources; i++) {
      if (load<f32>(input) != 0) addRow(targets, gradient + <usize>i * rowBytes, vectors);
      input += 4;
    }
    vectors += rowBytes;
  }
}

export function backproject(
  rows: i32, sources: i32, targets: i32, input: usize, weights: usize, vectors: usize, error: usize,
): void {
  const rowBytes = <usize>targets << 2;
  for (let row: i32 = 0; row < rows; row++) {
    for (let i: i32 = 0; i < sources; i++) {
      const spikes = load<f32>(input) != 0;
      store<f32>(error, spikes ? dot(targets, weights + <usize>i * rowBytes, vectors) : 0);
      input += 4;
      error += 4;
    }
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
