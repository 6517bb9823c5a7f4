import { loadKernel } from '../load.js';

/**
 * The compiled spike lists (wasm.ts). A list is `starts` u16[steps + 1] and `spikes` u16[]: the neurons that
 * spike at step k are spikes[starts[k] … starts[k+1]). As neurons send them in a window (kernels/compile) they are u32
 * `spikeCounts` [steps] and `spikeLists` [steps][…]. Events by source are `rowStarts` u32[sources + 2] and `events`
 * u32[]; they are made by clear, count (each sample), offsets, file (each sample).
 */
export interface SpikeListsKernel {
  oneStepLater(
    steps: number,
    spikeCounts: number,
    spikeLists: number,
    listBytes: number,
    starts: number,
    spikes: number,
  ): void;
  clear(sources: number, rowStarts: number): void;
  count(spikeCount: number, spikes: number, rowStarts: number): void;
  offsets(sources: number, rowStarts: number): void;
  file(steps: number, starts: number, spikes: number, base: number, rowStarts: number, events: number): void;
}

export const spikeListsKernel = (memory: WebAssembly.Memory): SpikeListsKernel =>
  loadKernel('spike-lists', memory) as unknown as SpikeListsKernel;
