import * as tf from '@tensorflow/tfjs-core';
import { forward } from '../../../kernels/adaptive-window/plain.js';
import { list } from '../../../kernels/lif-window/plain.js';
import { ADAPTIVE_DEFAULTS, adaptiveConstants } from '../../../src/engine/tensor/adaptive.js';
import { stream } from '../../../src/util/rng.js';
import type { Sample } from './windows.js';

/** Adaptation strong and quick enough to matter in a window of twenty steps. */
export const NEURON = { ...ADAPTIVE_DEFAULTS, beta: 0.5, tauAMs: 30 };
/** Weights among the neurons, multiples of 1/64, so that their sums are exact. */
export function recurrentWeights({ targets }: Sample): Float32Array {
  const { normal } = stream(targets, 'recurrent');
  const draw = () => Math.round((64 * 0.6 * normal()) / Math.sqrt(targets)) / 64;
  return Float32Array.from({ length: targets ** 2 }, draw);
}

export const recurrentOf = (sample: Sample): tf.Tensor2D =>
  tf.tensor2d(recurrentWeights(sample), [sample.targets, sample.targets]);

/** Whether a neuron comes so near its threshold, or crosses it so flatly, that rounding decides. */
export function isDelicate(sample: Sample, recurrent: Float32Array | null): boolean {
  const { batch, steps, sources, targets, input, weights } = sample;
  const fresh = () => new Float32Array(batch * steps * targets);
  const run = (surrogate: 0 | 1) => {
    const window = { output: fresh(), trace: fresh(), adaptation: fresh() };
    const constants = { ...adaptiveConstants(NEURON), surrogate };
    forward(
      { batch, steps, targets },
      constants,
      list(batch * steps, sources, input),
      weights,
      recurrent,
      window,
    );
    return window;
  };
  const { trace: potentials, adaptation } = run(1);
  const near = potentials.some((u, at) => Math.abs(u - NEURON.theta - NEURON.beta * adaptation[at]) < 1e-4);
  return near || run(0).trace.some((inverseSlope) => inverseSlope > 10);
}
