import fc from 'fast-check';
import { expect, test } from 'vitest';
import { binnedMeans } from '../../src/scaling/bins.js';
import { fitParabola, slopeOf, vertexOf } from '../../src/scaling/curvature.js';
import { covers } from '../../src/scaling/interval.js';
import { stream } from '../../src/util/rng.js';

test('points on a parabola give back its coefficients, slope and vertex', () => {
  const coefficient = fc.double({ min: -5, max: 5, noNaN: true });
  const curved = fc.double({ min: 0.1, max: 5, noNaN: true });
  fc.assert(
    fc.property(coefficient, coefficient, curved, (a, b, c) => {
      const x = [-2, -1, 0.5, 1, 3, 4];
      const fit = fitParabola(
        x,
        x.map((value) => a + b * value + c * value ** 2),
      );
      expect(fit.coefficients).toBeAllclose([a, b, c], { atol: 1e-9 });
      expect(slopeOf(fit, vertexOf(fit))).toBeCloseTo(0, 9);
    }),
  );
});

test('the interval of the curvature covers the truth 95 times in 100', () => {
  const trials = 3000;
  let hits = 0;
  for (let trial = 0; trial < trials; trial++) {
    const random = stream(trial, 'parabola');
    const x = Array.from({ length: 10 }, () => 4 * random.uniform());
    const y = x.map((value) => 1 + 0.5 * value + 0.2 * value ** 2 + 0.3 * random.normal());
    hits += Number(covers(fitParabola(x, y).curvature, 0.2));
  }
  expect(Math.abs(hits / trials - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / trials));
});

test('bins hold means, and empty ones are left out', () => {
  expect(binnedMeans([0.1, 0.3, 2.5], [1, 3, 7], 1)).toEqual([
    { x: 0.2, y: 2, count: 2 },
    { x: 2.5, y: 7, count: 1 },
  ]);
});
