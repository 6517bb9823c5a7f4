import { loadKernel } from '../load.js';

/** The compiled optimisers (wasm.ts), for memory that is not shared. Addresses are bytes, arrays float32. */
export interface DescentKernel {
  sgd(count: number, rate: number, weights: number, gradient: number, out: number): void;
  adam(
    count: number,
    beta1: number,
    beta2: number,
    rate: number,
    epsilon: number,
    weights: number,
    first: number,
    second: number,
    gradient: number,
    weightsOut: number,
    firstOut: number,
    secondOut: number,
  ): void;
}

export const descentKernel = (memory: WebAssembly.Memory): DescentKernel =>
  loadKernel('descent', memory) as unknown as DescentKernel;
