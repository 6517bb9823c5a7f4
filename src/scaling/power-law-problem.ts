import { RunError } from '../util/errors.js';
import { linspace, logspace, type Minimum, minimise } from './minimise-1d.js';
import type { SizedError } from './power-law.js';

/** Range of exponents that is searched; an interval that reaches an end of it is unbounded there. */
export const EXPONENTS = { low: 1e-3, high: 20 } as const;

const EXPONENT_GRID = logspace(EXPONENTS.low, EXPONENTS.high, 31);
/** Logit of φ, the floor's share of the error at the smallest size: 6e-6 to 1 - 6e-6; 0 and 1 are tried too. */
const SHARE_GRID = linspace(-12, 12, 17);

/** A solution of the least-squares problem. */
export interface Solution {
  readonly floor: number;
  readonly coefficient: number;
  readonly exponent: number;
  /** Σ (log y - log ŷ)² */
  readonly rss: number;
}

/**
 * Least squares of log y on log(S·(φ + (1 - φ)·r^-alpha)), r = N/N₀ with N₀ the smallest size.
 * The points of one size enter by their mean, and by their scatter, which no curve removes.
 */
export class PowerLawProblem {
  readonly degreesOfFreedom: number;
  /** Largest geometric mean error of a size: no floor lies above it. */
  readonly largestError: number;

  private readonly groups: readonly SizeGroup[];
  private readonly smallest: number;
  private readonly scatter: number;
  private readonly decay: Float64Array;
  private readonly shape: Float64Array;

  /** @param fixedFloor E, if it is known */
  constructor(
    private readonly points: readonly SizedError[],
    private readonly fixedFloor?: number,
  ) {
    this.groups = groupBySize(points, fixedFloor ?? 0);
    const parameters = fixedFloor === undefined ? 3 : 2;
    if (this.groups.length < parameters) {
      const kind = fixedFloor === undefined ? 'with a floor to be fitted' : 'with a given floor';
      throw new RunError(
        `a power law ${kind} needs ${parameters} different sizes, not ${this.groups.length}`,
      );
    }
    this.degreesOfFreedom = points.length - parameters;
    this.largestError = Math.exp(Math.max(...this.groups.map(({ mean }) => mean)));
    this.smallest = Math.min(...this.groups.map(({ size }) => size));
    this.scatter = this.groups.reduce((sum, group) => sum + group.scatter, 0);
    this.decay = new Float64Array(this.groups.length);
    this.shape = new Float64Array(this.groups.length);
  }

  best(): Solution {
    const exponent = this.givenFloor(this.fixedFloor).at;
    const { scale, share, rss } = this.overShare(exponent, this.fixedFloor);
    return {
      floor: this.fixedFloor ?? scale * share,
      coefficient: scale * (1 - share) * this.smallest ** exponent,
      exponent,
      rss,
    };
  }

  /** Smallest RSS with that exponent. */
  givenExponent(exponent: number): number {
    return this.overShare(exponent, this.fixedFloor).rss;
  }

  /** Smallest RSS over all exponents with that floor (undefined: over all floors); `at` is the exponent. */
  givenFloor(floor: number | undefined): Minimum {
    return minimise((exponent) => this.overShare(exponent, floor).rss, EXPONENT_GRID);
  }

  private overShare(
    exponent: number,
    floor: number | undefined,
  ): { scale: number; share: number; rss: number } {
    this.groups.forEach(({ size }, i) => {
      this.decay[i] = (size / this.smallest) ** -exponent;
    });
    if (floor === 0) return this.scaled(0);
    if (floor !== undefined) return this.withFloor(floor);
    const { at } = minimise((logit) => this.scaled(logistic(logit)).rss, SHARE_GRID);
    const candidates = [logistic(at), 0, 1].map((share) => this.scaled(share));
    return candidates.reduce((a, b) => (b.rss < a.rss ? b : a));
  }

  /** The best scale for a share, in closed form. */
  private scaled(share: number) {
    let sum = 0;
    this.groups.forEach(({ count, mean }, i) => {
      this.shape[i] = Math.log(share + (1 - share) * this.decay[i]);
      sum += count * (mean - this.shape[i]);
    });
    const logScale = sum / this.points.length;
    return { scale: Math.exp(logScale), share, rss: this.rss(logScale) };
  }

  /** With the floor given, the share follows from the scale, which is searched for. */
  private withFloor(floor: number) {
    const at = (logScale: number) => {
      const share = floor / Math.exp(logScale);
      for (let i = 0; i < this.shape.length; i++)
        this.shape[i] = Math.log(share + (1 - share) * this.decay[i]);
      return this.rss(logScale);
    };
    const lowest = Math.log(floor);
    const best = minimise(at, linspace(lowest, Math.max(lowest, Math.log(this.largestError)) + 1, 17));
    const scale = Math.exp(best.at);
    return { scale, share: floor / scale, rss: best.value };
  }

  private rss(logScale: number): number {
    let rss = this.scatter;
    this.groups.forEach(({ count, mean }, i) => {
      rss += count * (mean - logScale - this.shape[i]) ** 2;
    });
    return rss;
  }
}

function logistic(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

interface SizeGroup {
  size: number;
  count: number;
  /** Mean of log error, and sum of squares about it. */
  mean: number;
  scatter: number;
}

function groupBySize(points: readonly SizedError[], floor: number): SizeGroup[] {
  const logsBySize = new Map<number, number[]>();
  for (const { size, error } of points) {
    if (!(size > 0 && error > 0 && Number.isFinite(size) && Number.isFinite(error)))
      throw new RunError(`a power law takes positive sizes and errors, not ${size} and ${error}`);
    const logs = logsBySize.get(size) ?? [];
    logsBySize.set(size, logs);
    logs.push(Math.log(error));
  }
  return [...logsBySize].map(([size, logs]) => {
    const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
    if (Math.exp(mean) <= floor)
      throw new RunError(`the errors at size ${size} do not lie above the floor ${floor}`);
    return { size, count: logs.length, mean, scatter: logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) };
  });
}
