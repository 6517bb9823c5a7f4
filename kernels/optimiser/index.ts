import { loadKernel } from '../load.js';

/**
 * The compiled optimisers (wasm.ts) on rows of 16 weights; rows that are not `active` are left alone.
 * `l0` u32 and `l1` u32 (quanta of 2^-24) are added to; with l0 = 0 nothing is booked. Both return 1 if a weight moved by more than 1.
 */
export interface OptimiserKernel {
  adam(
    rows: number,
    active: number,
    gradient: number,
    weights: number,
    first: number,
    second: number,
    l0: number,
    l1: number,
    beta1: number,
    beta2: number,
    rate: number,
    epsilon: number,
  ): number;

  sgd(
    rows: number,
    active: number,
    gradient: number,
    weights: number,
    l0: number,
    l1: number,
    rate: number,
  ): number;

  /** Adds `count` u32 counters at `l1` to the float64 at `total` and clears them. */
  flush(count: number, l1: number, total: number): void;
}

export const optimiserKernel = (memory: WebAssembly.Memory): OptimiserKernel =>
  loadKernel('optimiser', memory) as unknown as OptimiserKernel;
