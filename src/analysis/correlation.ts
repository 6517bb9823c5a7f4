import { stream } from '../util/rng.js';
import { binnedCounts, type SpikeTrains, type Stretch, trainOf } from './spike-trains.js';

export interface CorrelationOptions extends Stretch {
  binMs: number;
  /** Neurons drawn at random among those that spiked; all pairs of them are looked at. */
  neurons: number;
  seed: number;
}

/**
 * Pearson correlations of the spike counts of pairs of neurons: cov(n_i, n_j)/√(var n_i · var n_j) over bins.
 * Independent neurons have a mean of 0 and a spread of 1/√bins.
 */
export function pairwiseCorrelations(
  trains: SpikeTrains,
  { binMs, neurons, seed, ...stretch }: CorrelationOptions,
): Float64Array {
  const spiking = Array.from({ length: trains.neurons }, (_, k) => k).filter(
    (k) => trains.starts[k + 1] > trains.starts[k],
  );
  const order = stream(seed, 'pairs of neurons').permutation(spiking.length);
  const rows = Array.from(order.slice(0, neurons), (i) =>
    standardised(binnedCounts(trainOf(trains, spiking[i]), stretch, binMs, trains.dtMs)),
  ).filter((row) => row !== null);
  const correlations: number[] = [];
  for (let i = 0; i < rows.length; i++)
    for (let j = 0; j < i; j++)
      correlations.push(rows[i].reduce((sum, value, b) => sum + value * rows[j][b], 0));
  return Float64Array.from(correlations);
}

/** (x - mean)/|x - mean|, or null for a row that does not vary. */
function standardised(row: Float64Array): Float64Array | null {
  const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
  const norm = Math.sqrt(row.reduce((sum, value) => sum + (value - mean) ** 2, 0));
  return norm > 0 ? row.map((value) => (value - mean) / norm) : null;
}
