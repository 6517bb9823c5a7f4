import { readChinchillaPoints } from '../../src/data/chinchilla-points.js';
import { type RunContext, z } from '../../src/index.js';
import {
  bootstrapLossLaw,
  computeOptimal,
  fitLeastAbsolute,
  fitLossLaw,
  fitStoppedEarly,
  LOSS_LAWS,
  type LossLaw,
  lossAt,
  objectiveOf,
  parameterExponent,
  percentileInterval,
} from '../../src/scaling/index.js';

export const config = z.strictObject({
  drop: z
    .int()
    .min(0)
    .max(100)
    .default(5)
    .describe('highest losses left out of the fit; the published refit drops 5'),
  delta: z.number().positive().default(1e-3).describe('log residual beyond which deviations count linearly'),
  starts: z.int().min(1).default(20).describe('random starts of the search'),
  bootstrap: z.int().min(50).default(2000).describe('refits to points drawn anew'),
  budgetFlop: z
    .number()
    .positive()
    .default(5.76e23)
    .describe('training budget at which the best model is quoted'),
});
export type Config = z.output<typeof config>;

/** Fits the law in several ways, and again to points drawn anew or left out. */
export async function fitAll(config: Config, { seed, progress }: Pick<RunContext, 'seed' | 'progress'>) {
  const points = readChinchillaPoints(config.drop);
  const { delta, starts, budgetFlop } = config;
  progress(0, config.bootstrap, 'fitting');
  const huber = fitLossLaw(points, { delta, starts, seed });
  const fits: [string, LossLaw][] = [
    ['Huber, converged', huber.law],
    ['least absolute deviation', fitLeastAbsolute(points, huber).law],
    ['stopped early', fitStoppedEarly(points, delta).law],
    ['Besiroglu et al. 2024, as published', LOSS_LAWS.besiroglu],
    ['Hoffmann et al. 2022, TeX source', LOSS_LAWS.hoffmann],
    ['Hoffmann et al. 2022, as printed', LOSS_LAWS.hoffmannRounded],
  ];
  const laws = bootstrapLossLaw(huber, {
    replicates: config.bootstrap,
    seed,
    progress: (done) => progress(done, config.bootstrap, 'bootstrap'),
  });
  return {
    metrics: {
      fits: fits.map(([fit, law]) => ({
        fit,
        ...described(law, budgetFlop),
        objective: objectiveOf(law, points, delta),
      })),
      drops: [0, 1, 2, 3, 4, 5].map((drop) => {
        const { law } = fitLossLaw(readChinchillaPoints(drop), {
          delta,
          starts: Math.min(starts, 8),
          seed,
        });
        return { drop, ...described(law, budgetFlop) };
      }),
      bootstrap: summary(huber.law, laws, budgetFlop),
      exponents: laws.map(parameterExponent),
      exponentSd: standardDeviation(laws.map(parameterExponent)),
      points: points.map(({ parameters, tokens, loss }) => ({
        parameters,
        tokens,
        loss,
        residual: Math.log(loss / lossAt(huber.law, parameters, tokens)),
      })),
      rmsResidual: rms(
        points.map(({ parameters, tokens, loss }) => Math.log(loss / lossAt(huber.law, parameters, tokens))),
      ),
    },
  };
}

export type Metrics = Awaited<ReturnType<typeof fitAll>>['metrics'];

function described(law: LossLaw, budgetFlop: number) {
  const { e, a: A, b: B, alpha, beta } = law;
  const { tokensPerParameter } = computeOptimal(law, budgetFlop);
  return { e, A, B, alpha, beta, a: parameterExponent(law), tokensPerParameter };
}

function summary(law: LossLaw, draws: readonly LossLaw[], budgetFlop: number) {
  const names = {
    e: 'E (nats)',
    A: 'A',
    B: 'B',
    alpha: 'alpha',
    beta: 'beta',
    a: 'a = beta/(alpha + beta)',
    tokensPerParameter: 'tokens per parameter',
  } as const;
  const value = described(law, budgetFlop);
  const all = draws.map((draw) => described(draw, budgetFlop));
  return (Object.keys(names) as (keyof typeof names)[]).map((key) => {
    const values = all.map((draw) => draw[key]);
    const inner = percentileInterval(value[key], values, 0.8);
    return {
      quantity: names[key],
      ...percentileInterval(value[key], values),
      low80: inner.low,
      high80: inner.high,
    };
  });
}

function standardDeviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

function rms(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
}
