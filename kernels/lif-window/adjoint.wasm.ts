/** What a change of the spikes' effect means for the input and the weights, from the end of a window. Equations in plain.ts. */
import { acrossSpike, adjointCurrent } from '../lif/neuron.wasm';
import { sortBySource, sumRows } from './by-source.wasm';

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
      v0 = acrossSpike(v0, v128.load(trace + row, 0), vTheta, met0);
      v1 = acrossSpike(v1, v128.load(trace + row, 16), vTheta, met1);
      i0 = adjointCurrent(i0, v0, vDecayS, vMix);
      i1 = adjointCurrent(i1, v1, vDecayS, vMix);
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
 * The adjoint of sixteen neurons over one window, from its end to its start, where marks tell in which steps one of
 * them spikes: only there are trace and error read. `change` has 64 bytes a step.
 */
function adjointOfSixteen(
  steps: i32, rowBytes: usize, trace: usize, error: usize, marks: usize, markBytes: usize,
  decayM: f32, decayS: f32, mix: f32, tauSMs: f32, theta: f32, change: usize,
): void {
  const zero = f32x4.splat(0);
  const vTheta = f32x4.splat(theta);
  const vDecayM = f32x4.splat(decayM);
  const vDecayS = f32x4.splat(decayS);
  const vMix = f32x4.splat(mix);
  const vChange = f32x4.splat(-tauSMs);
  let v0 = zero, v1 = zero, v2 = zero, v3 = zero;
  let i0 = zero, i1 = zero, i2 = zero, i3 = zero;
  for (let k: i32 = steps - 1; k >= 0; k--) {
    if (load<i32>(marks + <usize>k * markBytes)) {
      const row = trace + <usize>k * rowBytes;
      let m0 = zero, m1 = zero, m2 = zero, m3 = zero;
      if (k + 1 < steps) {
        const next = error + <usize>(k + 1) * rowBytes;
        m0 = v128.load(next, 0);
        m1 = v128.load(next, 16);
        m2 = v128.load(next, 32);
        m3 = v128.load(next, 48);
      }
      v0 = acrossSpike(v0, v128.load(row, 0), vTheta, m0);
      v1 = acrossSpike(v1, v128.load(row, 16), vTheta, m1);
      v2 = acrossSpike(v2, v128.load(row, 32), vTheta, m2);
      v3 = acrossSpike(v3, v128.load(row, 48), vTheta, m3);
    }
    i0 = adjointCurrent(i0, v0, vDecayS, vMix);
    i1 = adjointCurrent(i1, v1, vDecayS, vMix);
    i2 = adjointCurrent(i2, v2, vDecayS, vMix);
    i3 = adjointCurrent(i3, v3, vDecayS, vMix);
    v0 = f32x4.mul(v0, vDecayM);
    v1 = f32x4.mul(v1, vDecayM);
    v2 = f32x4.mul(v2, vDecayM);
    v3 = f32x4.mul(v3, vDecayM);
    const to = change + (<usize>k << 6);
    v128.store(to, f32x4.mul(vChange, i0), 0);
    v128.store(to, f32x4.mul(vChange, i1), 16);
    v128.store(to, f32x4.mul(vChange, i2), 32);
    v128.store(to, f32x4.mul(vChange, i3), 48);
  }
}

/**
 * The gradient by the weights in one go: adjoint and sum by source of sixteen neurons at a time, so that what the
 * adjoint leaves (a cache line a row) is summed before it leaves the cache.
 *
 * @param marks those of `forward`, or 0 where it left a whole trace
 * @param scratch i32[sources + 1 + events], f32[rows][16]
 */
export function eventGradient(
  batch: i32, steps: i32, sources: i32, targets: i32,
  starts: usize, events: usize, trace: usize, error: usize, marks: usize,
  decayM: f32, decayS: f32, mix: f32, tauSMs: f32, theta: f32,
  gradient: usize, scratch: usize,
): void {
  const rows = batch * steps;
  const rowBytes = <usize>targets << 2;
  const windowBytes = <usize>steps * rowBytes;
  const count = load<i32>(starts + (<usize>rows << 2));
  const bySource = scratch + (<usize>(sources + 1) << 2);
  const change = bySource + (<usize>count << 2);
  const markBytes = <usize>(targets >> 4) << 2;
  sortBySource(rows, sources, starts, events, scratch, bySource);
  for (let at: usize = 0; at < rowBytes; at += 64) {
    const bytes = min<usize>(64, rowBytes - at);
    for (let s: i32 = 0; s < batch; s++) {
      const offset = <usize>s * windowBytes + at;
      if (marks && bytes == 64) {
        adjointOfSixteen(
          steps, rowBytes, trace + offset, error + offset, marks + <usize>(s * steps) * markBytes + (at >> 4), markBytes,
          decayM, decayS, mix, tauSMs, theta, change + (<usize>(s * steps) << 6),
        );
        continue;
      }
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
