import { loadKernel } from '../load.js';
import type { Rule } from './reference.js';

/** Number of a rule, as the kernel takes it. */
export const RULE_NUMBER: Record<Rule, number> = { synapse: 0, neuron: 1, sum: 2 };

/** Transients are stored as u = s/scale; see wasm.ts. Addresses are bytes; rows are `stride` floats apart. */
export interface ConsolidateKernel {
  /** U += inverse·g·xᵀ; held_j (f64) = Σ|u_j|, peak_j (f32) = max|u_j|. */
  writeOuter(
    u: number,
    x: number,
    g: number,
    inverse: number,
    held: number,
    peak: number,
    targets: number,
    stride: number,
  ): void;
  /** The same for the entries j·2^16 + i of a list. */
  writeEntries(
    u: number,
    x: number,
    g: number,
    inverse: number,
    held: number,
    peak: number,
    list: number,
    count: number,
    stride: number,
  ): void;
  /** The same for changes of any shape, one f32 a synapse. */
  writeChanges(
    u: number,
    changes: number,
    inverse: number,
    held: number,
    peak: number,
    targets: number,
    stride: number,
  ): void;
  /** to = s of what would be consolidated, else 0; returns whether it is anything. */
  offer(
    u: number,
    scale: number,
    threshold: number,
    rule: number,
    held: number,
    targets: number,
    stride: number,
    to: number,
  ): number;
  /** Consolidates what is kept of an offer; adds writes and quanta to out[0], out[1] (f64). */
  take(
    l: number,
    u: number,
    kept: number,
    held: number,
    targets: number,
    stride: number,
    out: number,
    l0: number,
    l1: number,
  ): void;
  /** Tests the threshold and consolidates; adds writes, quanta and rows to out[0], out[1], out[2] (f64). */
  consolidate(
    l: number,
    u: number,
    scale: number,
    threshold: number,
    rule: number,
    held: number,
    peak: number,
    targets: number,
    stride: number,
    out: number,
    l0: number,
    l1: number,
  ): void;
  /** u *= factor */
  rescale(u: number, factor: number, length: number): void;
  /** Bills what each synapse has held since it was last settled. */
  settleMaintenance(u: number, since: number, maintained: number, clock: number, length: number): void;
  settleEntries(
    u: number,
    since: number,
    maintained: number,
    clock: number,
    list: number,
    count: number,
    stride: number,
  ): void;
}

export function consolidateKernel(memory: WebAssembly.Memory): ConsolidateKernel {
  return loadKernel('consolidate', memory) as unknown as ConsolidateKernel;
}
