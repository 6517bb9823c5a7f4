import fc from 'fast-check';
import { expect, test } from 'vitest';
import { leastSquares } from '../../src/scaling/line.js';
import { linearFit, solveCholesky } from '../../src/scaling/linear-solve.js';
import { expectedSlope, neighbourError, smoothTeacher, uniformPoints } from '../../src/scaling/resolution.js';
import { excessRisks, expectedExcessRisk } from '../../src/scaling/variance.js';
import { stream } from '../../src/util/rng.js';

test('Cholesky solves what a matrix and a vector make', () => {
  const entry = fc.double({ min: -3, max: 3, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(entry, { minLength: 9, maxLength: 9 }),
      fc.array(entry, { minLength: 3, maxLength: 3 }),
      (m, x) => {
        // MᵀM + I is positive definite.
        const a = new Float64Array(9);
        for (let i = 0; i < 3; i++)
          for (let j = 0; j < 3; j++)
            a[i * 3 + j] =
              (i === j ? 1 : 0) + [0, 1, 2].reduce((sum, k) => sum + m[k * 3 + i] * m[k * 3 + j], 0);
        const b = Float64Array.from([0, 1, 2], (i) =>
          [0, 1, 2].reduce((sum, j) => sum + a[i * 3 + j] * x[j], 0),
        );
        expect(solveCholesky(a, b)).toBeAllclose(x, { atol: 1e-8 });
      },
    ),
  );
  expect(() => solveCholesky(Float64Array.of(1, 1, 1, 1), Float64Array.of(1, 1))).toThrow('singular');
});

test('a linear fit of one feature and a constant is the straight line', () => {
  const random = stream(1, 'fit');
  const x = Array.from({ length: 20 }, () => random.normal());
  const y = x.map((value) => 2 - 3 * value + random.normal());
  const line = leastSquares(x, y);
  const rows = Float64Array.from(x.flatMap((value) => [1, value]));
  expect(linearFit(rows, Float64Array.from(y), 2)).toBeAllclose([line.intercept.value, line.slope.value]);
});

test('excess risk has the expectation of theory', () => {
  const [parameters, examples, repeats] = [8, 40, 3000];
  const random = stream(3, 'risk');
  const risks = Array.from({ length: repeats }, () => excessRisks(parameters, examples, 0.5, 1, random)[0]);
  const mean = risks.reduce((a, b) => a + b) / repeats;
  const sd = Math.sqrt(risks.reduce((sum, risk) => sum + (risk - mean) ** 2, 0) / repeats);
  expect(Math.abs(mean - expectedExcessRisk(parameters, examples, 0.5))).toBeLessThan(
    (4 * sd) / Math.sqrt(repeats),
  );
});

test('planes through neighbours are exact for a plane, nearest neighbours for a constant', () => {
  const random = stream(4, 'planes');
  const examples = uniformPoints(60, 3, random);
  const tests = uniformPoints(10, 3, random);
  const plane = (x: ArrayLike<number>, at = 0) => 1 + 2 * x[at] - x[at + 1] + 0.5 * x[at + 2];
  expect(neighbourError(plane, examples, tests, 3, 'local plane')).toBeLessThan(1e-20);
  expect(neighbourError(plane, examples, tests, 3, 'nearest')).toBeGreaterThan(1e-4);
  expect(neighbourError(() => 7, examples, tests, 3, 'nearest')).toBe(0);
});

test('nearest neighbours on a line: the error of f(x) = x is the mean squared distance', () => {
  // For D points evenly drawn on a long line the nearest is at an exponential distance of mean 1/(2D): E δ² = 1/(2D²).
  const random = stream(5, 'line');
  const count = 400;
  let sum = 0;
  for (let repeat = 0; repeat < 60; repeat++)
    sum += neighbourError(
      (x, at = 0) => x[at],
      uniformPoints(count, 1, random),
      uniformPoints(300, 1, random, 0.1),
      1,
      'nearest',
    );
  expect([(sum / 60) * 2 * count ** 2]).toBeAllclose([1], { atol: 0.1, rtol: 0 });
});

test('slopes of theory, and a teacher of variance near one', () => {
  expect([1, 2, 4].map((d) => expectedSlope(d, 'nearest'))).toEqual([-2, -1, -0.5]);
  expect([1, 2, 4].map((d) => expectedSlope(d, 'local plane'))).toEqual([-4, -2, -1]);
  let sum = 0;
  for (let seed = 0; seed < 200; seed++)
    sum += smoothTeacher(3, stream(seed, 'teacher'))([0.2, 0.4, 0.9]) ** 2;
  expect([sum / 200]).toBeAllclose([1], { atol: 0.4, rtol: 0 });
});
