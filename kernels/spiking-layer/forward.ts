import type { NeuronKernel } from '../compile/index.js';
import type { DeliverKernel } from '../deliver/index.js';
import { loadKernel } from '../load.js';
import { BLOCK, spikingLayerKernel } from './index.js';
import { TRAINED_BINARY } from './unit.js';

/** A layer, and where it lies: byte addresses; float32 unless said otherwise. */
export interface LayerPlaces {
  neurons: number;
  /** Blocks of 16 neurons. */
  blocks: number;
  /** [blocks][sources][16] */
  weights: number;
  sources: number;
  /** Weights among its own neurons, [blocks][sources][16], presynaptic neuron first in a block; null: there are none. */
  loop: { weights: number; sources: number } | null;
  /** Its work space, from `windowPlaces`. */
  window: WindowPlaces;
  /** [steps][blocks][16], 0: what arrives in each step. It may be shared with layers that are not run meanwhile. */
  arrivals: number;
  /** Spikes of each neuron, u32 [blocks][16]: those of a window are added. */
  counts: number;
}

/** What the neurons of all layers have in common. */
export interface LayerNeurons {
  steps: number;
  theta: number;
  /** Smallest τ_m·dV/dt that a spike is taken to have. */
  slopeFloor: number;
  /** Addresses: constants of a step (`unitCoefficients`), and the weight of a spike of each step in `drive`. */
  coefficients: number;
  readoutGain: number;
}

/** Spikes in order of time: u16 starts [steps + 1], and the neurons, u16. */
export interface SpikeList {
  starts: number;
  spikes: number;
}

/** What a layer leaves in its work space. */
export interface WindowPlaces {
  /** [3][blocks][16]: V and I, and room for a third. */
  state: number;
  /** u32[steps], and u32[steps][blocks·16]: the neurons that spike at the end of each step. */
  spikeCounts: number;
  spikeLists: number;
  listBytes: number;
  /** [steps][blocks][16]: 1/(τ_m·dV/dt) where a neuron spikes, else 0. */
  inverseSlope: number;
}

/** Where in its work space, of `workBytesOf` bytes, a layer leaves what. */
export function windowPlaces(work: number, blocks: number, steps: number): WindowPlaces {
  const rowBytes = 4 * BLOCK * blocks;
  const inverseSlope = work + 3 * rowBytes;
  const spikeCounts = inverseSlope + steps * rowBytes;
  const spikeLists = spikeCounts + 64 * Math.ceil(steps / BLOCK);
  return { state: work, inverseSlope, spikeCounts, spikeLists, listBytes: rowBytes };
}

export function workBytesOf(blocks: number, steps: number): number {
  const { spikeLists, listBytes } = windowPlaces(0, blocks, steps);
  return spikeLists + steps * listBytes;
}

/** The kernels that run a layer forwards: delivery and neurons are those of the event engine. */
export function layerForward(memory: WebAssembly.Memory, neurons: LayerNeurons) {
  const layer = spikingLayerKernel(memory);
  const { deliverDense, deliverDenseWindow } = loadKernel<DeliverKernel>('deliver', memory);
  const { update } = loadKernel<NeuronKernel>(TRAINED_BINARY, memory);
  const words = new Uint32Array(memory.buffer);
  const { steps, theta, slopeFloor, coefficients, readoutGain } = neurons;

  /**
   * Runs a layer over a window.
   * @param drive out [blocks][16]: Σ over a neuron's spikes of readoutGain
   * @returns whether all potentials are finite
   */
  return function forward(at: LayerPlaces, given: SpikeList, drive: number): boolean {
    const { blocks, loop, arrivals } = at;
    const { state, inverseSlope, spikeCounts, spikeLists, listBytes: rowBytes } = at.window;
    /** Brings all neurons up to date, from a step on. */
    const advance = (step: number, count: number) =>
      update(
        state,
        rowBytes,
        coefficients,
        arrivals,
        rowBytes,
        0,
        step,
        steps,
        blocks,
        step,
        count,
        0,
        0,
        at.neurons,
        spikeCounts + 4 * step,
        spikeLists + rowBytes * step,
        rowBytes,
        0,
        inverseSlope - arrivals,
      ) < 0;

    layer.begin(state, spikeLists - state, drive, rowBytes);
    deliverDenseWindow(steps, given.starts, given.spikes, at.sources, blocks, at.weights, arrivals);
    let finite = true;
    if (loop === null) finite = advance(0, steps);
    else
      for (let k = 0; k < steps && finite; k++) {
        // A spike at the end of a step arrives at its fellows at the start of the next one.
        const sent = k === 0 ? 0 : words[(spikeCounts >> 2) + k - 1];
        const list = spikeLists + rowBytes * (k - 1);
        if (sent > 0) deliverDense(list, sent, loop.sources, blocks, loop.weights, arrivals + rowBytes * k);
        finite = advance(k, 1);
      }
    layer.book(
      steps,
      rowBytes,
      spikeCounts,
      spikeLists,
      rowBytes,
      theta,
      slopeFloor,
      readoutGain,
      inverseSlope,
      drive,
      at.counts,
    );
    return finite;
  };
}
