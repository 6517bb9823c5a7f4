import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lbfgs, type Objective } from '../../src/optimise/lbfgs.js';

const TIGHT = { valueTolerance: 0, gradientTolerance: 1e-10, maxIterations: 5000 };

const rosenbrock: Objective = (x, gradient) => {
  gradient.fill(0);
  let sum = 0;
  for (let i = 0; i + 1 < x.length; i++) {
    const bend = x[i + 1] - x[i] ** 2;
    sum += 100 * bend ** 2 + (1 - x[i]) ** 2;
    gradient[i] += -400 * x[i] * bend - 2 * (1 - x[i]);
    gradient[i + 1] += 200 * bend;
  }
  return sum;
};

test('Rosenbrock: the banana valley is followed to (1, 1)', () => {
  const { x, value } = lbfgs(rosenbrock, [-1.2, 1], TIGHT);
  expect(x).toBeAllclose([1, 1], { rtol: 1e-8 });
  expect(value).toBeLessThan(1e-18);
});

test('Rosenbrock in ten dimensions', () => {
  const { x } = lbfgs(rosenbrock, Array(10).fill(0), TIGHT);
  expect(x).toBeAllclose(Array(10).fill(1), { rtol: 1e-7 });
});

test('Beale: minimum at (3, 0.5)', () => {
  const beale: Objective = ([x, y], gradient) => {
    const terms = [1.5, 2.25, 2.625].map((c, k) => c - x + x * y ** (k + 1));
    gradient[0] = terms.reduce((sum, term, k) => sum + 2 * term * (y ** (k + 1) - 1), 0);
    gradient[1] = terms.reduce((sum, term, k) => sum + 2 * term * x * (k + 1) * y ** k, 0);
    return terms.reduce((sum, term) => sum + term ** 2, 0);
  };
  expect(lbfgs(beale, [1, 1], TIGHT).x).toBeAllclose([3, 0.5], { rtol: 1e-7 });
});

test('Powell: a singular Hessian at the minimum slows it but does not stop it', () => {
  const powell: Objective = ([a, b, c, d], gradient) => {
    const p = a + 10 * b;
    const q = c - d;
    const r = b - 2 * c;
    const s = a - d;
    gradient[0] = 2 * p + 40 * s ** 3;
    gradient[1] = 20 * p + 4 * r ** 3;
    gradient[2] = 10 * q - 8 * r ** 3;
    gradient[3] = -10 * q - 40 * s ** 3;
    return p ** 2 + 5 * q ** 2 + r ** 4 + 10 * s ** 4;
  };
  expect(lbfgs(powell, [3, -1, 0, 1], TIGHT).value).toBeLessThan(1e-10);
});

test('any convex quadratic is solved, however stretched', () => {
  const axis = fc.record({
    curvature: fc.double({ min: 1e-2, max: 1e2, noNaN: true }),
    centre: fc.double({ min: -10, max: 10, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(axis, { minLength: 1, maxLength: 6 }), (axes) => {
      const quadratic: Objective = (x, gradient) =>
        axes.reduce((sum, { curvature, centre }, i) => {
          gradient[i] = curvature * (x[i] - centre);
          return sum + (curvature * (x[i] - centre) ** 2) / 2;
        }, 0);
      const { x } = lbfgs(quadratic, Array(axes.length).fill(0), TIGHT);
      expect(x).toBeAllclose(
        axes.map(({ centre }) => centre),
        { atol: 1e-6 },
      );
    }),
  );
});

test('a kink is approached: |x - 1| + 2|y + 3|', () => {
  const kinked: Objective = ([x, y], gradient) => {
    gradient[0] = Math.sign(x - 1);
    gradient[1] = 2 * Math.sign(y + 3);
    return Math.abs(x - 1) + 2 * Math.abs(y + 3);
  };
  expect(lbfgs(kinked, [10, 10], TIGHT).value).toBeLessThan(1e-6);
});

test('it never ends higher than it began, even where the function is not a number', () => {
  const walled: Objective = ([x], gradient) => {
    gradient[0] = 1 - 1 / x;
    return x - Math.log(x);
  };
  const { x, value } = lbfgs(walled, [50], TIGHT);
  expect(x[0]).toBeCloseTo(1, 8);
  expect(value).toBeLessThanOrEqual(50 - Math.log(50));
});

test('it says why it stopped', () => {
  expect(lbfgs(rosenbrock, [1, 1]).reason).toBe('gradient');
  expect(lbfgs(rosenbrock, [-1.2, 1], { maxIterations: 3 })).toMatchObject({
    reason: 'iterations',
    iterations: 3,
  });
  const tiny: Objective = (x, gradient) => {
    const value = rosenbrock(x, gradient);
    for (let i = 0; i < gradient.length; i++) gradient[i] *= 1e-4;
    return 1e-4 * value;
  };
  // Default tolerances are absolute below one: a small objective stops early, far from (1, 1).
  const early = lbfgs(tiny, [-1.2, 1]);
  expect(['gradient', 'value']).toContain(early.reason);
  expect(Math.abs(early.x[0] - 1)).toBeGreaterThan(0.01);
});
