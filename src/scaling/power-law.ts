import { type Estimate, tCritical } from './interval.js';
import { rootBetween } from './minimise-1d.js';
import { EXPONENTS, PowerLawProblem } from './power-law-problem.js';

/** One trained network or one measurement: size N and error y, both positive. */
export interface SizedError {
  readonly size: number;
  readonly error: number;
}

/** y = E + A·N^-alpha, with 95 % intervals where the points allow them. */
export interface PowerLawFit {
  /** E: what no size removes. */
  readonly floor: Estimate;
  readonly coefficient: number;
  /** alpha > 0. An end of 0 or Infinity means that the points do not bound it on that side. */
  readonly exponent: Estimate;
  /** Whether the floor was given rather than fitted. */
  readonly floorFixed: boolean;
  /** Root mean square of log(y/ŷ), with degrees of freedom. */
  readonly logResidualSd: number;
  readonly degreesOfFreedom: number;
  readonly points: readonly SizedError[];
}

/**
 * Fits y = E + A·N^-alpha by least squares on log y, so that relative errors count alike at every size.
 *
 * Written as y = S·(φ + (1 - φ)(N/N₀)^-alpha) with N₀ the smallest size, the scale S has a closed form and
 * the search is over φ in [0, 1] and alpha in a bounded range: few points cannot send it astray.
 * Intervals are those of the profile: all values whose best fit has RSS <= RSSmin·(1 + F/df), with F the 95 %
 * quantile of F(1, df) (Bates & Watts 1988, Nonlinear Regression Analysis, ch. 6). With noise of constant
 * relative size they cover 95 % also for few points, unlike a bootstrap.
 *
 * @param points at least three different sizes, or two if the floor is given; repeat a size for each seed
 * @param floor a number >= 0 if the floor is known (0 for a plain power law)
 * @throws RunError if there are too few sizes, a number is not positive, or the floor is not below all errors
 */
export function fitPowerLaw(points: readonly SizedError[], { floor }: { floor?: number } = {}): PowerLawFit {
  const problem = new PowerLawProblem(points, floor);
  const best = problem.best();
  const df = problem.degreesOfFreedom;
  const limit = df > 0 ? best.rss * (1 + tCritical(df) ** 2 / df) : Number.POSITIVE_INFINITY;
  return {
    floor: {
      value: best.floor,
      ...(floor === undefined ? floorInterval(problem, best, limit) : fixed(floor)),
    },
    coefficient: best.coefficient,
    exponent: { value: best.exponent, ...exponentInterval(problem, best.exponent, limit) },
    floorFixed: floor !== undefined,
    logResidualSd: df > 0 ? Math.sqrt(best.rss / df) : Number.NaN,
    degreesOfFreedom: df,
    points,
  };
}

/** The curve: E + A·N^-alpha. */
export function errorAt({ floor, coefficient, exponent }: PowerLawFit, size: number): number {
  return floor.value + coefficient * size ** -exponent.value;
}

/** What the points do not tell, in words; empty if floor and exponent are both bounded. */
export function caveatsOf(fit: PowerLawFit): string[] {
  const caveats: string[] = [];
  if (fit.degreesOfFreedom === 0) return ['as many parameters as points: no interval can be given'];
  if (fit.coefficient === 0) caveats.push('the error does not fall with size');
  if (!fit.floorFixed && fit.floor.low === 0) caveats.push('the floor cannot be told from zero');
  if (fit.exponent.low === 0) caveats.push('the exponent cannot be told from zero');
  if (fit.exponent.high === Number.POSITIVE_INFINITY) caveats.push('the exponent has no upper bound');
  return caveats;
}

function exponentInterval(problem: PowerLawProblem, best: number, limit: number) {
  const excess = (logExponent: number) => problem.givenExponent(Math.exp(logExponent)) - limit;
  const { low, high } = EXPONENTS;
  return {
    low: excess(Math.log(low)) <= 0 ? 0 : Math.exp(rootBetween(excess, Math.log(low), Math.log(best))),
    high:
      excess(Math.log(high)) <= 0
        ? Number.POSITIVE_INFINITY
        : Math.exp(rootBetween(excess, Math.log(best), Math.log(high))),
  };
}

function floorInterval(problem: PowerLawProblem, best: { floor: number }, limit: number) {
  const excess = (floor: number) => problem.givenFloor(floor).value - limit;
  const top = problem.largestError;
  return {
    low: excess(0) <= 0 ? 0 : rootBetween(excess, 0, best.floor),
    high: excess(top) <= 0 ? top : rootBetween(excess, best.floor, top),
  };
}

function fixed(value: number) {
  return { low: value, high: value };
}
