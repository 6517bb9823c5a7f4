import type { NeuronParameters } from './neuron.js';

/** Which rule turns gradients into weight changes. Rows whose source was silent in a batch are never touched. */
export type Optimiser = { kind: 'adam'; beta1: number; beta2: number; epsilon: number } | { kind: 'sgd' };

/** Normal distribution of a layer's initial weights. */
export interface WeightInit {
  mean: number;
  sd: number;
}

/** A feed-forward spiking classifier and how it is trained. */
export interface EventPropConfig {
  /** Neurons of each population, inputs first, readout last: [784, 128, 10]. */
  sizes: readonly number[];
  neuron: NeuronParameters;
  /** One for each projection. */
  init: readonly WeightInit[];
  /** The answer is softmax(κ · mean membrane potential of the readout). */
  kappa: number;
  /** Smallest τ_m·dV/dt - the gradient divides by it - that a spike is taken to have, in units of θ. */
  slopeFloor: number;
  optimiser: Optimiser;
  batch: number;
  /** Fraction of input spikes left out at random in training. */
  inputDropout: number;
  seed: number;
  threads: number;
}

export const DEFAULT_NEURON: NeuronParameters = { tauMMs: 20, tauSMs: 5, theta: 1, dtMs: 1, steps: 20 };
export const ADAM: Optimiser = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
