import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { readChinchillaPoints } from '../../src/data/chinchilla-points.js';
import {
  computeOptimal,
  FLOP_PER_PARAMETER_TOKEN,
  LOSS_LAWS,
  type LossLaw,
  lossAt,
  parameterExponent,
} from '../../src/scaling/loss-law.js';
import {
  bootstrapLossLaw,
  fitLeastAbsolute,
  fitLossLaw,
  fitStoppedEarly,
  type LossLawFit,
  objectiveOf,
} from '../../src/scaling/loss-law-fit.js';
import {
  huberObjective,
  type LossPoint,
  lawOf,
  logPointsOf,
  thetaOf,
} from '../../src/scaling/loss-law-objective.js';
import { percentileInterval } from '../../src/scaling/quantile.js';
import { type Stream, stream } from '../../src/util/rng.js';

const TRUTH: LossLaw = { e: 1.8, a: 480, b: 2100, alpha: 0.35, beta: 0.37 };

/** Runs over the ranges of the published points, with log losses off by normal noise. */
function runsOf(law: LossLaw, random: Stream, count: number, sd: number): LossPoint[] {
  return Array.from({ length: count }, () => {
    const parameters = 10 ** (7.75 + 2.4 * random.uniform());
    const tokens = parameters * 10 ** (-0.3 + 2.3 * random.uniform());
    return { parameters, tokens, loss: lossAt(law, parameters, tokens) * Math.exp(sd * random.normal()) };
  });
}

describe('the objective', () => {
  const points = runsOf(TRUTH, stream(1, 'runs'), 40, 0.01);

  test('has the gradient that finite differences give, in raw and in anchored coordinates', () => {
    const near = fc.tuple(...[0, 1, 2, 3, 4].map(() => fc.double({ min: -0.3, max: 0.3, noNaN: true })));
    for (const anchored of [false, true]) {
      const logs = logPointsOf(points, anchored);
      // δ = 0.1 keeps most residuals on the smooth part.
      const objective = huberObjective(logs, { delta: 0.1, factor: 3 });
      fc.assert(
        fc.property(near, (offsets) => {
          const theta = thetaOf(TRUTH, logs).map((value, k) => value + offsets[k] * (k < 3 ? 1 : 0.1));
          const gradient = new Float64Array(5);
          objective(theta, gradient);
          const numeric = theta.map((_, k) => {
            const shifted = (h: number) =>
              objective(
                theta.map((value, j) => (j === k ? value + h : value)),
                new Float64Array(5),
              );
            return (shifted(1e-5) - shifted(-1e-5)) / 2e-5;
          });
          expect(gradient).toBeAllclose(numeric, { rtol: 1e-4, atol: 1e-4 });
        }),
        { numRuns: 30 },
      );
    }
  });

  test('is the plain sum of Huber losses', () => {
    const law = { ...TRUTH, a: 500 };
    const expected = points.reduce((sum, { parameters, tokens, loss }) => {
      const r = Math.abs(Math.log(lossAt(law, parameters, tokens) / loss));
      return sum + (r <= 1e-3 ? r ** 2 / 2 : 1e-3 * (r - 0.5e-3));
    }, 0);
    expect(objectiveOf(law, points) / expected).toBeCloseTo(1, 10);
  });

  test('anchoring changes coordinates, not the law', () => {
    const logs = logPointsOf(points, true);
    const back = lawOf(thetaOf(TRUTH, logs), logs);
    expect([back.e, back.a, back.b]).toBeAllclose([TRUTH.e, TRUTH.a, TRUTH.b], { rtol: 1e-12 });
  });
});

describe('on synthetic runs with a known law', () => {
  test('points without noise give it back', () => {
    const { law } = fitLossLaw(runsOf(TRUTH, stream(2, 'runs'), 100, 0));
    expect([law.e, law.a, law.b, law.alpha, law.beta]).toBeAllclose([1.8, 480, 2100, 0.35, 0.37], {
      rtol: 1e-5,
    });
  });

  test('a few wild losses hardly move it', () => {
    const points = runsOf(TRUTH, stream(3, 'runs'), 200, 0.005);
    const spoilt = points.map((point, i) => (i % 25 === 0 ? { ...point, loss: point.loss * 1.5 } : point));
    expect(Math.abs(fitLossLaw(spoilt).law.alpha - fitLossLaw(points).law.alpha)).toBeLessThan(0.015);
  });

  test('estimates are unbiased within their scatter, and bootstrap intervals cover the truth', {
    timeout: 120_000,
  }, () => {
    const trials = 60;
    const truth = parameterExponent(TRUTH);
    let hits = 0;
    const found: number[] = [];
    for (let trial = 0; trial < trials; trial++) {
      const fit = fitLossLaw(runsOf(TRUTH, stream(trial, 'coverage'), 240, 0.0075), { starts: 4 });
      const draws = bootstrapLossLaw(fit, { replicates: 100, seed: trial }).map(parameterExponent);
      const interval = percentileInterval(parameterExponent(fit.law), draws);
      found.push(interval.value);
      hits += Number(interval.low <= truth && truth <= interval.high);
    }
    // 95 % nominal; a hundred replicates and a percentile interval cost some of it.
    expect(hits / trials).toBeGreaterThan(0.93 - 4 * Math.sqrt((0.93 * 0.07) / trials));
    const mean = found.reduce((a, b) => a + b) / trials;
    const sd = Math.sqrt(found.reduce((sum, value) => sum + (value - mean) ** 2, 0) / trials);
    expect(Math.abs(mean - truth)).toBeLessThan(sd * (0.1 + 4 / Math.sqrt(trials)));
  });

  test('too few points, or a loss of zero, are refused', () => {
    expect(() => fitLossLaw(runsOf(TRUTH, stream(1, 'runs'), 5, 0))).toThrow('too few');
    expect(() => fitLossLaw(Array(6).fill({ parameters: 1, tokens: 1, loss: 0 }))).toThrow('positive');
  });
});

describe('on the published points', () => {
  const points = readChinchillaPoints();
  let fit: LossLawFit;
  beforeAll(() => {
    fit = fitLossLaw(points);
  });

  test('the Huber optimum is that of an independent fit and of the published notebook', () => {
    // Independent: 4,500 starts in numpy. Notebook: epoch-research/analyzing-chinchilla@9225883.
    const { law } = fit;
    expect(points).toHaveLength(240);
    expect(law.e).toBeCloseTo(1.8172, 4);
    expect([law.a, law.b]).toBeAllclose([477.825, 2143.44], { rtol: 1e-4 });
    expect([law.alpha, law.beta]).toBeAllclose([0.34731, 0.36717], { atol: 1e-5, rtol: 0 });
    expect(fit.objective).toBeLessThanOrEqual(1.0182735e-3);
    const notebook = LOSS_LAWS.epochNotebook;
    expect([law.e, law.a, law.b, law.alpha, law.beta]).toBeAllclose(
      [notebook.e, notebook.a, notebook.b, notebook.alpha, notebook.beta],
      { rtol: 3e-4 },
    );
  });

  test('every seed of starts ends at the same optimum', () => {
    for (const seed of [2, 3, 4])
      expect(fitLossLaw(points, { seed }).objective / fit.objective).toBeCloseTo(1, 9);
  });

  test('published tuples have the objectives that were computed for them elsewhere', () => {
    expect(objectiveOf(LOSS_LAWS.besiroglu, points) * 1e3).toBeCloseTo(1.02284, 4);
    expect(objectiveOf(LOSS_LAWS.hoffmann, points) * 1e3).toBeCloseTo(1.23116, 2);
    expect(objectiveOf(LOSS_LAWS.hoffmannRounded, points) * 1e3).toBeCloseTo(4.12101, 4);
  });

  test('the least-absolute-deviation optimum is another point, near the published tuple', () => {
    const { law } = fitLeastAbsolute(points, fit);
    expect([law.e, law.a, law.b]).toBeAllclose([1.81685, 481.95, 2084.98], { rtol: 2e-5 });
    expect([law.alpha, law.beta]).toBeAllclose([0.34781, 0.36584], { atol: 1e-5, rtol: 0 });
    expect(parameterExponent(law)).toBeCloseTo(0.5126, 4);
  });

  test('stopping early reproduces the published mistake: too small an exponent, too large an objective', () => {
    const early = fitStoppedEarly(points);
    expect(early.objective).toBeGreaterThan(1.05e-3);
    expect(parameterExponent(early.law)).toBeLessThan(0.48);
    expect(computeOptimal(early.law, 5.76e23).tokensPerParameter).toBeGreaterThan(35);
  });

  test('keeping the highest losses moves the exponent: 0.565, 0.544, 0.538, 0.524, 0.516, 0.514', () => {
    const exponents = [0, 1, 2, 3, 4, 5].map((drop) =>
      parameterExponent(fitLossLaw(readChinchillaPoints(drop), { starts: 8 }).law),
    );
    expect(exponents).toBeAllclose([0.565, 0.544, 0.538, 0.524, 0.516, 0.514], { atol: 0.0006, rtol: 0 });
  });

  test('the bootstrap has the published spread', () => {
    const draws = bootstrapLossLaw(fit, { replicates: 400 });
    const exponents = draws.map(parameterExponent);
    const mean = exponents.reduce((a, b) => a + b) / exponents.length;
    const sd = Math.sqrt(exponents.reduce((sum, a) => sum + (a - mean) ** 2, 0) / exponents.length);
    expect(sd).toBeGreaterThan(0.016);
    expect(sd).toBeLessThan(0.023);
    expect(bootstrapLossLaw(fit, { replicates: 2 })).toEqual(draws.slice(0, 2));
  });

  test('2,000 refits take less than a minute of one core', () => {
    // Processor time: the wall clock depends on what else the machine does.
    const before = process.cpuUsage();
    bootstrapLossLaw(fit, { replicates: 100 });
    const { user } = process.cpuUsage(before);
    expect((user / 1e6) * 20).toBeLessThan(60);
  });
});

describe('the best model for a budget', () => {
  const anyLaw = fc.record({
    e: fc.double({ min: 1, max: 2, noNaN: true }),
    a: fc.double({ min: 100, max: 1000, noNaN: true }),
    b: fc.double({ min: 100, max: 5000, noNaN: true }),
    alpha: fc.double({ min: 0.2, max: 0.6, noNaN: true }),
    beta: fc.double({ min: 0.2, max: 0.6, noNaN: true }),
  });

  test('spends the budget, and no neighbour on it does better', () => {
    fc.assert(
      fc.property(anyLaw, fc.double({ min: 18, max: 26, noNaN: true }), (law, logFlop) => {
        const best = computeOptimal(law, 10 ** logFlop);
        const spent = FLOP_PER_PARAMETER_TOKEN * best.parameters * best.tokens;
        expect(spent / best.flop).toBeCloseTo(1, 9);
        for (const factor of [0.9, 1.1])
          expect(lossAt(law, best.parameters * factor, best.tokens / factor)).toBeGreaterThan(best.loss);
      }),
    );
  });

  test('at 5.76e23 FLOP: 17.9 tokens a parameter by the refit, 58.9 and 92.7 by the published coefficients', () => {
    const refit = { e: 1.81722, a: 477.825, b: 2143.44, alpha: 0.34731, beta: 0.36717 };
    expect(computeOptimal(refit, 5.76e23).tokensPerParameter).toBeCloseTo(17.9, 1);
    expect(computeOptimal(LOSS_LAWS.hoffmann, 5.76e23).tokensPerParameter).toBeCloseTo(58.9, 0);
    expect(computeOptimal(LOSS_LAWS.hoffmannRounded, 5.76e23).tokensPerParameter).toBeCloseTo(92.7, 0);
    expect(parameterExponent(LOSS_LAWS.hoffmannRounded)).toBeCloseTo(0.4516, 4);
  });
});
