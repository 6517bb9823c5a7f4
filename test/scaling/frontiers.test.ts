import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  computeOptimal,
  flopOf,
  frontierAtBudget,
  frontierPoint,
  isoflopCurves,
  isoflopExponent,
  LOSS_LAWS,
  ladderSlope,
  logspace,
  lossAt,
  parameterExponent,
  totalParameters,
} from '../../src/scaling/index.js';

const law = LOSS_LAWS.besiroglu;

test('no neighbour at the same budget does better than the frontier with embeddings', () => {
  fc.assert(
    fc.property(fc.double({ min: 12, max: 24, noNaN: true }), (logFlop) => {
      const flop = 10 ** logFlop;
      const best = frontierAtBudget(law, flop);
      expect(best.flopWithout / flop).toBeCloseTo(1, 6);
      for (const factor of [0.9, 1.1]) {
        const without = best.parametersWithout * factor;
        expect(lossAt(law, totalParameters(without), flop / 6 / without)).toBeGreaterThan(best.loss);
      }
    }),
  );
});

test('without embeddings it is the compute-optimal model', () => {
  const plain = frontierAtBudget(law, 1e21, 0);
  const best = computeOptimal(law, 1e21);
  expect(plain.parametersTotal / best.parameters).toBeCloseTo(1, 6);
  expect(plain.loss).toBeCloseTo(best.loss, 8);
});

test('the local exponent runs from beta/(alpha/3 + beta) for tiny to beta/(alpha + beta) for huge models', () => {
  // Pearce & Song 2024, arXiv:2406.12907: the two limits of their eq. for the local exponent.
  const local = (without: number) => {
    const [a, b] = [without, without * 1.01].map((n) => frontierPoint(law, n).flopWithout);
    return Math.log(1.01) / Math.log(b / a);
  };
  expect(local(1e-3)).toBeCloseTo(law.beta / (law.alpha / 3 + law.beta), 3);
  expect(local(1e16)).toBeCloseTo(parameterExponent(law), 3);
});

test('a fine ladder finds the exponent of the law', () => {
  const budgets = logspace(1e18, 1e22, 100);
  expect(ladderSlope(law, logspace(1e6, 1e13, 500), budgets, 0)).toBeCloseTo(parameterExponent(law), 2);
});

test('isoflop parabolas over synthetic runs find the best models of the law', () => {
  const budgets = [1e19, 1e20, 1e21];
  const points = budgets.flatMap((flop) => {
    const best = computeOptimal(law, flop).parameters;
    return logspace(best / 2, best * 2, 9).map((parameters) => {
      const tokens = flop / (6 * parameters);
      return { parameters, tokens, loss: lossAt(law, parameters, tokens) };
    });
  });
  const curves = isoflopCurves(points, { budgets });
  expect(curves.map(({ flop }) => flop)).toBeAllclose(budgets);
  curves.forEach((curve, i) => {
    expect(curve.bestParameters / computeOptimal(law, budgets[i]).parameters).toBeCloseTo(1, 1);
    expect(flopOf(curve.points[0]) / budgets[i]).toBeCloseTo(1, 9);
  });
  expect(isoflopExponent(curves).value).toBeCloseTo(parameterExponent(law), 2);
});

test('a bin without a lowest point, or with too few runs, is left out', () => {
  const falling = [1, 2, 3, 4, 5, 6].map((k) => ({
    parameters: 10 ** (7 + k / 10),
    tokens: 1e20 / 6 / 10 ** (7 + k / 10),
    loss: 3 - k / 10 - k ** 2 / 100,
  }));
  expect(isoflopCurves(falling, { budgets: [1e20] })).toEqual([]);
  expect(isoflopCurves(falling.slice(0, 3), { budgets: [1e20] })).toEqual([]);
});
