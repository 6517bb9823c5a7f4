import { RunError } from '../util/errors.js';

/** Means and centred sums of products of paired values. */
export interface Moments {
  readonly n: number;
  readonly meanX: number;
  readonly meanY: number;
  /** Σ(x - x̄)², Σ(x - x̄)(y - ȳ), Σ(y - ȳ)² */
  readonly sxx: number;
  readonly sxy: number;
  readonly syy: number;
}

/** Two-pass moments of the pairs (x, y). */
export function moments(x: readonly number[], y: readonly number[]): Moments {
  const n = x.length;
  if (n !== y.length) throw new RunError(`a fit got ${n} values of x and ${y.length} of y`);
  const meanX = mean(x);
  const meanY = mean(y);
  let sxx = 0;
  let sxy = 0;
  let syy = 0;
  for (let i = 0; i < n; i++) {
    sxx += (x[i] - meanX) ** 2;
    sxy += (x[i] - meanX) * (y[i] - meanY);
    syy += (y[i] - meanY) ** 2;
  }
  return { n, meanX, meanY, sxx, sxy, syy };
}

/** Square of the correlation; rounding must not lift it above one. */
export function r2Of({ sxx, sxy, syy }: Moments): number {
  return Math.min(1, sxy ** 2 / (sxx * syy));
}

function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
