import fc from 'fast-check';
import { expect, test } from 'vitest';
import { computeOptimal, LOSS_LAWS, lossAt } from '../../src/scaling/loss-law.js';
import {
  cheapestToServe,
  cheapestTraining,
  overtrainingPenalty,
  tokensToReach,
} from '../../src/scaling/overtraining.js';

const law = LOSS_LAWS.epochNotebook;
const flops = fc.double({ min: 18, max: 26, noNaN: true }).map((log) => 10 ** log);

test('the cheapest training for the loss of a budget is that budget', () => {
  fc.assert(
    fc.property(flops, (flop) => {
      expect(cheapestTraining(law, computeOptimal(law, flop).loss).flop / flop).toBeCloseTo(1, 5);
    }),
  );
});

test('tokens to reach a loss reach it, and a model too small never does', () => {
  const tokens = tokensToReach(law, 2.1, 7e9);
  expect(lossAt(law, 7e9, tokens)).toBeCloseTo(2.1, 10);
  expect(tokensToReach(law, 1.85, 1e9)).toBe(Number.POSITIVE_INFINITY);
});

test('with nothing to serve the compute-optimal model is the cheapest', () => {
  const best = cheapestTraining(law, 2);
  expect(cheapestToServe(law, 2, 0).parameters / best.parameters).toBeCloseTo(1, 3);
  expect(overtrainingPenalty(law, best.parameters, best.tokens)).toBeCloseTo(1, 5);
});

test('the more is served, the smaller the best model, and no other is cheaper', () => {
  const served = [1e12, 1e13, 1e14].map((tokens) => ({ tokens, model: cheapestToServe(law, 2, tokens) }));
  for (const { tokens, model } of served) {
    const total = model.trainingFlop + model.servingFlop;
    for (const factor of [0.95, 1.05]) {
      const other = model.parameters * factor;
      expect(other * (6 * tokensToReach(law, 2, other) + 2 * tokens)).toBeGreaterThan(total);
    }
  }
  expect(served[1].model.parameters).toBeLessThan(served[0].model.parameters);
  expect(served[2].model.parameters).toBeLessThan(served[1].model.parameters);
});
