import '@tensorflow/tfjs-layers';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import type { LayerShape } from '../../../kernels/spiking-layer/reference.js';
import { LIF_DEFAULTS } from '../../../src/engine/tensor/options.js';
import { asSpikes, type SpikeTensor } from '../../../src/engine/tensor/spikes.js';
import { stream } from '../../../src/util/rng.js';

/** A random batch of windows through one layer. */
export interface Sample {
  batch: number;
  steps: number;
  sources: number;
  targets: number;
  /** [batch][steps][sources], 0 or 1 */
  input: Float32Array;
  /** [sources][targets], multiples of 1/64 */
  weights: Float32Array;
  /** [batch][steps][targets] */
  error: Float32Array;
}

/** Sizes on both sides of the four lanes of SIMD and of its blocks of sixteen; spikes from none to all. */
export const sampleArbitrary = fc
  .record({
    batch: fc.integer({ min: 1, max: 3 }),
    steps: fc.integer({ min: 1, max: 24 }),
    sources: fc.integer({ min: 1, max: 21 }),
    targets: fc.oneof(fc.integer({ min: 1, max: 18 }), fc.integer({ min: 19, max: 37 })),
    rate: fc.constantFrom(0, 0.05, 0.3, 1),
    seed: fc.nat(),
  })
  .map((size) => randomSample(size));

export function randomSample({
  batch,
  steps,
  sources,
  targets,
  rate,
  seed,
}: Pick<Sample, 'batch' | 'steps' | 'sources' | 'targets'> & { rate: number; seed: number }): Sample {
  const { uniform, normal } = stream(seed, 'windows');
  const spread = 6 / Math.sqrt(1 + rate * sources);
  return {
    batch,
    steps,
    sources,
    targets,
    input: Float32Array.from({ length: batch * steps * sources }, () => (uniform() < rate ? 1 : 0)),
    weights: Float32Array.from(
      { length: sources * targets },
      () => Math.round(64 * (0.2 + 0.5 * normal()) * spread) / 64,
    ),
    error: Float32Array.from({ length: batch * steps * targets }, normal),
  };
}

export const spikesOf = ({ input, batch, steps, sources }: Sample): SpikeTensor =>
  asSpikes(tf.tensor3d(input, [batch, steps, sources]));

export const weightsOf = ({ weights, sources, targets }: Sample): tf.Tensor2D =>
  tf.tensor2d(weights, [sources, targets]);

export const errorOf = ({ error, batch, steps, targets }: Sample): tf.Tensor3D =>
  tf.tensor3d(error, [batch, steps, targets]);

/** The layer of kernels/spiking-layer/reference.ts that `lifWindow` computes by default. */
export function referenceShape({ steps, sources, targets }: Sample): LayerShape {
  const { tauMMs, tauSMs, theta, dtMs, slopeFloor } = LIF_DEFAULTS;
  return { steps, sources, targets, tauMMs, tauSMs, theta, dtMs, slopeFloor };
}

/** input[k] of sample `s`: the sources that spike, as the reference wants them. */
export function arrivals({ input, steps, sources }: Sample, s: number): number[][] {
  return Array.from({ length: steps }, (_, k) =>
    Array.from({ length: sources }, (_, i) => i).filter((i) => input[(s * steps + k) * sources + i] === 1),
  );
}

/** Whether a crossing could go either way in float32, or its slope lose its digits. */
export function isDelicate(sample: Sample): boolean {
  const { steps, sources, targets, weights } = sample;
  const { tauMMs, tauSMs, dtMs, theta } = LIF_DEFAULTS;
  const a = Math.exp(-dtMs / tauMMs);
  const b = Math.exp(-dtMs / tauSMs);
  for (let s = 0; s < sample.batch; s++) {
    for (let j = 0; j < targets; j++) {
      let V = 0;
      let I = 0;
      for (let k = 0; k < steps; k++) {
        for (let i = 0; i < sources; i++) {
          if (sample.input[(s * steps + k) * sources + i]) I += weights[i * targets + j];
        }
        V = a * V + (tauSMs / (tauMMs - tauSMs)) * (a - b) * I;
        if (Math.abs(V - theta) < 1e-4) return true;
        if (V >= theta && I - theta < 0.1) return true;
        if (V >= theta) V = 0;
        I *= b;
      }
    }
  }
  return false;
}
