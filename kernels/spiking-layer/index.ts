import { loadKernel } from '../load.js';

/** Neurons in a block: four SIMD registers of four, one cache line of weights. */
export const BLOCK = 16;

/** Blocks that hold `neurons` neurons; the lanes left over have weight 0 and never spike. */
export const blocksOf = (neurons: number): number => Math.ceil(neurons / BLOCK);

/** The compiled layer (wasm.ts). Addresses are bytes; arrays are float32 unless said otherwise. */
export interface SpikingLayerKernel {
  /** Sets work space and drive to 0. */
  begin(work: number, workBytes: number, drive: number, driveBytes: number): void;

  /**
   * Books the spikes of a window, u32 `spikeCounts` [steps] and `spikeLists` [steps][…]: turns the currents at `slopes`
   * [steps][blocks][16] into 1/(τ_m·dV/dt), and adds to `drive` [blocks][16] and u32 `counts` [blocks][16].
   */
  book(
    steps: number,
    rowBytes: number,
    spikeCounts: number,
    spikeLists: number,
    listBytes: number,
    theta: number,
    slopeFloor: number,
    readoutGain: number,
    slopes: number,
    drive: number,
    counts: number,
  ): void;

  /**
   * Runs the adjoint backwards. `inverseSlope` is that of `book`; `error` is [blocks][16] with `errorGain` [steps], or [blocks][steps][16] with
   * errorGain = 0. Out: `lambdaI` [blocks][…][steps][16] with blocks `blockStride` bytes apart, and (unless 0)
   * `lambdaDifference` [blocks][steps][16].
   */
  backward(
    steps: number,
    blocks: number,
    inverseSlope: number,
    error: number,
    errorGain: number,
    decayM: number,
    decayS: number,
    mix: number,
    theta: number,
    lambdaI: number,
    lambdaDifference: number,
    blockStride: number,
  ): void;

  /**
   * The adjoint of a layer with weights among its own neurons, `recurrent` [blocks][neurons][16]; `state` [3][blocks][16]
   * is work space.
   */
  backwardRecurrent(
    steps: number,
    blocks: number,
    inverseSlope: number,
    spikeCounts: number,
    spikeLists: number,
    listBytes: number,
    error: number,
    errorGain: number,
    recurrent: number,
    neurons: number,
    decayM: number,
    decayS: number,
    mix: number,
    theta: number,
    state: number,
    lambdaI: number,
    lambdaDifference: number,
    blockStride: number,
  ): void;

  /** The error that each spike meets in the layer above; out `error` [blocks][steps][16]. */
  backproject(
    steps: number,
    blocks: number,
    spikeCounts: number,
    spikeLists: number,
    listBytes: number,
    sources: number,
    targetBlocks: number,
    weights: number,
    lambdaDifference: number,
    error: number,
  ): void;
}

export const spikingLayerKernel = (memory: WebAssembly.Memory): SpikingLayerKernel =>
  loadKernel('spiking-layer', memory) as unknown as SpikingLayerKernel;
