import type { ShortTermRule } from '../../../kernels/short-term/index.js';
import type { PlasticPlan } from './plan.js';

/** The synapses of one source population that are delivered by the same code with the same constants. */
export interface SynapseTable {
  source: number;
  channel: number;
  packed: boolean;
  /** Weight in quanta, or the shift of packed weights. */
  weight: number;
  /** Delay in steps where all have the same, else null. */
  delay: number | null;
  /** Rows in which every target has its place, as i32 quanta at `data`; null: synapses name their targets. */
  dense: DenseRows | null;
  /** Addresses. */
  rows: number;
  segments: number;
  data: number;
  synapses: number;
  bytes: number;
  /** How the synapses learn, and the address of their f32 weights. */
  plastic: PlasticPlan | null;
  weights: number;
  shortTerm: ShortTermRule | null;
}

/** Weights [blocks][sources][16] of the slice's neurons from `firstNeuron` on. */
export interface DenseRows {
  sources: number;
  blocks: number;
  firstNeuron: number;
}
