import type { Spikes } from '../engine/engine.js';
import type { Population } from '../network/elements.js';

/** A stretch of simulated time: steps from `firstStep` on. */
export interface Stretch {
  firstStep: number;
  ms: number;
}

/** The spikes of one population: neuron k sent those at steps[starts[k] … starts[k + 1]), in order of time. */
export interface SpikeTrains {
  steps: Int32Array;
  starts: Uint32Array;
  neurons: number;
  dtMs: number;
}

/** Sorts the spikes of a population by neuron: what rates, intervals and correlations are computed from. */
export function spikeTrains(spikes: Spikes, population: Population): SpikeTrains {
  const first = spikes.first.get(population)!;
  const neurons = population.size;
  const starts = new Uint32Array(neurons + 1);
  for (const neuron of spikes.neurons)
    if (neuron >= first && neuron < first + neurons) starts[neuron - first + 1] += 1;
  for (let k = 0; k < neurons; k++) starts[k + 1] += starts[k];
  const next = starts.slice();
  const steps = new Int32Array(starts[neurons]);
  spikes.neurons.forEach((neuron, i) => {
    const k = neuron - first;
    if (k >= 0 && k < neurons) steps[next[k]++] = spikes.steps[i];
  });
  return { steps, starts, neurons, dtMs: spikes.dtMs };
}

/** The steps in which one neuron spiked (index in the population), a view. */
export function trainOf({ steps, starts }: SpikeTrains, neuron: number): Int32Array {
  return steps.subarray(starts[neuron], starts[neuron + 1]);
}

/** Rate of every neuron, in Hz. */
export function ratesHz({ starts, neurons }: SpikeTrains, { ms }: Stretch): Float64Array {
  return Float64Array.from({ length: neurons }, (_, k) => (1000 * (starts[k + 1] - starts[k])) / ms);
}

/**
 * Coefficient of variation of the inter-spike intervals, sd/mean, of every neuron with at least three spikes: 1 for
 * a Poisson process, 0 for a clock. Of few intervals it is biased downwards.
 */
export function cvsOfIntervals(trains: SpikeTrains): Float64Array {
  const cvs: number[] = [];
  for (let k = 0; k < trains.neurons; k++) {
    const train = trainOf(trains, k);
    if (train.length < 3) continue;
    const n = train.length - 1;
    const mean = (train[n] - train[0]) / n;
    let squares = 0;
    for (let i = 0; i < n; i++) squares += (train[i + 1] - train[i] - mean) ** 2;
    cvs.push(Math.sqrt(squares / n) / mean);
  }
  return Float64Array.from(cvs);
}

/** How many spikes fall into each bin; a last bin that is cut short is left out. */
export function binnedCounts(
  train: ArrayLike<number>,
  { firstStep, ms }: Stretch,
  binMs: number,
  dtMs: number,
): Float64Array {
  const counts = new Float64Array(Math.floor(ms / binMs + 1e-9));
  const perBin = binMs / dtMs;
  for (let i = 0; i < train.length; i++) {
    const bin = Math.floor((train[i] - firstStep + 1e-9) / perBin);
    if (bin >= 0 && bin < counts.length) counts[bin] += 1;
  }
  return counts;
}
