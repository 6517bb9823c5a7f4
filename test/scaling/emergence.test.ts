import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  exactMatchWidthDecades,
  linearWidth,
  resolutionLimit,
  sizeForExactMatch,
  tokenSuccess,
} from '../../src/scaling/emergence.js';

const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });
const exponent = fc.double({ min: 0.1, max: 1, noNaN: true });

test('at the size for a share of exact matches the share is met', () => {
  fc.assert(
    fc.property(share, fc.integer({ min: 1, max: 50 }), exponent, (wanted, length, a) => {
      expect(tokenSuccess(sizeForExactMatch(wanted, length, 1e9, a), 1e9, a) ** length).toBeCloseTo(
        wanted,
        9,
      );
    }),
  );
});

test('a longer answer comes later by log10(L)/a decades and is no sharper', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), exponent, (length, a) => {
      const [at5, at50] = [0.05, 0.5].map((p) => Math.log10(sizeForExactMatch(p, length, 1e9, a)));
      expect(at50 - at5).toBeCloseTo(exactMatchWidthDecades(0.05, 0.5, a), 9);
      const single = Math.log10(sizeForExactMatch(0.5, 1, 1e9, a));
      expect(at50 - single).toBeCloseTo(Math.log10(length) / a, 9);
    }),
  );
});

test('linear in log N, a long answer is sharper: the width falls as ln(to/from)/L', () => {
  expect(linearWidth(0.05, 0.5, 1)).toBeCloseTo(0.45, 12);
  // Two tokens are still a little wider than one.
  for (let length = 2; length < 20; length++)
    expect(linearWidth(0.05, 0.5, length + 1)).toBeLessThan(linearWidth(0.05, 0.5, length));
  expect(1e6 * linearWidth(0.05, 0.5, 1e6)).toBeCloseTo(Math.log(10), 4);
});

test('below the limit a test shows less than one success', () => {
  expect(1000 * resolutionLimit(1000, 10) ** 10).toBeCloseTo(1, 9);
});
