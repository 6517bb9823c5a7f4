import { quanta } from '../../kernels/tally/reference.js';

/**
 * A transformer of changes. It is given what somebody wants to change at the synapses of one layer (index
 * j·sources + i), passes on what it lets through, and leaves in the array what has been written in the end.
 */
export type Stage = (changes: Float64Array, now: number) => void;

/** Counts of one kind of memory at each synapse; L1 in quanta of 2^-24. */
export interface WriteCounts {
  l0: Uint32Array;
  l1Quanta: Float64Array;
}

export function noWrites(synapses: number): WriteCounts {
  return { l0: new Uint32Array(synapses), l1Quanta: new Float64Array(synapses) };
}

/** Counts every change that is not zero, and passes all of them on. */
export function counted(counts: WriteCounts, next: Stage): Stage {
  return (changes, now) => {
    next(changes, now);
    changes.forEach((change, k) => {
      if (change === 0) return;
      counts.l0[k]++;
      counts.l1Quanta[k] += quanta(change);
    });
  };
}

/** The end of a chain: all that arrives is added to the weights. */
export function written(weights: Float64Array): Stage {
  return (changes) => {
    for (let k = 0; k < weights.length; k++) weights[k] += changes[k];
  };
}
