import { type LbfgsResult, lbfgs } from '../optimise/lbfgs.js';
import { RunError } from '../util/errors.js';
import { stream } from '../util/rng.js';
import type { LossLaw } from './loss-law.js';
import { huberObjective, type LossPoint, lawOf, logPointsOf, thetaOf } from './loss-law-objective.js';

/** A fitted law with the sum of Huber losses at it. */
export interface LossLawFit {
  readonly law: LossLaw;
  /** Σ Huber_δ(log L̂ - log L) over the points. */
  readonly objective: number;
  readonly delta: number;
  readonly points: readonly LossPoint[];
}

/** How the search goes. */
export interface LossLawOptions {
  /** Residual of log loss beyond which deviations count linearly. */
  delta?: number;
  /** Random starts from the published grid; the best end wins. */
  starts?: number;
  seed?: number;
}

/** Where searches start: all 4,500 combinations (Hoffmann et al. 2022, arXiv:2203.15556, app. D.3). */
const START_GRID = {
  logA: [0, 5, 10, 15, 20, 25],
  logB: [0, 5, 10, 15, 20, 25],
  logE: [-1, -0.5, 0, 0.5, 1],
  alpha: [0, 0.5, 1, 1.5, 2],
  beta: [0, 0.5, 1, 1.5, 2],
} as const;

/** Tight tolerances for an objective of the order of one. */
const TO_THE_END = { maxIterations: 3000, gradientTolerance: 1e-9, valueTolerance: 1e-15 };

/**
 * Fits L(N, D) = E + A/N^alpha + B/D^beta by Huber loss on log L, L-BFGS from many starts, to convergence.
 *
 * @throws RunError with fewer than six points or a number that is not positive
 */
export function fitLossLaw(
  points: readonly LossPoint[],
  { delta = 1e-3, starts = 20, seed = 1 }: LossLawOptions = {},
): LossLawFit {
  check(points);
  const ends = startsFrom(starts, seed).map((start) => descend(points, start, delta));
  return ends.reduce((best, fit) => (fit.objective < best.objective ? fit : best));
}

/**
 * The least-absolute-deviation optimum: δ shrinks to 1e-6 step by step, each fit starting at the last.
 * It is another point than the Huber optimum; do not check one against the other.
 */
export function fitLeastAbsolute(points: readonly LossPoint[], from = fitLossLaw(points)): LossLawFit {
  let fit = from;
  for (let delta = from.delta / 2; delta > 1e-6; delta /= 2) fit = descend(points, fit.law, delta);
  return descend(points, fit.law, 1e-6);
}

/**
 * The mistake behind the coefficients of Hoffmann et al.: the mean instead of the sum of the losses, raw
 * coordinates, and an optimiser's default tolerances, which are absolute and so stop it early. All 4,500
 * starts of their grid are tried, as they did, and the best end is still not the minimum.
 */
export function fitStoppedEarly(points: readonly LossPoint[], delta = 1e-3): LossLawFit {
  check(points);
  const logs = logPointsOf(points, false);
  const mean = huberObjective(logs, { delta, factor: 1 / points.length });
  let best: LbfgsResult | undefined;
  for (const start of wholeGrid()) {
    const end = lbfgs(mean, thetaOf(start, logs));
    if (best === undefined || end.value < best.value) best = end;
  }
  return { law: lawOf(best!.x, logs), objective: best!.value * points.length, delta, points };
}

/** Σ Huber_δ of a law on points. */
export function objectiveOf(law: LossLaw, points: readonly LossPoint[], delta = 1e-3): number {
  const logs = logPointsOf(points, true);
  return huberObjective(logs, { delta, factor: 1 })(thetaOf(law, logs), new Float64Array(5));
}

/**
 * Bootstrap: the law refitted to points drawn anew with replacement, each search starting at the fit.
 *
 * @param progress called after each replicate with the number done
 */
export function bootstrapLossLaw(
  { law, points, delta }: LossLawFit,
  { replicates = 2000, seed = 1, progress = (_done: number) => {} } = {},
): LossLaw[] {
  const random = stream(seed, 'loss law bootstrap');
  const weights = new Float64Array(points.length);
  const laws: LossLaw[] = [];
  for (let replicate = 0; replicate < replicates; replicate++) {
    weights.fill(0);
    for (let i = 0; i < points.length; i++) weights[random.integer(points.length)]++;
    laws.push(descend(points, law, delta, weights).law);
    progress(replicate + 1);
  }
  return laws;
}

/** Follows the objective down from a law until nothing is gained; restarts shed a worn Hessian. */
function descend(
  points: readonly LossPoint[],
  from: LossLaw,
  delta: number,
  weights?: ArrayLike<number>,
): LossLawFit {
  const logs = logPointsOf(points, true);
  // In units of δ/100 per point the objective is of the order of one, whatever δ.
  const factor = 100 / (delta * points.length);
  const objective = huberObjective(logs, { delta, factor, weights });
  let best = lbfgs(objective, thetaOf(from, logs), TO_THE_END);
  for (let restart = 0; restart < 10; restart++) {
    const again = lbfgs(objective, best.x, TO_THE_END);
    const gain = best.value - again.value;
    if (gain > 0) best = again;
    if (gain < 1e-12) break;
  }
  return { law: lawOf(best.x, logs), objective: best.value / factor, delta, points };
}

function startsFrom(count: number, seed: number): LossLaw[] {
  const random = stream(seed, 'loss law starts');
  const grid = wholeGrid();
  return Array.from({ length: count }, () => grid[random.integer(grid.length)]);
}

function wholeGrid(): LossLaw[] {
  const { logA, logB, logE, alpha, beta } = START_GRID;
  return logA.flatMap((a) =>
    logB.flatMap((b) =>
      logE.flatMap((e) =>
        alpha.flatMap((alpha) =>
          beta.map((beta) => ({ a: Math.exp(a), b: Math.exp(b), e: Math.exp(e), alpha, beta })),
        ),
      ),
    ),
  );
}

function check(points: readonly LossPoint[]): void {
  if (points.length < 6)
    throw new RunError(`a loss law has five parameters; ${points.length} points are too few`);
  for (const { parameters, tokens, loss } of points) {
    if (!(parameters > 0 && tokens > 0 && loss > 0))
      throw new RunError(`a loss law takes positive numbers, not ${parameters}, ${tokens}, ${loss}`);
  }
}
