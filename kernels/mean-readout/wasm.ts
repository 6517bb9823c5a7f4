/**
 * The mean membrane potential of leaky readout neurons, and its gradients, four values at a time.
 * Equations and shapes in plain.ts.
 */
import { dot } from '../dot.wasm';

export function forward(
  batch: i32, steps: i32, sources: i32, targets: i32,
  value: usize, spikes: usize, weights: usize, drive: usize, answer: usize,
): void {
  const sourceBytes = <usize>sources << 2;
  const targetBytes = <usize>targets << 2;
  memory.fill(drive, 0, <usize>batch * sourceBytes);
  memory.fill(answer, 0, <usize>batch * targetBytes);
  for (let s: i32 = 0; s < batch; s++) {
    for (let k: i32 = 0; k < steps; k++) {
      addSpikes(sourceBytes, drive, load<f32>(value + (<usize>k << 2)), spikes);
      spikes += sourceBytes;
    }
    for (let i: usize = 0; i < <usize>sources; i++) {
      const factor = load<f32>(drive + (i << 2));
      if (factor != 0) addScaled(targetBytes, answer, factor, weights + i * targetBytes);
    }
    drive += sourceBytes;
    answer += targetBytes;
  }
}

/** `to += factor·from`, where few of `from` are not 0. */
function addSpikes(bytes: usize, to: usize, factor: f32, from: usize): void {
  const vFactor = f32x4.splat(factor);
  let at: usize = 0;
  for (; at + 64 <= bytes; at += 64) {
    const x0 = v128.load(from + at, 0), x1 = v128.load(from + at, 16);
    const x2 = v128.load(from + at, 32), x3 = v128.load(from + at, 48);
    if (!v128.any_true(v128.or(v128.or(x0, x1), v128.or(x2, x3)))) continue;
    v128.store(to + at, f32x4.add(v128.load(to + at, 0), f32x4.mul(vFactor, x0)), 0);
    v128.store(to + at, f32x4.add(v128.load(to + at, 16), f32x4.mul(vFactor, x1)), 16);
    v128.store(to + at, f32x4.add(v128.load(to + at, 32), f32x4.mul(vFactor, x2)), 32);
    v128.store(to + at, f32x4.add(v128.load(to + at, 48), f32x4.mul(vFactor, x3)), 48);
  }
  for (; at + 16 <= bytes; at += 16) {
    const x = v128.load(from + at);
    if (v128.any_true(x)) v128.store(to + at, f32x4.add(v128.load(to + at), f32x4.mul(vFactor, x)));
  }
  for (; at < bytes; at += 4) store<f32>(to + at, load<f32>(to + at) + factor * load<f32>(from + at));
}

function addScaled(bytes: usize, to: usize, factor: f32, from: usize): void {
  const vFactor = f32x4.splat(factor);
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) {
    v128.store(to + at, f32x4.add(v128.load(to + at), f32x4.mul(vFactor, v128.load(from + at))));
  }
  for (; at < bytes; at += 4) store<f32>(to + at, load<f32>(to + at) + factor * load<f32>(from + at));
}

export function weightGradient(
  batch: i32, sources: i32, targets: i32, drive: usize, error: usize, gradient: usize,
): void {
  const targetBytes = <usize>targets << 2;
  memory.fill(gradient, 0, <usize>sources * targetBytes);
  for (let s: i32 = 0; s < batch; s++) {
    for (let i: usize = 0; i < <usize>sources; i++) {
      const factor = load<f32>(drive + (i << 2));
      if (factor != 0) addScaled(targetBytes, gradient + i * targetBytes, factor, error);
    }
    drive += <usize>sources << 2;
    error += targetBytes;
  }
}

/** @param scratch f32[sources] */
export function spikeGradient(
  batch: i32, steps: i32, sources: i32, targets: i32,
  factor: usize, masked: i32, spikes: usize, weights: usize, error: usize, gradient: usize, scratch: usize,
): void {
  const sourceBytes = <usize>sources << 2;
  const targetBytes = <usize>targets << 2;
  for (let s: i32 = 0; s < batch; s++) {
    for (let i: usize = 0; i < <usize>sources; i++) {
      store<f32>(scratch + (i << 2), dot(targetBytes, weights + i * targetBytes, error));
    }
    for (let k: i32 = 0; k < steps; k++) {
      const scale = load<f32>(factor + (<usize>k << 2));
      const vScale = f32x4.splat(scale);
      let at: usize = 0;
      for (; at + 16 <= sourceBytes; at += 16) {
        let e = f32x4.mul(vScale, v128.load(scratch + at));
        if (masked) e = f32x4.mul(e, v128.load(spikes + at));
        v128.store(gradient + at, e);
      }
      for (; at < sourceBytes; at += 4) {
        let e = scale * load<f32>(scratch + at);
        if (masked) e *= load<f32>(spikes + at);
        store<f32>(gradient + at, e);
      }
      spikes += sourceBytes;
      gradient += sourceBytes;
    }
    error += targetBytes;
  }
}
