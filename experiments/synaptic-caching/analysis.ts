import { mean, median, sampleStandardDeviation } from 'simple-statistics';
import type { Rule } from '../../src/plasticity/cache.js';
import { groupBy } from '../../src/util/group-by.js';
import type { Config } from './config.js';
import { DEFAULT_RULE, type ExponentRow, type Metrics, type Row } from './run.js';

/** Mean, median and spread of a quantity over runs; `runs` is how many of `of` count. */
export interface Summary {
  mean: number;
  median: number;
  sd: number;
  runs: number;
  of: number;
}

export function summary(values: number[], of = values.length): Summary {
  if (values.length === 0) return { mean: Number.NaN, median: Number.NaN, sd: Number.NaN, runs: 0, of };
  const sd = values.length > 1 ? sampleStandardDeviation(values) : 0;
  return { mean: mean(values), median: median(values), sd, runs: values.length, of };
}

/** Runs of a part that converged; those that did not are counted, never averaged. */
export function converged(rows: Row[]): Row[] {
  return rows.filter((row) => row.converged);
}

/** Runs without a cache at a load. */
export function atLoad({ rows }: Metrics, patterns: number): Row[] {
  return rows.filter((row) => row.part === 'load' && row.patterns === patterns);
}

export function inefficiency(rows: Row[]): Summary {
  return summary(
    converged(rows).map((row) => row.change / row.least),
    rows.length,
  );
}

/**
 * Median inefficiency over all runs, where one that was given up counts as above all others: leaving it out would make
 * the median too low. NaN if half of them or more were given up.
 */
export function censoredMedian(rows: Row[]): number {
  const middle = median(rows.map((row) => (row.converged ? row.change / row.least : Number.MAX_VALUE)));
  return middle < 1e100 ? middle : Number.NaN;
}

/** Energy at a maintenance cost c. */
function energy(row: Row, cost: number): number {
  return row.change + cost * row.held;
}

/** Mean energy of the runs of one threshold, one rule and one time constant; null unless all of them converged. */
export interface CachePoint {
  rule: Rule;
  threshold: number;
  tau: number | null;
  change: number;
  held: number;
  presentations: number;
  runs: number;
  of: number;
}

export function cachePoints({ rows }: Metrics, part: 'cache' | 'decay'): CachePoint[] {
  const ofPart = rows.filter((row) => row.part === part);
  const groups = groupBy(ofPart, ({ rule, threshold, tau }) => [rule, threshold, tau].join());
  return [...groups.values()].map((group) => {
    const good = converged(group);
    const of = (pick: (row: Row) => number) => (good.length > 0 ? mean(good.map(pick)) : Number.NaN);
    const { rule, threshold, tau } = group[0];
    return {
      rule: rule!,
      threshold: threshold!,
      tau,
      change: of((row) => row.change),
      held: of((row) => row.held),
      presentations: of((row) => row.presentations),
      runs: good.length,
      of: group.length,
    };
  });
}

/** Mean energy without a cache at P = N over the seeds of the caching runs, and mean M_min. */
export function withoutCache(metrics: Metrics): { energy: number; least: number; presentations: number } {
  const seeds = new Set(metrics.rows.filter((row) => row.part === 'cache').map((row) => row.seed));
  const rows = metrics.rows.filter(
    // θ = 0 consolidates each change at once, and so is learning without a cache, with the same seeds.
    (row) => row.part === 'cache' && row.rule === DEFAULT_RULE && row.threshold === 0 && seeds.has(row.seed),
  );
  const of = (pick: (row: Row) => number) => mean(rows.map(pick));
  return {
    energy: of((row) => row.change),
    least: of((row) => row.least),
    presentations: of((row) => row.presentations),
  };
}

/** The threshold at which a rule takes least energy; only thresholds at which every run converged compete. */
export function best(
  points: CachePoint[],
  rule: Rule,
  tau: number | null,
  cost: number,
): (CachePoint & { energy: number }) | null {
  const candidates = points
    .filter((point) => point.rule === rule && point.tau === tau && point.runs === point.of)
    .map((point) => ({ ...point, energy: point.change + cost * point.held }));
  return candidates.reduce<(typeof candidates)[number] | null>(
    (least, point) => (least === null || point.energy < least.energy ? point : least),
    null,
  );
}

/** How many times less energy the best threshold takes than learning without a cache. */
export function saving(metrics: Metrics, rule: Rule, cost: number): number {
  const found = best(cachePoints(metrics, 'cache'), rule, null, cost);
  return found ? withoutCache(metrics).energy / found.energy : Number.NaN;
}

/** The same run by run, each with the seed's own energy without a cache, at the threshold that is best on average. */
export function savingOfRuns(metrics: Metrics, rule: Rule, cost: number): Summary {
  const found = best(cachePoints(metrics, 'cache'), rule, null, cost);
  const at = (threshold: number | undefined) =>
    metrics.rows.filter((row) => row.part === 'cache' && row.rule === rule && row.threshold === threshold);
  const none = new Map(at(0).map((row) => [row.seed, row.change]));
  return summary(at(found?.threshold).map((row) => none.get(row.seed)! / energy(row, cost)));
}

export function inefficiencyByModel(exponents: ExponentRow[], model: ExponentRow['model']): Summary {
  return summary(exponents.filter((row) => row.model === model).map((row) => row.energy / row.least));
}

/** Power of a synapse with decay, measured, and the fraction p of presentations with an update. */
export interface MeasuredPower {
  threshold: number;
  updateRate: number;
  held: number;
  consolidated: number;
}

export function measuredPower(config: Config, { rows }: Metrics): MeasuredPower[] {
  const power = rows.filter((row) => row.part === 'power');
  return config.decayThresholds.map((threshold) => {
    const group = power.filter((row) => row.threshold === threshold);
    const steps = group.reduce((sum, row) => sum + row.presentations, 0);
    const total = (pick: (row: Row) => number) => group.reduce((sum, row) => sum + pick(row), 0);
    const synapses = config.inputs + 1;
    return {
      threshold,
      updateRate: total((row) => row.updates) / steps,
      held: total((row) => row.held) / steps / synapses,
      consolidated: total((row) => row.change) / steps / synapses,
    };
  });
}
