import type { Population } from '../network/elements.js';
import type { Spikes } from './engine.js';

/** How a population fired. */
export interface FiringStatistics {
  rateHz: number;
  /** Mean over neurons with at least three spikes of the coefficient of variation of the inter-spike intervals. */
  cvIsi: number | null;
}

/** Rates and irregularity of every population over `durationMs`. */
export function firingStatistics(spikes: Spikes, durationMs: number): Map<Population, FiringStatistics> {
  const neurons = [...spikes.first].reduce(
    (n, [population, first]) => Math.max(n, first + population.size),
    0,
  );
  const count = new Uint32Array(neurons);
  const last = new Int32Array(neurons);
  const sum = new Float64Array(neurons);
  const squares = new Float64Array(neurons);
  spikes.neurons.forEach((neuron, k) => {
    const step = spikes.steps[k];
    if (count[neuron] > 0) {
      sum[neuron] += step - last[neuron];
      squares[neuron] += (step - last[neuron]) ** 2;
    }
    count[neuron] += 1;
    last[neuron] = step;
  });
  const statistics = new Map<Population, FiringStatistics>();
  for (const [population, first] of spikes.first) {
    let total = 0;
    let cvs = 0;
    let regular = 0;
    for (let i = first; i < first + population.size; i++) {
      total += count[i];
      if (count[i] < 3) continue;
      const n = count[i] - 1;
      const mean = sum[i] / n;
      const variance = Math.max(0, squares[i] / n - mean ** 2);
      cvs += Math.sqrt(variance) / mean;
      regular += 1;
    }
    statistics.set(population, {
      rateHz: total / population.size / (durationMs / 1000),
      cvIsi: regular > 0 ? cvs / regular : null,
    });
  }
  return statistics;
}

/** A number of all spikes and their order, by which runs are compared: FNV-1a of steps and neurons. */
export function spikeHash(spikes: Spikes): string {
  let hash = 0x811c9dc5;
  const mix = (word: number) => {
    for (let shift = 0; shift < 32; shift += 8) hash = Math.imul(hash ^ ((word >>> shift) & 255), 0x01000193);
  };
  for (let k = 0; k < spikes.steps.length; k++) {
    mix(spikes.steps[k]);
    mix(spikes.neurons[k]);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
