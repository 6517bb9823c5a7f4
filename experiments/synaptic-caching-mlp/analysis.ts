import { mean, sampleStandardDeviation } from 'simple-statistics';
import type { Config } from './config.js';
import { type Metrics, type Row, thresholdsAt } from './run.js';

/** Mean over the runs of a point. */
export interface PointMean {
  hidden: number;
  threshold: number | null;
  accuracy: number;
  runs: number;
  of: number;
  samples: number;
  energy: number;
  sd: number;
  least: number;
}

/** Energy with maintenance at the configured cost. */
function energyOf(row: Row, cost: number): number {
  return row.change + cost * row.held;
}

/** NaN unless every run reached the accuracy: the lucky ones would make a mean too low. */
export function pointMean(
  config: Config,
  { rows }: Metrics,
  hidden: number,
  threshold: number | null,
  accuracy: number,
): PointMean {
  const group = rows.filter(
    (row) => row.hidden === hidden && row.threshold === threshold && row.accuracy === accuracy,
  );
  const good = group.filter((row) => row.reached);
  const all = good.length === group.length && group.length > 0;
  const of = (pick: (row: Row) => number) => (all ? mean(good.map(pick)) : Number.NaN);
  const energies = good.map((row) => energyOf(row, config.cost));
  return {
    hidden,
    threshold,
    accuracy,
    runs: good.length,
    of: group.length,
    samples: of((row) => row.samples),
    energy: all ? mean(energies) : Number.NaN,
    sd: energies.length > 1 ? sampleStandardDeviation(energies) : 0,
    least: of((row) => row.least),
  };
}

/** The threshold with the least energy, or null if no threshold reached the accuracy in every run. */
export function bestCached(
  config: Config,
  metrics: Metrics,
  hidden: number,
  accuracy: number,
  thresholds = thresholdsAt(hidden, config),
): PointMean | null {
  return thresholds
    .map((threshold) => pointMean(config, metrics, hidden, threshold, accuracy))
    .filter((point) => Number.isFinite(point.energy))
    .reduce<PointMean | null>(
      (best, point) => (best === null || point.energy < best.energy ? point : best),
      null,
    );
}

/** Sizes with their energies, without a cache and with the best of the same thresholds for all. */
export function bySize(config: Config, metrics: Metrics, accuracy: number) {
  return config.sizes.map((hidden) => ({
    hidden,
    plain: pointMean(config, metrics, hidden, null, accuracy),
    cached: bestCached(config, metrics, hidden, accuracy, config.sizeThresholds),
  }));
}

/** The size that takes least energy. */
export function bestSize(sizes: { hidden: number; energy: number }[]): number {
  const reached = sizes.filter(({ energy }) => Number.isFinite(energy));
  if (reached.length === 0) return Number.NaN;
  return reached.reduce((best, size) => (size.energy < best.energy ? size : best)).hidden;
}
