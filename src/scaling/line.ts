import { RunError } from '../util/errors.js';
import { type Estimate, estimate, type Interval, tCritical } from './interval.js';
import { type Moments, moments, r2Of } from './moments.js';

/**
 * How a straight line is drawn through a cloud of points.
 * - 'least squares': vertical distances; predicts y from x, the slope shrinks with scatter in x.
 * - 'reduced major axis': treats both variables alike; the slope is the ratio of the standard deviations.
 */
export type LineMethod = 'least squares' | 'reduced major axis';

/** A straight line y = intercept + slope·x through n points, with 95 % intervals. */
export interface Line {
  readonly method: LineMethod;
  readonly slope: Estimate;
  readonly intercept: Estimate;
  /** Standard error of the slope. */
  readonly slopeSe: number;
  /** Square of the correlation of x and y. */
  readonly r2: number;
  /** Standard deviation of the vertical residuals, n - 2 degrees of freedom. */
  readonly residualSd: number;
  readonly n: number;
  /** Range of x that the line was fitted on. */
  readonly rangeX: Interval;
  readonly moments: Moments;
}

/**
 * Ordinary least squares of y on x: slope = Sxy/Sxx, t-based intervals with n - 2 degrees of freedom.
 *
 * @throws RunError with fewer than three points or no spread in x
 */
export function leastSquares(x: readonly number[], y: readonly number[]): Line {
  const m = checkedMoments(x, y);
  const slope = m.sxy / m.sxx;
  const residualSd = Math.sqrt(Math.max(0, m.syy - slope * m.sxy) / (m.n - 2));
  const slopeSe = residualSd / Math.sqrt(m.sxx);
  const interceptSe = residualSd * Math.sqrt(1 / m.n + m.meanX ** 2 / m.sxx);
  const t = tCritical(m.n - 2);
  return {
    method: 'least squares',
    slope: estimate(slope, t * slopeSe),
    intercept: estimate(m.meanY - slope * m.meanX, t * interceptSe),
    slopeSe,
    r2: r2Of(m),
    residualSd,
    n: m.n,
    rangeX: { low: Math.min(...x), high: Math.max(...x) },
    moments: m,
  };
}

/**
 * Reduced (standardised) major axis: slope = sign(Sxy)·√(Syy/Sxx).
 *
 * Interval of the slope: b·(√(B+1) ± √B) with B = t²(1 - r²)/(n - 2); intercept and standard errors after
 * Warton, Wright, Falster & Westoby 2006, Biol Rev 81:259, doi:10.1017/S1464793106007007.
 *
 * @throws RunError with fewer than three points or no spread in x
 */
export function reducedMajorAxis(x: readonly number[], y: readonly number[]): Line {
  const m = checkedMoments(x, y);
  const r2 = r2Of(m);
  const slope = (m.sxy < 0 ? -1 : 1) * Math.sqrt(m.syy / m.sxx);
  const t = tCritical(m.n - 2);
  const spread = (t ** 2 * (1 - r2)) / (m.n - 2);
  const ends = [-1, 1].map((side) => slope * (Math.sqrt(spread + 1) + side * Math.sqrt(spread)));
  const slopeSe = Math.sqrt(((m.syy / m.sxx) * (1 - r2)) / (m.n - 2));
  const residualSd = Math.sqrt(Math.max(0, m.syy - 2 * slope * m.sxy + slope ** 2 * m.sxx) / (m.n - 2));
  const interceptSe = Math.sqrt(residualSd ** 2 / m.n + m.meanX ** 2 * slopeSe ** 2);
  return {
    method: 'reduced major axis',
    slope: { value: slope, low: Math.min(...ends), high: Math.max(...ends) },
    intercept: estimate(m.meanY - slope * m.meanX, t * interceptSe),
    slopeSe,
    r2,
    residualSd,
    n: m.n,
    rangeX: { low: Math.min(...x), high: Math.max(...x) },
    moments: m,
  };
}

/** The line of either method. */
export function fitLine(method: LineMethod, x: readonly number[], y: readonly number[]): Line {
  return method === 'least squares' ? leastSquares(x, y) : reducedMajorAxis(x, y);
}

/** y on the line. */
export function valueAt(line: Line, x: number): number {
  return line.intercept.value + line.slope.value * x;
}

/**
 * The 95 % prediction interval of a new y at x: ŷ ± t·s·√(1 + 1/n + (x - x̄)²/Sxx).
 * Null for a reduced major axis, which describes a relation and has no prediction error of its own.
 */
export function predictionInterval(line: Line, x: number): Interval | null {
  if (line.method !== 'least squares') return null;
  const { n, meanX, sxx } = line.moments;
  const halfWidth = tCritical(n - 2) * line.residualSd * Math.sqrt(1 + 1 / n + (x - meanX) ** 2 / sxx);
  return estimate(valueAt(line, x), halfWidth);
}

/**
 * The x at which the line reaches y, with the calibration interval: all x whose prediction interval holds y.
 * The interval is null for a reduced major axis, and unbounded if the slope does not differ from zero.
 */
export function inverseAt(line: Line, y: number): { value: number; interval: Interval | null } {
  const slope = line.slope.value;
  const value = (y - line.intercept.value) / slope;
  if (line.method !== 'least squares') return { value, interval: null };
  const { n, meanX, meanY, sxx } = line.moments;
  const scatter = (tCritical(n - 2) * line.residualSd) ** 2;
  const a = slope ** 2 - scatter / sxx;
  if (a <= 0) return { value, interval: { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY } };
  const centre = meanX + (slope * (y - meanY)) / a;
  const halfWidth = Math.sqrt(scatter * ((y - meanY) ** 2 / sxx + (1 + 1 / n) * a)) / a;
  return { value, interval: estimate(centre, halfWidth) };
}

function checkedMoments(x: readonly number[], y: readonly number[]): Moments {
  const m = moments(x, y);
  if (m.n < 3) throw new RunError(`a line with intervals needs three points, not ${m.n}`);
  if (!(m.sxx > 0) || !(m.syy > 0)) throw new RunError('a line needs points that differ in x and in y');
  return m;
}
