import type { Arena } from '../../kernels/arena.js';
import { type CompeteKernel, competeKernel } from '../../kernels/compete/index.js';
import { type ConsolidateKernel, consolidateKernel } from '../../kernels/consolidate/index.js';
import { type LayerKernel, layerKernel } from '../../kernels/mlp-layer/index.js';
import { type TallyKernel, tallyKernel } from '../../kernels/tally/index.js';

/** The kernels that layers work with, all on one memory. */
export interface Kernels {
  arena: Arena;
  layer: LayerKernel;
  tally: TallyKernel;
  compete: CompeteKernel;
  consolidate: ConsolidateKernel;
}

export function kernelsOn(arena: Arena): Kernels {
  const { memory } = arena;
  return {
    arena,
    layer: layerKernel(memory),
    tally: tallyKernel(memory),
    compete: competeKernel(memory),
    consolidate: consolidateKernel(memory),
  };
}

/** Counts of each synapse, in rows of targets; L1 in quanta. */
export interface FastCounts {
  l0: Uint32Array;
  l1: Float64Array;
}

export function fastCounts(arena: Arena, length: number): FastCounts {
  return { l0: arena.uint32(length), l1: arena.float64(length) };
}

/** Addresses of counts, or 0 for none. */
export function addressesOf(counts: FastCounts | null): [number, number] {
  return counts ? [counts.l0.byteOffset, counts.l1.byteOffset] : [0, 0];
}

/** Rows are padded to whole cache lines of 16 floats. */
export function strideOf(sources: number): number {
  return Math.ceil(sources / 16) * 16;
}
