import { mean, standardDeviation } from 'simple-statistics';
import { expect, test } from 'vitest';
import { stream } from '../../src/util/rng.js';

test('a stream is fixed by its seed and its name, and no two are alike', () => {
  const draw = (seed: number, name: string) => Array.from({ length: 8 }, stream(seed, name).uniform);
  expect(draw(1, 'weights')).toEqual(draw(1, 'weights'));
  expect(draw(1, 'weights')).not.toEqual(draw(2, 'weights'));
  expect(draw(1, 'weights')).not.toEqual(draw(1, 'order'));
});

test('normal draws have mean 0 and standard deviation 1 within five standard errors', () => {
  const n = 40_000;
  const draws = Array.from({ length: n }, stream(7, 'normal').normal);
  expect(Math.abs(mean(draws))).toBeLessThan(5 / Math.sqrt(n));
  expect(Math.abs(standardDeviation(draws) - 1)).toBeLessThan(5 / Math.sqrt(2 * n));
});

test('a permutation holds every index once', () => {
  const order = stream(3, 'order').permutation(1000);
  expect(Array.from(order).sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
});
