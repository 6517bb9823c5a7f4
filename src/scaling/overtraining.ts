import {
  type Allocation,
  computeOptimal,
  FLOP_PER_PARAMETER_TOKEN,
  type LossLaw,
  lossAt,
} from './loss-law.js';
import { linspace, minimise, rootBetween } from './minimise-1d.js';

/** FLOP of answering: one forward pass, per parameter and token. */
export const FLOP_PER_PARAMETER_TOKEN_SERVED = 2;

/** The least budget at which the law reaches a loss, and how it is spent. */
export function cheapestTraining(law: LossLaw, loss: number): Allocation {
  const excess = (logFlop: number) => computeOptimal(law, 10 ** logFlop).loss - loss;
  return computeOptimal(law, 10 ** rootBetween(excess, 6, 40));
}

/** A model that reaches a loss, with what its training and its use cost. */
export interface ServedModel {
  readonly parameters: number;
  readonly trainingTokens: number;
  readonly trainingFlop: number;
  readonly servingFlop: number;
}

/** Tokens after which a model of N parameters reaches a loss; infinite if it never does. */
export function tokensToReach({ e, a, b, alpha, beta }: LossLaw, loss: number, parameters: number): number {
  const left = loss - e - a * parameters ** -alpha;
  return left > 0 ? (b / left) ** (1 / beta) : Number.POSITIVE_INFINITY;
}

/**
 * The model that reaches a loss with least FLOP for training and use together, 6·N·D + 2·N·T for T tokens
 * served (Sardana et al. 2024, arXiv:2401.00448).
 */
export function cheapestToServe(law: LossLaw, loss: number, tokensServed: number): ServedModel {
  const optimal = cheapestTraining(law, loss).parameters;
  const cost = (logN: number) => {
    const parameters = 10 ** logN;
    const tokens = tokensToReach(law, loss, parameters);
    return Math.log(
      parameters * (FLOP_PER_PARAMETER_TOKEN * tokens + FLOP_PER_PARAMETER_TOKEN_SERVED * tokensServed),
    );
  };
  // Serving makes the best model smaller, never larger; below the floor of N alone no data suffices.
  const top = Math.log10(optimal);
  const parameters = 10 ** minimise(cost, linspace(top - 3, top + 0.1, 100), 50).at;
  const trainingTokens = tokensToReach(law, loss, parameters);
  return {
    parameters,
    trainingTokens,
    trainingFlop: FLOP_PER_PARAMETER_TOKEN * parameters * trainingTokens,
    servingFlop: FLOP_PER_PARAMETER_TOKEN_SERVED * parameters * tokensServed,
  };
}

/** How many times more training FLOP a model took than the cheapest of the same loss. */
export function overtrainingPenalty(law: LossLaw, parameters: number, tokens: number): number {
  const spent = FLOP_PER_PARAMETER_TOKEN * parameters * tokens;
  return spent / cheapestTraining(law, lossAt(law, parameters, tokens)).flop;
}
