import type { Objective } from '../optimise/lbfgs.js';
import type { LossLaw } from './loss-law.js';

/** One training run: parameters, tokens, and the loss it ended with in nats a token. */
export interface LossPoint {
  readonly parameters: number;
  readonly tokens: number;
  readonly loss: number;
}

/** The points in logarithms, and the logs at which the two power laws are anchored. */
export interface LogPoints {
  readonly logN: Float64Array;
  readonly logD: Float64Array;
  readonly logL: Float64Array;
  readonly anchorN: number;
  readonly anchorD: number;
}

/**
 * Logarithms of the points. With `anchored`, N and D are measured from their means, so that amplitudes and
 * exponents are nearly independent and the search is well conditioned.
 */
export function logPointsOf(points: readonly LossPoint[], anchored: boolean): LogPoints {
  const logN = Float64Array.from(points, ({ parameters }) => Math.log(parameters));
  const logD = Float64Array.from(points, ({ tokens }) => Math.log(tokens));
  const logL = Float64Array.from(points, ({ loss }) => Math.log(loss));
  const anchorN = anchored ? mean(logN) : 0;
  const anchorD = anchored ? mean(logD) : 0;
  return { logN: logN.map((x) => x - anchorN), logD: logD.map((x) => x - anchorD), logL, anchorN, anchorD };
}

/**
 * factor · Σ weight · Huber_δ(log L̂ - log L) with log L̂ = logsumexp(a - alpha·log N, b - beta·log D, e), and its
 * gradient in θ = (a, b, e, alpha, beta).
 *
 * d log L̂ / da is the share of the first term in the sum, and so on; Huber_δ(r) = r²/2 up to δ, then
 * δ(|r| - δ/2).
 */
export function huberObjective(
  { logN, logD, logL }: LogPoints,
  { delta, factor, weights }: { delta: number; factor: number; weights?: ArrayLike<number> },
): Objective {
  return ([a, b, e, alpha, beta], gradient) => {
    let sum = 0;
    gradient.fill(0);
    for (let i = 0; i < logL.length; i++) {
      const weight = weights === undefined ? 1 : weights[i];
      if (weight === 0) continue;
      const model = a - alpha * logN[i];
      const data = b - beta * logD[i];
      const top = Math.max(model, data, e);
      const expModel = Math.exp(model - top);
      const expData = Math.exp(data - top);
      const expFloor = Math.exp(e - top);
      const total = expModel + expData + expFloor;
      const residual = top + Math.log(total) - logL[i];
      const size = Math.abs(residual);
      sum += weight * (size <= delta ? residual ** 2 / 2 : delta * (size - delta / 2));
      const pull = (weight * Math.max(-delta, Math.min(delta, residual))) / total;
      gradient[0] += pull * expModel;
      gradient[1] += pull * expData;
      gradient[2] += pull * expFloor;
      gradient[3] -= pull * expModel * logN[i];
      gradient[4] -= pull * expData * logD[i];
    }
    for (let k = 0; k < gradient.length; k++) gradient[k] *= factor;
    return factor * sum;
  };
}

/** θ = (a, b, e, alpha, beta) of a law, in the coordinates of the points. */
export function thetaOf({ e, a, b, alpha, beta }: LossLaw, { anchorN, anchorD }: LogPoints): Float64Array {
  return Float64Array.of(
    Math.log(a) - alpha * anchorN,
    Math.log(b) - beta * anchorD,
    Math.log(e),
    alpha,
    beta,
  );
}

/** The law of a θ. */
export function lawOf(
  [a, b, e, alpha, beta]: ArrayLike<number> & Iterable<number>,
  points: LogPoints,
): LossLaw {
  return {
    e: Math.exp(e),
    a: Math.exp(a + alpha * points.anchorN),
    b: Math.exp(b + beta * points.anchorD),
    alpha,
    beta,
  };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
