import { loadKernel } from '../load.js';

/** Neurons in a block: four SIMD registers of four, one cache line of weights. */
export const BLOCK = 16;

/** Blocks that hold `neurons` neurons; the lanes left over have weight 0 and never spike. */
export const blocksOf = (neurons: number): number => Math.ceil(neurons / BLOCK);

/** The compiled layer (wasm.ts). Addresses are bytes; arrays are float32 unless said otherwise. */
export interface SpikingLayerKernel {
  /**
   * Runs the window. Spikes come as a list in order of time; `weights` is [blocks][sources][16].
   * Out: `inverseSlope` [blocks][steps][16], `masks` u16 [blocks][steps], `drive` [blocks][16];
   * `counts` i32 [blocks][16] is added to.
   */
  forward(
    steps: number,
    blocks: number,
    sources: number,
    starts: number,
    spikes: number,
    weights: number,
    decayM: number,
    decayS: number,
    gain: number,
    theta: number,
    slopeFloor: number,
    readoutGain: number,
    inverseSlope: number,
    masks: number,
    drive: number,
    counts: number,
  ): void;

  /**
   * Runs the adjoint backwards. `error` is [blocks][16] with `errorGain` [steps], or [blocks][steps][16] with
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
   * `forward` with weights among the layer's own neurons, `recurrent` [blocks][neurons][16]; `state` [2][blocks][16] is
   * work space.
   */
  forwardRecurrent(
    steps: number,
    blocks: number,
    sources: number,
    starts: number,
    spikes: number,
    weights: number,
    recurrent: number,
    neurons: number,
    decayM: number,
    decayS: number,
    gain: number,
    theta: number,
    slopeFloor: number,
    readoutGain: number,
    state: number,
    inverseSlope: number,
    masks: number,
    drive: number,
    counts: number,
  ): void;

  /** Its adjoint; `masks` as from `forwardRecurrent`, `state` [3][blocks][16] is work space. */
  backwardRecurrent(
    steps: number,
    blocks: number,
    inverseSlope: number,
    masks: number,
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
    masks: number,
    sources: number,
    targetBlocks: number,
    weights: number,
    lambdaDifference: number,
    error: number,
  ): void;
}

export const spikingLayerKernel = (memory: WebAssembly.Memory): SpikingLayerKernel =>
  loadKernel('spiking-layer', memory) as unknown as SpikingLayerKernel;
