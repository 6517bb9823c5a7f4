import fc from 'fast-check';
import { expect } from 'vitest';

/**
 * Random input is drawn from one seed, so that the tests of a commit say the same today and tomorrow.
 * `FC_SEED=7 npm test` draws other input.
 */
fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20261122) });

interface Tolerance {
  /** Relative tolerance. Default 1e-5. */
  rtol?: number;
  /** Absolute tolerance. Default 1e-8. */
  atol?: number;
}

declare module 'vitest' {
  interface Matchers<T> {
    /** Every element agrees: |actual - expected| <= atol + rtol·|expected|. */
    toBeAllclose(expected: ArrayLike<number>, tolerance?: Tolerance): T;
  }
}

expect.extend({
  toBeAllclose(
    actual: ArrayLike<number>,
    expected: ArrayLike<number>,
    { rtol = 1e-5, atol = 1e-8 }: Tolerance = {},
  ) {
    // Two numbers have no length, and would agree in it.
    if (typeof actual.length !== 'number' || typeof expected.length !== 'number')
      throw new TypeError('toBeAllclose compares arrays: use toBeCloseTo for numbers');
    const lengthsAgree = actual.length === expected.length;
    let worst = -1;
    let worstExcess = 0;
    for (let i = 0; lengthsAgree && i < expected.length; i++) {
      const excess = Math.abs(actual[i] - expected[i]) - (atol + rtol * Math.abs(expected[i]));
      if (!(excess <= worstExcess)) {
        worst = i;
        worstExcess = Number.isNaN(excess) ? Number.POSITIVE_INFINITY : excess;
      }
    }
    return {
      pass: lengthsAgree && worst < 0,
      message: () =>
        lengthsAgree
          ? `arrays differ most at index ${worst}: ${actual[worst]} instead of ${expected[worst]} (rtol ${rtol}, atol ${atol})`
          : `arrays have lengths ${actual.length} and ${expected.length}`,
      actual: Array.from(actual),
      expected: Array.from(expected),
    };
  },
});
