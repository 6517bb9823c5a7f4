import type { WeightChanges } from '../energy/ledger.js';
import { L1_QUANTUM } from '../energy/ledger.js';

export type Numbers = Float32Array | Float64Array;

/**
 * The plastic synapses between two populations. A learner fills `input`, calls `drive`, reads `output`; fills
 * `change` with what a target's weights should change by for each unit of input, and calls `learn`: the proposed
 * Δw_ji = change_j·input_i goes through the layer's policy.
 */
export interface PlasticLayer {
  readonly sources: number;
  readonly targets: number;
  /** x, length `sources`. */
  readonly input: Numbers;
  /** y = W·x, length `targets`. */
  readonly output: Numbers;
  /** g, length `targets`. */
  readonly change: Numbers;
  /** e = Wᵀ·g, length `sources`. */
  readonly error: Numbers;
  /** l, in rows of targets that may be padded with zeros. */
  readonly persistent: Numbers;
  /** Presentations go by: transients decay, then what is left of them is billed. */
  tick(presentations: number): void;
  drive(): void;
  backward(): void;
  learn(): void;
  /** Consolidates all transients and bills it: learning is over. */
  finish(): void;
  /** The weights in force now, row j at j·sources. */
  weights(): Float64Array;
  /** Totals so far. Residual transients are in `residual`, not in the persistent columns, until `finish`. */
  totals(): LayerTotals;
  /** The ledger of each synapse (i, j) at i·targets + j, or null if it was not asked for. */
  changes(): WeightChanges | null;
}

/** What learning has cost one layer, in units of weight (not quanta), summed over its synapses. */
export interface LayerTotals {
  /** Writes (L0) and Σ|Δ| (L1) of the persistent weights. */
  persistentWrites: number;
  persistentChange: number;
  /** The same for transients; 0 without a cache. */
  transientWrites: number;
  transientChange: number;
  /** Maintenance: Σ|s| over presentations. */
  maintenance: number;
  /** Σ|s| not yet consolidated, and the number of synapses that hold it. */
  residual: number;
  residualSynapses: number;
  /** L1 and L0 distance between the weights in force and the initial ones: the least that any path could cost. */
  distance: number;
  changedSynapses: number;
}

export function addTotals(a: LayerTotals, b: LayerTotals): LayerTotals {
  const sum = { ...a };
  for (const key of Object.keys(a) as (keyof LayerTotals)[]) sum[key] += b[key];
  return sum;
}

/** L1 and L0 distance of two sets of weights. */
export function distanceOf(now: ArrayLike<number>, initial: ArrayLike<number>) {
  let distance = 0;
  let changedSynapses = 0;
  for (let k = 0; k < initial.length; k++) {
    const difference = Math.abs(now[k] - initial[k]);
    distance += difference;
    if (difference !== 0) changedSynapses++;
  }
  return { distance, changedSynapses };
}

/** A count in quanta of 2^-24, as a number of whole units. */
export function units(quanta: number): number {
  return quanta * L1_QUANTUM;
}
