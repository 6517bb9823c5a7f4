import type * as tf from '@tensorflow/tfjs-core';
import { changeCounters } from '../../kernels/weight-change/index.js';
import type { WeightChanges } from '../energy/ledger.js';

/** Counts what training does to each weight. */
export interface ChangeRecorder {
  /** Call after every step. */
  note(): Promise<void>;
  /** The counts of each layer in the ledger's order of synapses, or null if nothing was counted. */
  finish(): (WeightChanges | null)[];
}

/**
 * Reads the weights after each step into WASM memory, where L0 and L1 are counted up.
 *
 * @param weights one [targets, sources] a layer
 */
export function recordChanges(weights: readonly tf.Variable<tf.Rank.R2>[], enabled: boolean): ChangeRecorder {
  if (!enabled) return { note: async () => {}, finish: () => weights.map(() => null) };
  const counters = changeCounters(weights.map((weight) => weight.size));
  let steps = 0;
  weights.forEach((weight, l) => {
    counters[l].now.set(weight.dataSync());
    counters[l].start();
  });
  return {
    async note() {
      steps += 1;
      for (const [l, weight] of weights.entries()) {
        counters[l].now.set(await weight.data());
        counters[l].count();
      }
    },
    finish: () =>
      weights.map(({ shape: [targets, sources] }, l) => ({
        steps,
        l0: sourcesFirst(counters[l].l0, targets, sources, new Uint32Array(targets * sources)),
        l1Quanta: sourcesFirst(counters[l].l1Quanta, targets, sources, new Float64Array(targets * sources)),
      })),
  };
}

/** [targets, sources] as [sources, targets]. */
export function sourcesFirst<Values extends Uint32Array | Float32Array | Float64Array>(
  values: Values,
  targets: number,
  sources: number,
  out: Values,
): Values {
  for (let j = 0; j < targets; j++) {
    for (let i = 0; i < sources; i++) out[i * targets + j] = values[j * sources + i];
  }
  return out;
}
