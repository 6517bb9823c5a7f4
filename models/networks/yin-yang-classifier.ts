import type { FeatureSet } from '../../src/data/images.js';
import type { EventPropConfig } from '../../src/learning/eventprop/config.js';
import { type TimedSpikes, timedSpikes } from '../../src/learning/eventprop/exact/timed-spikes.js';
import type { NeuronParameters } from '../../src/learning/eventprop/neuron.js';

/** Inputs: x, y, 1 - x, 1 - y, and a bias spike. */
const INPUTS = 5;
const CLASSES = 3;

/** Features 0 … 1 become spikes from 10 to 40 ms of a window of 60; the bias spike comes at 20 ms. */
const YIN_YANG_CODE = { firstMs: 10, lastMs: 40, biasMs: 20 };

const NEURON: NeuronParameters = { tauMMs: 20, tauSMs: 5, theta: 1, dtMs: 1, steps: 60 };

/** How a network is asked for its answer. */
export type Answer = 'mean voltage' | 'first spike';

export interface YinYangOptions {
  hidden: number;
  answer: Answer;
  time: 'exact' | 'grid';
  seed: number;
  threads: number;
}

/**
 * A 5-N-3 classifier of the Yin-Yang data (Kriener, Göltz and Petrovici 2022, doi:10.1145/3517343.3517380).
 *
 * For outputs that spike, the neuron (τ_m 20 ms, τ_s 5 ms, θ 1) and the initial weights N(1.5, 0.78) and N(0.93, 0.1)
 * are those of mlGeNN's Yin-Yang example. With wider weights, N(1.5, 1.2) and N(0.5, 0.3), two networks of three lost
 * an output: one that never spikes has no gradient. The rest (code of the inputs, batch, β₂, τ₀, τ₁ and α, and for
 * the mean voltage κ and the initial weights) was found by trial on one or two seeds.
 */
export function yinYangClassifier({ hidden, answer, time, seed, threads }: YinYangOptions): EventPropConfig {
  const spikes = answer === 'first spike';
  return {
    sizes: [INPUTS, hidden, CLASSES],
    neuron: NEURON,
    init: spikes
      ? [
          { mean: 1.5, sd: 0.78 },
          { mean: 0.93, sd: 0.1 },
        ]
      : [
          { mean: 1.5, sd: 1.5 },
          { mean: 0, sd: 0.1 },
        ],
    time,
    answer: spikes
      ? { kind: 'first-spike', tau0Ms: 0.5, tau1Ms: 6.4, alpha: 3e-3 }
      : { kind: 'mean-voltage' },
    kappa: 24,
    slopeFloor: 1e-3,
    optimiser: { kind: 'adam', beta1: 0.9, beta2: spikes ? 0.999 : 0.99, epsilon: 1e-8 },
    batch: 32,
    inputDropout: 0,
    seed,
    threads,
  };
}

/** Points as spike times. */
export function encodePoints({ features, labels }: Pick<FeatureSet, 'features' | 'labels'>): TimedSpikes {
  const { firstMs, lastMs, biasMs } = YIN_YANG_CODE;
  return timedSpikes(INPUTS, NEURON.steps * NEURON.dtMs, labels, (s) => [
    ...Array.from({ length: 4 }, (_, input) => ({
      atMs: firstMs + (lastMs - firstMs) * features[4 * s + input],
      input,
    })),
    { atMs: biasMs, input: 4 },
  ]);
}
