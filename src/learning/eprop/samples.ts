import type { SpikeData } from '../eventprop/encode.js';
import type { StepSamples } from './learner.js';

/** Spike lists on a grid as the samples that e-prop is shown. */
export function stepSamples({ steps, offsets, starts, spikes, labels }: SpikeData): StepSamples {
  return {
    labels,
    at: (sample) =>
      Array.from({ length: steps }, (_, k) => {
        const base = sample * (steps + 1) + k;
        return spikes.subarray(offsets[sample] + starts[base], offsets[sample] + starts[base + 1]);
      }),
  };
}
