import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { covers, type Estimate } from '../../src/scaling/interval.js';
import { leastSquares } from '../../src/scaling/line.js';
import { caveatsOf, errorAt, fitPowerLaw, type SizedError } from '../../src/scaling/power-law.js';
import { bootstrapPowerLaw } from '../../src/scaling/power-law-bootstrap.js';
import { PowerLawProblem } from '../../src/scaling/power-law-problem.js';
import { ratioOf } from '../../src/scaling/ratio.js';
import { stream } from '../../src/util/rng.js';

interface Law {
  floor: number;
  coefficient: number;
  exponent: number;
}

const SIZES = [10, 30, 100, 300, 1000];

function pointsOf(
  { floor, coefficient, exponent }: Law,
  sizes: number[],
  noise = () => 0,
  seeds = 1,
): SizedError[] {
  return sizes.flatMap((size) =>
    Array.from({ length: seeds }, () => ({
      size,
      error: (floor + coefficient * size ** -exponent) * Math.exp(noise()),
    })),
  );
}

test('points on a curve with a floor give it back', () => {
  const law = fc.record({
    floor: fc.double({ min: 0.005, max: 0.2, noNaN: true }),
    coefficient: fc.double({ min: 0.3, max: 5, noNaN: true }),
    exponent: fc.double({ min: 0.3, max: 1.5, noNaN: true }),
  });
  fc.assert(
    fc.property(law, (truth) => {
      const fit = fitPowerLaw(pointsOf(truth, SIZES));
      expect([fit.floor.value, fit.coefficient, fit.exponent.value]).toBeAllclose(
        [truth.floor, truth.coefficient, truth.exponent],
        { rtol: 2e-4 },
      );
      expect(errorAt(fit, 50)).toBeCloseTo(truth.floor + truth.coefficient * 50 ** -truth.exponent, 6);
      expect(caveatsOf(fit)).toEqual([]);
    }),
    { numRuns: 20 },
  );
});

test('without a floor the fit is the straight line through the logarithms, intervals included', () => {
  const random = stream(3, 'noise');
  const points = pointsOf({ floor: 0, coefficient: 2, exponent: 0.4 }, SIZES, () => 0.1 * random.normal(), 3);
  const fit = fitPowerLaw(points, { floor: 0 });
  const line = leastSquares(
    points.map(({ size }) => Math.log(size)),
    points.map(({ error }) => Math.log(error)),
  );
  expect([fit.exponent.value, fit.exponent.low, fit.exponent.high]).toBeAllclose(
    [-line.slope.value, -line.slope.high, -line.slope.low],
    { rtol: 1e-5 },
  );
  expect(fit.logResidualSd).toBeCloseTo(line.residualSd, 8);
});

test('a known floor may be given', () => {
  const fit = fitPowerLaw(pointsOf({ floor: 1.2, coefficient: 3, exponent: 0.5 }, [10, 100, 1000]), {
    floor: 1.2,
  });
  expect(fit.floor).toEqual({ value: 1.2, low: 1.2, high: 1.2 });
  expect([fit.coefficient, fit.exponent.value]).toBeAllclose([3, 0.5], { rtol: 1e-6 });
});

test('the fit does not depend on the units of size, and errors scale it', () => {
  const random = stream(5, 'noise');
  const points = pointsOf(
    { floor: 0.05, coefficient: 1, exponent: 0.6 },
    SIZES,
    () => 0.03 * random.normal(),
    2,
  );
  const plain = fitPowerLaw(points);
  const scaled = fitPowerLaw(points.map(({ size, error }) => ({ size: 1e6 * size, error: 100 * error })));
  expect(scaled.exponent.value).toBeCloseTo(plain.exponent.value, 5);
  expect(scaled.exponent.high).toBeCloseTo(plain.exponent.high, 4);
  expect(scaled.floor.value / plain.floor.value).toBeCloseTo(100, 3);
});

describe('what the points do not tell is said', () => {
  test('as many parameters as points: no intervals', () => {
    const fit = fitPowerLaw(pointsOf({ floor: 0.02, coefficient: 1, exponent: 0.5 }, [10, 100, 1000]));
    expect(fit.exponent.value).toBeCloseTo(0.5, 3);
    expect([fit.exponent.low, fit.exponent.high]).toEqual([0, Number.POSITIVE_INFINITY]);
    expect(caveatsOf(fit)).toEqual([expect.stringContaining('as many parameters as points')]);
  });

  test('errors that are flat but for noise leave the exponent unbounded', () => {
    const random = stream(1, 'noise');
    const fit = fitPowerLaw(
      pointsOf({ floor: 0.3, coefficient: 0, exponent: 1 }, SIZES, () => 0.05 * random.normal(), 3),
    );
    expect(fit.exponent.high).toBe(Number.POSITIVE_INFINITY);
    expect(caveatsOf(fit).join()).toContain('no upper bound');
  });

  test('a short range of sizes cannot tell the floor from zero', () => {
    const random = stream(2, 'noise');
    const fit = fitPowerLaw(
      pointsOf(
        { floor: 0.01, coefficient: 1, exponent: 0.5 },
        [10, 14, 20, 28],
        () => 0.02 * random.normal(),
        3,
      ),
    );
    expect(fit.floor.low).toBe(0);
    expect(caveatsOf(fit)).toContain('the floor cannot be told from zero');
  });

  test('too few sizes, and numbers that are not positive, are refused', () => {
    expect(() => fitPowerLaw(pointsOf({ floor: 0, coefficient: 1, exponent: 1 }, [10, 20]))).toThrow(
      '3 different sizes',
    );
    expect(() => fitPowerLaw([{ size: 1, error: 0 }])).toThrow('positive');
    expect(() =>
      fitPowerLaw(pointsOf({ floor: 0, coefficient: 1, exponent: 1 }, [1, 2, 4]), { floor: 0.5 }),
    ).toThrow('do not lie above the floor 0.5');
  });
});

describe('intervals of the profile', () => {
  test.each([
    ['five sizes, three seeds', SIZES, 3, 0.03, 0.02],
    ['four sizes, three seeds, little floor', [32, 64, 128, 350], 3, 0.05, 0.01],
    ['six sizes, one seed', [32, 64, 128, 350, 700, 1400], 1, 0.05, 0.02],
  ])('cover floor and exponent 95 times in 100: %s', { timeout: 120_000 }, (_, sizes, seeds, sd, floor) => {
    const trials = 200;
    let exponents = 0;
    let floors = 0;
    for (let trial = 0; trial < trials; trial++) {
      const random = stream(trial, 'coverage');
      const truth = { floor, coefficient: 0.5, exponent: 0.7 };
      const fit = fitPowerLaw(pointsOf(truth, sizes, () => sd * random.normal(), seeds));
      exponents += Number(covers(fit.exponent, 0.7));
      floors += Number(covers(fit.floor, floor));
    }
    const fourSigma = 4 * Math.sqrt((0.95 * 0.05) / trials);
    expect(Math.abs(exponents / trials - 0.95)).toBeLessThan(fourSigma);
    expect(Math.abs(floors / trials - 0.95)).toBeLessThan(fourSigma);
  });
});

test('under noise the estimate of the exponent is biased by less than a tenth of its scatter', () => {
  const exponents = Array.from({ length: 400 }, (_, trial) => {
    const random = stream(trial, 'bias');
    const truth = { floor: 0.02, coefficient: 0.5, exponent: 0.7 };
    return bestExponent(pointsOf(truth, SIZES, () => 0.03 * random.normal(), 3));
  });
  const mean = exponents.reduce((a, b) => a + b) / exponents.length;
  const sd = sdOf(exponents);
  expect(sd).toBeGreaterThan(0.01);
  // A tenth of the scatter, and four standard errors of this mean.
  expect(Math.abs(mean - 0.7)).toBeLessThan(sd * (0.1 + 4 / Math.sqrt(exponents.length)));
});

function sdOf(values: number[]): number {
  const mean = values.reduce((a, b) => a + b) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

function bestExponent(points: SizedError[]): number {
  return new PowerLawProblem(points).best().exponent;
}

describe('the bootstrap', () => {
  const truth = { floor: 0.02, coefficient: 0.5, exponent: 0.7 };
  const sample = (seed: number) => {
    const random = stream(seed, 'bootstrap data');
    return pointsOf(truth, SIZES, () => 0.03 * random.normal(), 4);
  };

  test('draws the same for the same seed', () => {
    const fit = fitPowerLaw(sample(1));
    const draws = bootstrapPowerLaw(fit, { replicates: 6, seed: 4 });
    expect(bootstrapPowerLaw(fit, { replicates: 3, seed: 4 })).toEqual(draws.slice(0, 3));
    expect(bootstrapPowerLaw(fit, { replicates: 3, seed: 5 })).not.toEqual(draws.slice(0, 3));
  });

  // Resampling k seeds among themselves sees a variance that is short by (k - 1)/k.
  test.each([
    ['residuals', 1],
    ['seeds', Math.sqrt(3 / 4)],
  ] as const)('of %s scatters as much as estimates from fresh data', (resampling, expected) => {
    const actual = sdOf(Array.from({ length: 400 }, (_, i) => bestExponent(sample(i))));
    const perDataSet = Array.from({ length: 12 }, (_, i) =>
      sdOf(
        bootstrapPowerLaw(fitPowerLaw(sample(i)), { replicates: 80, resampling }).map(
          ({ exponent }) => exponent,
        ),
      ),
    );
    const typical = Math.sqrt(perDataSet.reduce((sum, sd) => sum + sd ** 2, 0) / perDataSet.length);
    expect([typical / actual]).toBeAllclose([expected], { atol: 0.2, rtol: 0 });
  });
});

describe('a ratio of two estimates', () => {
  const symmetric = (value: number, se: number): Estimate => ({
    value,
    low: value - 1.96 * se,
    high: value + 1.96 * se,
  });

  test('covers the true ratio 95 times in 100', () => {
    const trials = 5000;
    let hits = 0;
    for (let trial = 0; trial < trials; trial++) {
      const random = stream(trial, 'ratio');
      const alpha = symmetric(0.6 + 0.05 * random.normal(), 0.05);
      const b = symmetric(1.5 + 0.1 * random.normal(), 0.1);
      hits += Number(covers(ratioOf(alpha, b), 0.4));
    }
    expect(Math.abs(hits / trials - 0.95)).toBeLessThan(0.012);
  });

  test('is as wide as its numerator when the denominator is known', () => {
    const ratio = ratioOf({ value: 1, low: 0.8, high: 1.5 }, { value: 2, low: 2, high: 2 });
    expect([ratio.low, ratio.value, ratio.high]).toBeAllclose([0.4, 0.5, 0.75]);
  });

  test('is unbounded where one of them is', () => {
    const exponent = { value: 0.5, low: 0, high: Number.POSITIVE_INFINITY };
    expect(ratioOf(exponent, { value: 2, low: 1.9, high: 2.1 })).toEqual({
      value: 0.25,
      low: 0,
      high: Number.POSITIVE_INFINITY,
    });
  });
});
