import { loadKernel } from '../load.js';

/** The compiled readout (wasm.ts). Addresses are bytes, arrays float32, weights [blocks][sources][16]. */
export interface ReadoutKernel {
  forward(sources: number, blocks: number, drive: number, weights: number, out: number): void;
  backward(
    sources: number,
    blocks: number,
    drive: number,
    weights: number,
    error: number,
    sourceError: number,
  ): void;
}

export const readoutKernel = (memory: WebAssembly.Memory): ReadoutKernel =>
  loadKernel('readout', memory) as unknown as ReadoutKernel;
