import type { Stream } from '../util/rng.js';
import { leastSquares } from './line.js';

/** A quantity known by an interval of 90 or 95 %, normal in its logarithm. */
export interface LogNormalInterval {
  readonly low: number;
  readonly high: number;
  readonly confidence: 0.9 | 0.95;
}

/** Standard normal quantiles of the upper ends of the intervals. */
const UPPER_QUANTILE = { 0.9: 1.6448536269514722, 0.95: 1.959963984540054 } as const;

/** A draw from the lognormal distribution with that interval. */
export function drawLogNormal({ low, high, confidence }: LogNormalInterval, random: Stream): number {
  const centre = (Math.log(low) + Math.log(high)) / 2;
  const sd = Math.log(high / low) / 2 / UPPER_QUANTILE[confidence];
  return Math.exp(centre + sd * random.normal());
}

/**
 * Inputs of Villalobos et al. 2024 (arXiv:2211.04325v2), as coded in github epoch-research/data-stock@83da8ed.
 */
export const STOCK_PRIORS = {
  pages: { low: 7.5e10, high: 1e12, confidence: 0.95 },
  bytesPerPage: { low: 6100, high: 8200, confidence: 0.95 },
  /** Bytes per token are six less this. */
  sixLessBytesPerToken: { low: 1, high: 4, confidence: 0.95 },
  usableShare: { low: 0.1, high: 0.4, confidence: 0.95 },
  repetitions: { low: 2, high: 5, confidence: 0.95 },
  /** A year. */
  pageGrowth: { low: 1, high: 1.1, confidence: 0.95 },
  lengthGrowth: { low: 1.02, high: 1.04, confidence: 0.95 },
  /** Tokens, at the beginning of 2024. */
  largestDataset: { low: 3e12, high: 13e12, confidence: 0.9 },
} as const satisfies Record<string, LogNormalInterval>;

/** One future: how much text there is, and when the largest training set will need all of it. */
export interface DataFuture {
  readonly rawTokens: number;
  readonly effectiveTokens: number;
  readonly datasetTokens: number;
  /** log10 a year, of the largest training set and of the stock. */
  readonly datasetGrowth: number;
  readonly stockGrowth: number;
  /** Infinite if the stock grows faster than the training sets. */
  readonly exhaustionYear: number;
}

const START_YEAR = 2024;

/**
 * Draws futures: stock = pages · bytes/page ÷ bytes/token, effective = stock · usable share · repetitions; the
 * largest training set grows at a rate drawn from `growthDraws` and meets the growing stock in the year
 * 2024 + log10(stock/set)/(growth of set - growth of stock).
 *
 * @param overtraining factor by which tokens per parameter exceed the optimum; at fixed compute the tokens grow
 *   by its square root
 */
export function drawFutures(
  count: number,
  growthDraws: readonly number[],
  random: Stream,
  { overtraining = 1, priors = STOCK_PRIORS }: { overtraining?: number; priors?: typeof STOCK_PRIORS } = {},
): DataFuture[] {
  return Array.from({ length: count }, () => {
    const draw = (prior: LogNormalInterval) => drawLogNormal(prior, random);
    const rawTokens =
      (draw(priors.pages) * draw(priors.bytesPerPage)) / Math.max(0.1, 6 - draw(priors.sixLessBytesPerToken));
    const effectiveTokens = rawTokens * draw(priors.usableShare) * draw(priors.repetitions);
    const datasetTokens = draw(priors.largestDataset) * Math.sqrt(overtraining);
    const datasetGrowth = growthDraws[random.integer(growthDraws.length)];
    const stockGrowth = Math.log10(draw(priors.pageGrowth) * draw(priors.lengthGrowth));
    const closing = datasetGrowth - stockGrowth;
    const years = Math.max(0, Math.log10(effectiveTokens / datasetTokens)) / closing;
    const exhaustionYear = closing > 0 ? START_YEAR + years : Number.POSITIVE_INFINITY;
    return { rawTokens, effectiveTokens, datasetTokens, datasetGrowth, stockGrowth, exhaustionYear };
  });
}

/** Bootstrap of the growth of training sets: slopes of log10 size on year, over points drawn anew. */
export function bootstrapGrowth(
  years: readonly number[],
  sizes: readonly number[],
  replicates: number,
  random: Stream,
): { value: number; draws: number[] } {
  const logs = sizes.map(Math.log10);
  const draws = Array.from({ length: replicates }, () => {
    const picked = years.map(() => random.integer(years.length));
    return leastSquares(
      picked.map((i) => years[i]),
      picked.map((i) => logs[i]),
    ).slope.value;
  });
  return { value: leastSquares(years, logs).slope.value, draws };
}

/** Months in which something doubles that grows by a factor a year. */
export function doublingMonths(factorPerYear: number): number {
  return (12 * Math.LN2) / Math.log(factorPerYear);
}
