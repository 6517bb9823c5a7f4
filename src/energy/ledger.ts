/**
 * The ledger: integer counts of what a network did. Joules come later, from a tariff (tariff.ts, bill.ts).
 *
 * Whether an input to a synapse is a spike (an accumulate, AC) or a graded value (a multiply-accumulate, MAC)
 * is decided by the type of the channel, never by looking at the values that passed.
 */
export interface Ledger {
  /** Name of the network, unique within a run ("songbird 2 g, spiking, seed 1"). */
  network: string;
  /** Labels by which tables group the networks (clade, mass, seed …). */
  labels: Record<string, string | number>;
  /** Samples shown to the finished network, and samples shown while it learned. */
  inferences: number;
  trainingSamples: number;
  /**
   * In the order of the data; layer l is the projection from one population to the next. The updates and spikes of a
   * population to which several projections go are with the first of them.
   */
  layers: LayerLedger[];
}

/**
 * When work was done: while the finished network answers (inference), or while it learns: forward, backward and
 * the change of its weights (update).
 */
export const PHASES = ['inference', 'forward', 'backward', 'update'] as const;
export type Phase = (typeof PHASES)[number];

/** What was done in a layer, by the channel that its input comes through: spikes or numbers. */
export type LayerLedger = SpikingLayerLedger | DenseLayerLedger;

interface LayerCounts {
  name: string;
  /** Presynaptic and postsynaptic neurons; where all are connected, synapse (i, j) has index i·targets + j. */
  sources: number;
  targets: number;
  /**
   * Synapses of each source, length `sources`, where not every pair has exactly one; the synapses of source i then
   * come behind those of the sources before it.
   */
  outDegrees?: Uint32Array;
  /** What learning did to each synapse, or null if the layer is fixed. */
  changes: WeightChanges | null;
  /** What learning did to all synapses together, where it was not kept for each; `changes` is then null. */
  changeTotals?: ChangeTotals;
  /** Bytes that the algorithm moves, by phase; left out where nobody counted them. */
  bytes?: Partial<Record<Phase, BytesMoved>>;
}

/** Sums over the synapses of a layer, in parts that a float64 holds exactly. */
export interface ChangeTotals {
  l0: Float64Array;
  l1Quanta: Float64Array;
}

/** Source neurons send spikes: a synapse's transmissions are the spikes of its source, so O(sources) is stored. */
export interface SpikingLayerLedger extends LayerCounts {
  channel: 'spike';
  /** Spikes of each source over all inferences, and over all training samples; length `sources`. */
  inferenceSpikes: Float64Array;
  trainingSpikes: Float64Array;
  /** Spikes of each source in the samples that were learnt from; left out if it was learnt from all of them. */
  backwardSpikes?: Float64Array;
  /** Neuron updates of the target population (neurons × time steps). */
  inferenceNeuronUpdates: number;
  trainingNeuronUpdates: number;
  /** Spikes that the target population sent (0 for a readout that sends none). */
  inferenceTargetSpikes: number;
  trainingTargetSpikes: number;
  /**
   * What a synapse does in the backward pass for each spike of its source: one accumulate into its gradient,
   * and, where the error goes on to the source, one multiply-accumulate.
   */
  backwardMacsPerSpike: 0 | 1;
}

/**
 * Sources send graded values: each sample costs each synapse the same number of multiply-accumulates. The counts
 * are sums over all inferences and over all training samples.
 */
export interface DenseLayerLedger extends LayerCounts {
  channel: 'graded';
  inferenceMacsPerSynapse: number;
  trainingForwardMacsPerSynapse: number;
  trainingBackwardMacsPerSynapse: number;
}

/**
 * Per synapse: L0, how often its weight was written with another value; L1, the sum of |Δw|.
 * L1 is counted in quanta of 2^-24, rounded at each change, so that sums are exact in any order.
 */
export interface WeightChanges {
  /** Optimiser steps taken; each may touch every synapse. */
  steps: number;
  l0: Uint32Array;
  l1Quanta: Float64Array;
  /** Where changes are cached as transient weights first; `l0` and `l1Quanta` then count the persistent weights alone. */
  transient?: TransientChanges;
}

/** Per synapse: what its transient weight s cost before it was consolidated. Quanta of 2^-24, as for L1. */
export interface TransientChanges {
  /** Σ|Δs|. */
  l1Quanta: Float64Array;
  /** Maintenance: Σ|s| over steps, where a step is one training sample. */
  heldQuanta: Float64Array;
  /** How often the transient weight was moved into the persistent one. */
  consolidations: Uint32Array;
}

/** Bytes read and written; the tariff says from which memory they come. */
export interface BytesMoved {
  weights: number;
  activations: number;
  optimiser: number;
}

/** One quantum of |Δw|. */
export const L1_QUANTUM = 2 ** -24;
