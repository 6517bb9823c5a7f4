import { loadKernel } from '../load.js';

/** The compiled readout (wasm.ts), for memory that is not shared. Addresses are bytes; arrays as in plain.ts. */
export interface MeanReadoutKernel {
  forward(
    batch: number,
    steps: number,
    sources: number,
    targets: number,
    value: number,
    spikes: number,
    weights: number,
    drive: number,
    answer: number,
  ): void;
  weightGradient(
    batch: number,
    sources: number,
    targets: number,
    drive: number,
    error: number,
    gradient: number,
  ): void;
  spikeGradient(
    batch: number,
    steps: number,
    sources: number,
    targets: number,
    factor: number,
    masked: number,
    spikes: number,
    weights: number,
    error: number,
    gradient: number,
    scratch: number,
  ): void;
}

export const meanReadoutKernel = (memory: WebAssembly.Memory): MeanReadoutKernel =>
  loadKernel('mean-readout', memory) as unknown as MeanReadoutKernel;
