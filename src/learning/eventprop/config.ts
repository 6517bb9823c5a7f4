import type { NeuronParameters } from './neuron.js';

/** Which rule turns gradients into weight changes. Rows whose source was silent in a batch are never touched. */
export type Optimiser = { kind: 'adam'; beta1: number; beta2: number; epsilon: number } | { kind: 'sgd' };

/** Normal distribution of a layer's initial weights. */
export interface WeightInit {
  mean: number;
  sd: number;
}

/** The answer is softmax(κ · mean membrane potential) of leaky, non-spiking readout neurons; cross-entropy. */
export interface MeanVoltage {
  kind: 'mean-voltage';
}

/**
 * The last population spikes too, and answers by who is first:
 *   loss = -log softmax(-t/τ₀)_label + α·(exp(t_label/τ₁) - 1)
 * t_k is the first spike of output k, or the end of the window (Göltz et al. 2021; Wunderlich and Pehle 2021).
 */
export interface FirstSpike {
  kind: 'first-spike';
  tau0Ms: number;
  tau1Ms: number;
  alpha: number;
}

/** A spiking classifier and how it is trained. */
export interface EventPropConfig {
  /** Neurons of each population, inputs first, readout last: [784, 128, 10]. */
  sizes: readonly number[];
  neuron: NeuronParameters;
  /** One for each projection from a population to the next. */
  init: readonly WeightInit[];
  /**
   * How time is kept: on the `grid` of dtMs (the default), or `exact`, from event to event with spike times as the
   * equations give them (steps·dtMs is then the length of the window alone).
   */
  time?: 'grid' | 'exact';
  /** Weights among the neurons of each hidden layer; null or left out: none. On a grid spikes arrive one step later. */
  recurrent?: readonly (WeightInit | null)[];
  /** What the network answers by. Left out: by mean membrane potential. First spikes need exact time. */
  answer?: MeanVoltage | FirstSpike;
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
  /** false: the changes of each weight are not booked, to see what booking costs. Booked unless said. */
  ledger?: boolean;
}

export const DEFAULT_NEURON: NeuronParameters = { tauMMs: 20, tauSMs: 5, theta: 1, dtMs: 1, steps: 20 };
export const ADAM: Optimiser = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
