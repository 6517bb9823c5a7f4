import { z } from '../../src/index.js';
import {
  computeOptimal,
  EMBEDDING_FACTOR,
  type FrontierPoint,
  frontierAtBudget,
  frontierPoint,
  frontierSlope,
  LOSS_LAWS,
  type LossLaw,
  ladderSlope,
  logspace,
  parameterExponent,
  totalParameters,
} from '../../src/scaling/index.js';

export const config = z.strictObject({
  coefficients: z
    .enum(['besiroglu', 'hoffmann'])
    .default('besiroglu')
    .describe('loss law behind the figures'),
  fromParameters: z
    .number()
    .positive()
    .default(10 ** 2.9)
    .describe('smallest model of the ladder, without embeddings'),
  toParameters: z
    .number()
    .positive()
    .default(10 ** 9.2)
    .describe('largest model of the ladder'),
  models: z.int().min(3).default(20).describe('models on the ladder'),
  fromFlop: z
    .number()
    .positive()
    .default(10 ** 12.95)
    .describe('smallest budget, counted without embeddings'),
  toFlop: z
    .number()
    .positive()
    .default(10 ** 20.7)
    .describe('largest budget'),
  gamma: z.number().min(0).default(EMBEDDING_FACTOR).describe('γ of N_total = N + γ·N^(1/3)'),
});
export type Config = z.output<typeof config>;

export const COEFFICIENTS = { besiroglu: LOSS_LAWS.besiroglu, hoffmann: LOSS_LAWS.hoffmann } as const;

/** L(N) ∝ N^-0.076 and L(D) ∝ D^-0.095 of Kaplan et al. 2020, arXiv:2001.08361. */
const KAPLAN = { modelExponent: 0.076, dataExponent: 0.095 };

export const COUNTS = ['without embeddings', 'all parameters'];

export async function compute({
  coefficients,
  fromParameters,
  toParameters,
  models,
  fromFlop,
  toFlop,
  gamma,
}: Config) {
  const law = COEFFICIENTS[coefficients];
  const budgets = logspace(fromFlop, toFlop, 100);
  const ladder = logspace(fromParameters, toParameters, models);
  const exact = budgets.map((flop) => frontierAtBudget(law, flop, gamma));
  return {
    metrics: {
      exponents: Object.entries(COEFFICIENTS).map(([name, each]) =>
        exponentsOf(name, each, budgets, ladder, gamma),
      ),
      gammas: [0, 0.1, 0.5, 1, 2].map((times) => ({
        times,
        exponent: exactSlope(law, budgets, times * EMBEDDING_FACTOR),
      })),
      ranges: [
        [10 ** 2.9, 10 ** 9.2],
        [1e6, 1.5e9],
        [1e7, 1e11],
      ].map(([from, to]) => rangeSlope(law, from, to, models, gamma)),
      ladderBeyondItsEnds: ladderSlope(law, logspace(1e6, 1.5e9, 20), logspace(1e15, 1e21, 40), gamma),
      lossInFlop: frontierSlope(exact, ({ loss }) => loss, flopWithout),
      reducibleLossInTotalFlop: -(law.alpha * law.beta) / (law.alpha + law.beta),
      naiveLagrangian: KAPLAN.dataExponent / (KAPLAN.modelExponent + KAPLAN.dataExponent),
      printedRatio: computeOptimal(LOSS_LAWS.hoffmannRounded, 5.76e23).tokensPerParameter,
      curves: curves(law, gamma),
      local: localExponents(law, gamma),
    },
  };
}

export type Outcome = Awaited<ReturnType<typeof compute>>;

const without = (point: FrontierPoint) => point.parametersWithout;

const flopWithout = (point: FrontierPoint) => point.flopWithout;

function exactSlope(law: LossLaw, budgets: readonly number[], gamma: number): number {
  return frontierSlope(
    budgets.map((flop) => frontierAtBudget(law, flop, gamma)),
    without,
    flopWithout,
  );
}

function exponentsOf(
  coefficients: string,
  law: LossLaw,
  budgets: readonly number[],
  ladder: readonly number[],
  gamma: number,
) {
  return {
    coefficients,
    ladder: ladderSlope(law, ladder, budgets, gamma),
    exact: exactSlope(law, budgets, gamma),
    total: parameterExponent(law),
  };
}

/** Both exponents over the budgets at which the ends of the range are the best models. */
function rangeSlope(law: LossLaw, from: number, to: number, models: number, gamma: number) {
  const budgets = logspace(
    frontierPoint(law, from, gamma).flopWithout,
    frontierPoint(law, to, gamma).flopWithout,
    100,
  );
  return {
    from,
    to,
    exact: exactSlope(law, budgets, gamma),
    ladder: ladderSlope(law, logspace(from, to, models), budgets, gamma),
  };
}

function curves(law: LossLaw, gamma: number) {
  return logspace(1e11, 1e25, 60).flatMap((flop) => [
    { count: COUNTS[0], flop, parameters: frontierAtBudget(law, flop, gamma).parametersWithout },
    { count: COUNTS[1], flop, parameters: computeOptimal(law, flop).parameters },
  ]);
}

function localExponents(law: LossLaw, gamma: number) {
  return logspace(1e8, 1e27, 80).map((flop) => {
    const [here, there] = [flop, flop * 1.1].map(
      (each) => frontierAtBudget(law, each, gamma).parametersWithout,
    );
    return {
      parameters: here,
      total: totalParameters(here, gamma),
      exponent: Math.log(there / here) / Math.log(1.1),
    };
  });
}
