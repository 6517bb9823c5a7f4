import fc from 'fast-check';
import { linearRegression } from 'simple-statistics';
import { expect, test } from 'vitest';
import { covers, reciprocal, tCritical } from '../../src/scaling/interval.js';
import {
  fitLine,
  inverseAt,
  leastSquares,
  predictionInterval,
  reducedMajorAxis,
  valueAt,
} from '../../src/scaling/line.js';
import { stream } from '../../src/util/rng.js';

test('quantiles of Student t agree with printed tables', () => {
  // Two-sided 95 %: NIST/SEMATECH e-Handbook of Statistical Methods, table 1.3.6.7.2.
  const table: [number, number][] = [
    [1, 12.706],
    [2, 4.303],
    [7, 2.365],
    [10, 2.228],
    [30, 2.042],
    [100, 1.984],
  ];
  for (const [df, t] of table) expect(tCritical(df)).toBeCloseTo(t, 3);
  // Closed form for two degrees of freedom: t = (2p-1)·√(2/(4p(1-p))).
  for (const p of [0.6, 0.9, 0.975, 0.999])
    expect(tCritical(2, 2 * p - 1)).toBeCloseTo((2 * p - 1) * Math.sqrt(2 / (4 * p * (1 - p))), 5);
});

test('Anscombe: the first data set has the published slope, standard errors and r2', () => {
  // Anscombe 1973, doi:10.2307/2682899: y = 3.0001 + 0.5001 x, se 1.1247 and 0.1179, r2 0.6665.
  const x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5];
  const y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];
  const line = leastSquares(x, y);
  expect(line.slope.value).toBeCloseTo(0.5001, 4);
  expect(line.intercept.value).toBeCloseTo(3.0001, 4);
  expect(line.slopeSe).toBeCloseTo(0.1179, 4);
  expect((line.intercept.high - line.intercept.value) / tCritical(9)).toBeCloseTo(1.1247, 4);
  expect(line.r2).toBeCloseTo(0.6665, 4);
  expect(line.residualSd).toBeCloseTo(1.2366, 4);
});

const cloud = fc
  .array(
    fc.tuple(
      fc.double({ min: -100, max: 100, noNaN: true }),
      fc.double({ min: -100, max: 100, noNaN: true }),
    ),
    {
      minLength: 4,
      maxLength: 30,
    },
  )
  .filter((points) => spread(points.map(([x]) => x)) > 1 && spread(points.map(([, y]) => y)) > 1);

function spread(values: number[]): number {
  return Math.max(...values) - Math.min(...values);
}

test('least squares agrees with simple-statistics on any points', () => {
  fc.assert(
    fc.property(cloud, (points) => {
      const line = leastSquares(
        points.map(([x]) => x),
        points.map(([, y]) => y),
      );
      const other = linearRegression(points);
      expect([line.slope.value, line.intercept.value]).toBeAllclose([other.m, other.b], {
        rtol: 1e-8,
        atol: 1e-7,
      });
    }),
  );
});

test('the reduced major axis is the same line seen from x or from y, its interval too', () => {
  fc.assert(
    fc.property(cloud, (points) => {
      const x = points.map(([x]) => x);
      const y = points.map(([, y]) => y);
      const there = reducedMajorAxis(x, y);
      const back = reciprocal(reducedMajorAxis(y, x).slope);
      expect([back.value, back.low, back.high]).toBeAllclose([
        there.slope.value,
        there.slope.low,
        there.slope.high,
      ]);
    }),
  );
});

test('the major axis lies between the two regressions, by the correlation', () => {
  fc.assert(
    fc.property(cloud, (points) => {
      const x = points.map(([x]) => x);
      const y = points.map(([, y]) => y);
      const ols = leastSquares(x, y);
      const rma = reducedMajorAxis(x, y);
      expect(Math.abs(ols.slope.value)).toBeCloseTo(Math.abs(rma.slope.value) * Math.sqrt(ols.r2), 6);
    }),
  );
});

test('the ends of an inverted interval are where the prediction interval meets y', () => {
  const { x, y } = noisyLine(1, 12, 0.4);
  const line = leastSquares(x, y);
  const { value, interval } = inverseAt(line, 3.3);
  expect(valueAt(line, value)).toBeCloseTo(3.3, 10);
  expect(predictionInterval(line, interval!.low)!.high).toBeCloseTo(3.3, 8);
  expect(predictionInterval(line, interval!.high)!.low).toBeCloseTo(3.3, 8);
});

test('a slope that may be zero leaves its inverse unbounded', () => {
  const line = leastSquares([1, 2, 3, 4], [1, -1, -1, 1.01]);
  expect(inverseAt(line, 0).interval).toEqual({
    low: Number.NEGATIVE_INFINITY,
    high: Number.POSITIVE_INFINITY,
  });
  expect(reciprocal({ value: 1, low: -1, high: 3 }).high).toBe(Number.POSITIVE_INFINITY);
});

test('a line through two points, or through a column, is refused', () => {
  expect(() => leastSquares([1, 2], [1, 2])).toThrow('three points');
  expect(() => leastSquares([1, 1, 1], [1, 2, 3])).toThrow('differ');
});

test('95 % intervals of slope, intercept, prediction and inversion cover the truth 95 times in 100', () => {
  const trials = 4000;
  const hits = { slope: 0, intercept: 0, prediction: 0, inverse: 0 };
  for (let trial = 0; trial < trials; trial++) {
    const { x, y, random } = noisyLine(trial, 9, 0.3);
    const line = leastSquares(x, y);
    hits.slope += Number(covers(line.slope, 1.5));
    hits.intercept += Number(covers(line.intercept, -2));
    const xNew = random.uniform() * 6;
    const yNew = -2 + 1.5 * xNew + 0.3 * random.normal();
    hits.prediction += Number(covers(predictionInterval(line, xNew)!, yNew));
    hits.inverse += Number(covers(inverseAt(line, yNew).interval!, xNew));
  }
  const fourSigma = 4 * Math.sqrt((0.95 * 0.05) / trials);
  for (const count of Object.values(hits)) expect(Math.abs(count / trials - 0.95)).toBeLessThan(fourSigma);
});

test('the interval of a reduced major axis covers the ratio of standard deviations', () => {
  // Both variables normal with correlation 0.9: the true axis has slope sd(y)/sd(x) = 2.
  const trials = 4000;
  let hits = 0;
  for (let trial = 0; trial < trials; trial++) {
    const random = stream(trial, 'bivariate');
    const x = Array.from({ length: 12 }, () => random.normal());
    const y = x.map((value) => 2 * (0.9 * value + Math.sqrt(1 - 0.81) * random.normal()));
    hits += Number(covers(fitLine('reduced major axis', x, y).slope, 2));
  }
  expect(Math.abs(hits / trials - 0.95)).toBeLessThan(0.02);
});

function noisyLine(seed: number, n: number, sd: number) {
  const random = stream(seed, 'noisy line');
  const x = Array.from({ length: n }, () => random.uniform() * 6);
  const y = x.map((value) => -2 + 1.5 * value + sd * random.normal());
  return { x, y, random };
}
