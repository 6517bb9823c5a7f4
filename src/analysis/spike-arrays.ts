import ndarray, { type NdArray } from 'ndarray';
import type { Spikes } from '../engine/engine.js';
import type { Population } from '../network/elements.js';

/** Spikes in order of time; entry k of both arrays is the k-th spike. */
export interface SpikeArrays {
  timesMs: NdArray<Float64Array>;
  /** Index in the population, from 0. */
  neurons: NdArray<Int32Array>;
}

/** The spikes of one population as ndarrays: times (ms, the end of the step) and neurons, an entry a spike. */
export function spikeArrays({ steps, neurons, first, dtMs }: Spikes, population: Population): SpikeArrays {
  const from = first.get(population) ?? Number.NaN;
  const own = Array.from(neurons.keys()).filter(
    (k) => neurons[k] >= from && neurons[k] < from + population.size,
  );
  return {
    timesMs: ndarray(
      Float64Array.from(own, (k) => (steps[k] + 1) * dtMs),
      [own.length],
    ),
    neurons: ndarray(
      Int32Array.from(own, (k) => neurons[k] - from),
      [own.length],
    ),
  };
}
