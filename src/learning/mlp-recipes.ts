import type { InputScaling } from './mlp-data.js';

/** All that fixes how a multilayer perceptron with one hidden layer learns, but for its size and its policy. */
export interface MlpRecipe {
  inputs: InputScaling;
  hidden: 'logistic' | 'leaky-relu';
  output: 'logistic' | 'linear';
  /** Hidden unit 0 is held at 1 (the bias of the output); its input weights still learn, and are billed. */
  clampedUnit: boolean;
  /** Targets of the wrong classes and of the right one. */
  targets: readonly [low: number, high: number];
  /**
   * `exact`: the gradient of the squared error. `published`: as the code of Li & van Rossum has it, the error that
   * goes back to the hidden layer leaves out the derivative of the output.
   */
  gradient: 'exact' | 'published';
  rate: number;
  /** Initial weights are N(0, weightSd²). */
  weightSd: number;
  /** Training images in their order, round and round, or drawn with replacement. */
  order: 'sequential' | 'random';
}

/** Slope of a leaky ReLU below 0. */
export const LEAK = 0.1;

/**
 * 784-100-10 of Li & van Rossum 2020 (doi:10.7554/eLife.50804; github.com/vanrossumlab/li_vanrossum_19). Its data
 * files are not public; this scaling is that of the tutorial its code comes from.
 */
export const LOGISTIC: MlpRecipe = {
  inputs: { low: 0.01, high: 1, bias: null, centred: false, noiseSd: 0 },
  hidden: 'logistic',
  output: 'logistic',
  clampedUnit: false,
  targets: [0.01, 0.99],
  gradient: 'published',
  rate: 0.1,
  weightSd: 0.01,
  order: 'sequential',
};

/** 785-H-10 of van Rossum & Pache 2024 (doi:10.1371/journal.pcbi.1012553; github.com/vanrossumlab/frugal_24). */
export const LEAKY: MlpRecipe = {
  inputs: { low: 0, high: 0.98, bias: 0.99, centred: true, noiseSd: 0.001 },
  hidden: 'leaky-relu',
  output: 'linear',
  clampedUnit: true,
  targets: [0, 1],
  gradient: 'exact',
  rate: 0.01,
  weightSd: 0.02,
  order: 'random',
};
