/** The membrane potentials and spikes of a window, and what their gradient will need. Equations in plain.ts. */
import { inverseSlopeOf, nextPotential } from '../lif/neuron.wasm';

/**
 * Sixteen neurons at a time, one cache line of weights: their state stays in registers for a whole window, and what
 * arrives is summed in registers before it meets the current. Spikes come as lists (`list`).
 *
 * Few of sixteen neurons spike in a step, mostly none. With `marks` the trace is written only where one of them does,
 * and marks tell where: most of the array is then never touched, forwards and backwards.
 *
 * @param marks out i32[batch][steps][targets/16], 1 where one of sixteen spikes, else 0; or 0 for a whole trace.
 *   EventProp only. Neurons beyond the last sixteen have their whole trace in any case.
 */
export function forward(
  batch: i32, steps: i32, targets: i32,
  starts: usize, events: usize, weights: usize,
  decayM: f32, decayS: f32, gain: f32, theta: f32, slopeFloor: f32, surrogate: i32,
  output: usize, trace: usize, marks: usize,
): void {
  const rowBytes = <usize>targets << 2;
  const windowBytes = <usize>steps * rowBytes;
  const markBytes = <usize>(targets >> 4) << 2;
  for (let s: i32 = 0; s < batch; s++) {
    memory.fill(output, 0, rowBytes);
    let at: usize = 0;
    for (; at + 64 <= rowBytes; at += 64) {
      sixteen(
        steps, rowBytes, starts, events, weights + at,
        decayM, decayS, gain, theta, slopeFloor, surrogate, output + at, trace + at,
        marks ? marks + (at >> 4) : 0, markBytes,
      );
    }
    if (marks) marks += <usize>steps * markBytes;
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
  output: usize, trace: usize, mark: usize, markBytes: usize,
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
    v0 = nextPotential(v0, i0, f32x4.splat(decayM), f32x4.splat(gain));
    v1 = nextPotential(v1, i1, f32x4.splat(decayM), f32x4.splat(gain));
    v2 = nextPotential(v2, i2, f32x4.splat(decayM), f32x4.splat(gain));
    v3 = nextPotential(v3, i3, f32x4.splat(decayM), f32x4.splat(gain));
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
    const any = v128.any_true(v128.or(v128.or(s0, s1), v128.or(s2, s3)));
    if (mark) {
      store<i32>(mark, any ? 1 : 0);
      mark += markBytes;
    }
    if (any) {
      if (!surrogate) {
        v128.store(trace, inverseSlopeOf(s0, f32x4.sub(i0, vTheta), f32x4.splat(slopeFloor)), 0);
        v128.store(trace, inverseSlopeOf(s1, f32x4.sub(i1, vTheta), f32x4.splat(slopeFloor)), 16);
        v128.store(trace, inverseSlopeOf(s2, f32x4.sub(i2, vTheta), f32x4.splat(slopeFloor)), 32);
        v128.store(trace, inverseSlopeOf(s3, f32x4.sub(i3, vTheta), f32x4.splat(slopeFloor)), 48);
      }
      v0 = v128.andnot(v0, s0);
      v1 = v128.andnot(v1, s1);
      v2 = v128.andnot(v2, s2);
      v3 = v128.andnot(v3, s3);
    } else if (!surrogate && !mark) {
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
    v = nextPotential(v, i, f32x4.splat(decayM), f32x4.splat(gain));
    const spikes = f32x4.ge(v, vTheta);
    output += rowBytes;
    if (k < steps) v128.store(output, v128.and(spikes, one));
    v128.store(trace, surrogate ? v : inverseSlopeOf(spikes, f32x4.sub(i, vTheta), f32x4.splat(slopeFloor)));
    v = v128.andnot(v, spikes);
    i = f32x4.mul(i, f32x4.splat(decayS));
    trace += rowBytes;
  }
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
