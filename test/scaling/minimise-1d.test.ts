import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linspace, logspace, minimise, rootBetween } from '../../src/scaling/minimise-1d.js';

test('the deeper of two valleys is found', () => {
  const f = (x: number) => (x ** 2 - 1) ** 2 + 0.1 * x;
  // Derivative 4x³ - 4x + 0.1 = 0 at the left valley.
  const { at } = minimise(f, linspace(-3, 3, 13), 60);
  expect(4 * at ** 3 - 4 * at + 0.1).toBeCloseTo(0, 5);
  expect(at).toBeLessThan(0);
});

test('a minimum at the end of the range is found', () => {
  expect(minimise((x) => x, linspace(2, 5, 4), 60).at).toBeCloseTo(2, 6);
});

test('roots are found, with an end that is not finite too', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 0.99, noNaN: true }), (root) => {
      expect(rootBetween((x) => Math.exp(5 * x) - Math.exp(5 * root), 0, 1)).toBeCloseTo(root, 7);
    }),
  );
  expect(rootBetween((x) => Math.log(x) + 1, 0, 1)).toBeCloseTo(Math.exp(-1), 7);
});

test('grids include their ends', () => {
  expect(linspace(1, 2, 3)).toEqual([1, 1.5, 2]);
  expect(logspace(1, 100, 3)).toBeAllclose([1, 10, 100]);
});
