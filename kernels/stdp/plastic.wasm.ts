/** What the kernel knows of the synapses of a projection that learn, written by index.ts. */

/** The synapses of one projection in one slice. Addresses are in the slice's memory. */
@unmanaged
export class Plastic {
  /** rows[source] … rows[source + 1] are indices into u16 targets and f32 weights, multiples of four. */
  rows: usize;
  targets: usize;
  weights: usize;
  /** Where the record of neuron 0 of the slice would be: 32 bytes for each target. */
  records: usize;
  /** Three words for each source: trace after its last spike (f32), step of it, target steps settled up to. */
  sources: usize;
  nSources: i32;
  delay: i32;
  base: i32;
  /** All rows are settled up to this target step (counted from base). */
  settled: i32;
  /** e^(-k/τ) as f32 for k = 0 … length; the last is 0. */
  plusTable: usize;
  plusLength: i32;
  minusTable: usize;
  minusLength: i32;
  nearest: i32;
  /** 0: potentiation follows (1 - w·plusScale)^μ₊; 1: (w·plusScale)^μ₊. */
  growing: i32;
  muPlus: f32;
  muMinus: f32;
  plusScale: f32;
  minusScale: f32;
  /** Size of potentiation and depression, for a trace of 1. */
  plus: f32;
  minus: f32;
  maxWeight: f32;
  /** Weight → quanta of the accumulators; weight → quanta in which Σ|Δw| is counted. */
  quanta: f32;
  ledgerQuanta: f32;
  /** Σ|Δw| in these quanta, and the number of changes. */
  l1: i64;
  l0: i64;
  /** POWER_CONSTANTS; the first of them. */
  constants: i32;
}

/** Spikes of a target that its record holds; behind them is the trace just before the newest. */
export const KEPT = 14;
export const EMPTY = -32768;

/** A step as the records hold it; what is too old for them is EMPTY. */
// @ts-ignore: decorator
@inline
export function counted(p: Plastic, step: i32): i32 {
  return max(min(step - p.base, 32767), EMPTY);
}
