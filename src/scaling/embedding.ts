import { leastSquares } from './line.js';
import { FLOP_PER_PARAMETER_TOKEN, type LossLaw, lossAt } from './loss-law.js';
import { rootBetween } from './minimise-1d.js';

/** N_total = N + γ·N^(1/3): parameters with embeddings, from those without. */
export const EMBEDDING_FACTOR = 47_491;

/** The best model of a budget that is counted without embeddings. */
export interface FrontierPoint {
  readonly flopWithout: number;
  readonly flopTotal: number;
  readonly parametersWithout: number;
  readonly parametersTotal: number;
  readonly tokens: number;
  readonly loss: number;
}

/** Parameters with embeddings of a transformer of N parameters without (Pearce & Song 2024, arXiv:2406.12907). */
export function totalParameters(without: number, gamma = EMBEDDING_FACTOR): number {
  return without + gamma * Math.cbrt(without);
}

/**
 * The model of N non-embedding parameters on the frontier of least L(N_total, D) at C = 6·N·D, with the D that
 * puts it there: beta·B·D^-beta = alpha·A·N_total^-alpha · dlog N_total/dlog N.
 */
export function frontierPoint(law: LossLaw, without: number, gamma = EMBEDDING_FACTOR): FrontierPoint {
  const total = totalParameters(without, gamma);
  const elasticity = (without + (gamma / 3) * Math.cbrt(without)) / total;
  const gain = law.alpha * law.a * total ** -law.alpha * elasticity;
  const tokens = ((law.beta * law.b) / gain) ** (1 / law.beta);
  return {
    flopWithout: FLOP_PER_PARAMETER_TOKEN * without * tokens,
    flopTotal: FLOP_PER_PARAMETER_TOKEN * total * tokens,
    parametersWithout: without,
    parametersTotal: total,
    tokens,
    loss: lossAt(law, total, tokens),
  };
}

/** The point of the frontier at a budget of C = 6·N·D FLOP, N without embeddings. */
export function frontierAtBudget(law: LossLaw, flop: number, gamma = EMBEDDING_FACTOR): FrontierPoint {
  // The budget grows with the model: a bracket from one parameter to 10^20 holds every answer.
  const excess = (logN: number) => Math.log(frontierPoint(law, Math.exp(logN), gamma).flopWithout / flop);
  return frontierPoint(law, Math.exp(rootBetween(excess, 0, 20 * Math.LN10)), gamma);
}

/** Slope of log y on log x over the points of a frontier: what one would publish as an exponent. */
export function frontierSlope(
  points: readonly FrontierPoint[],
  y: (point: FrontierPoint) => number,
  x: (point: FrontierPoint) => number,
): number {
  return slope(points.map(x), points.map(y));
}

/**
 * What one finds with a ladder of models instead of all sizes: at each budget the best of the ladder, and the
 * slope of log N on log C through them, both without embeddings.
 */
export function ladderSlope(
  law: LossLaw,
  ladder: readonly number[],
  budgets: readonly number[],
  gamma = EMBEDDING_FACTOR,
): number {
  const best = budgets.map((flop) => {
    const losses = ladder.map((without) =>
      lossAt(law, totalParameters(without, gamma), flop / (FLOP_PER_PARAMETER_TOKEN * without)),
    );
    return ladder[losses.indexOf(Math.min(...losses))];
  });
  return slope(budgets, best);
}

function slope(x: readonly number[], y: readonly number[]): number {
  return leastSquares(x.map(Math.log), y.map(Math.log)).slope.value;
}
