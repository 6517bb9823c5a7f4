import { readoutKernel } from '../../../kernels/readout/index.js';
import { spikeListsKernel } from '../../../kernels/spike-lists/index.js';
import {
  type LayerPlaces,
  layerForward,
  type SpikeList,
  windowPlaces,
} from '../../../kernels/spiking-layer/forward.js';
import { BLOCK, spikingLayerKernel } from '../../../kernels/spiking-layer/index.js';
import type { EventPropConfig } from './config.js';
import type { LayerLayout, Layout } from './layout.js';
import { propagators } from './neuron.js';

/** Bytes of one f32 for each neuron of a block. */
export const ROW_BYTES = BLOCK * 4;

/** Address of the spike list that a layer was given, or sent itself, in a slot of the batch. */
export function listAt(at: LayerLayout, slot: number): SpikeList {
  return {
    starts: at.listStarts + slot * at.listStartsStride,
    spikes: at.listSpikes + slot * at.listSpikesStride,
  };
}

/** Forward and backward pass of one sample on the time grid; what they leave goes to the sample's slot of the batch. */
export function samplePasses(
  { neuron, slopeFloor }: EventPropConfig,
  layout: Layout,
  memory: WebAssembly.Memory,
  thread: number,
) {
  const layer = spikingLayerKernel(memory);
  const readout = readoutKernel(memory);
  const lists = spikeListsKernel(memory);
  const { steps, theta } = neuron;
  const { decayM, decayS, mix } = propagators(neuron);
  const { layers } = layout;
  const hidden = layers.slice(0, layout.recurrent.length);
  const output = layers[hidden.length];
  const recurrent = layout.recurrent.map((at) => (at < 0 ? null : layers[at]));
  const { coefficients, readoutGain } = layout;
  const forwardLayer = layerForward(memory, { steps, theta, slopeFloor, coefficients, readoutGain });
  const lastHidden = hidden[hidden.length - 1];
  const own = layout.threads[thread];
  const f32 = new Float32Array(memory.buffer);
  const places = hidden.map(
    ({ targets, blocks, weights, sources }, l): LayerPlaces => ({
      neurons: targets,
      blocks,
      weights,
      sources,
      loop: recurrent[l],
      work: own.work[l],
      arrivals: own.arrivals,
      counts: own.counts[l],
    }),
  );
  const windows = hidden.map(({ blocks }, l) => windowPlaces(own.work[l], blocks, steps));

  /** The readout's answer to the last sample, an entry a class. */
  const answer = f32.subarray(own.answer >> 2, (own.answer >> 2) + output.targets);

  /**
   * Runs the network on one spike list and leaves the readout's answer at `own.answer`.
   * @returns whether all potentials are finite
   */
  function forward(input: SpikeList, slot: number): boolean {
    let from = input;
    for (const [l, at] of hidden.entries()) {
      if (!forwardLayer(places[l], from, at.drive + slot * at.blocks * ROW_BYTES)) return false;
      const { spikeCounts, spikeLists, listBytes } = windows[l];
      // Its spikes enter itself, if it is recurrent, and the next layer.
      for (const to of [recurrent[l], hidden[l + 1]]) {
        if (!to) continue;
        from = listAt(to, slot);
        lists.oneStepLater(steps, spikeCounts, spikeLists, listBytes, from.starts, from.spikes);
      }
    }
    readout.forward(
      output.sources,
      output.blocks,
      lastHidden.drive + slot * lastHidden.blocks * ROW_BYTES,
      output.weights,
      own.answer,
    );
    return true;
  }

  /** Cross-entropy of softmax(answer) against `label`; leaves its derivative by the answer at `error`. */
  function loss(label: number, error: number): number {
    const e = error >> 2;
    let largest = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < output.targets; i++) largest = Math.max(largest, answer[i]);
    let sum = 0;
    for (let i = 0; i < output.targets; i++) sum += Math.exp(answer[i] - largest);
    for (let i = 0; i < output.targets; i++) {
      f32[e + i] = Math.exp(answer[i] - largest) / sum - (i === label ? 1 : 0);
    }
    return Math.log(sum) + largest - answer[label];
  }

  /** Runs the adjoint of the sample in `slot` of the batch, from the readout's error to λ_I of every layer. */
  function backward(slot: number): void {
    const top = hidden.length - 1;
    const drive = lastHidden.drive + slot * lastHidden.blocks * ROW_BYTES;
    const answerError = output.error + slot * output.blocks * ROW_BYTES;
    readout.backward(output.sources, output.blocks, drive, output.weights, answerError, own.sourceError[top]);
    for (let l = top; l >= 0; l--) {
      const at = hidden[l];
      const error = l === top ? own.sourceError[l] : own.error[l];
      const errorGain = l === top ? layout.errorGain : 0;
      const neurons = [decayM, decayS, mix, theta] as const;
      const lambdaI = at.lambdaI + slot * steps * ROW_BYTES;
      const out = [lambdaI, own.lambdaDifference[l], at.lambdaStride] as const;
      const loop = recurrent[l];
      const { inverseSlope, spikeCounts, spikeLists, listBytes, state } = windows[l];
      if (loop === null) layer.backward(steps, at.blocks, inverseSlope, error, errorGain, ...neurons, ...out);
      else {
        const sent = [inverseSlope, spikeCounts, spikeLists, listBytes] as const;
        const met = [error, errorGain, loop.weights, loop.sources] as const;
        layer.backwardRecurrent(steps, at.blocks, ...sent, ...met, ...neurons, state, ...out);
      }
      if (l > 0) {
        const below = windows[l - 1];
        layer.backproject(
          steps,
          hidden[l - 1].blocks,
          below.spikeCounts,
          below.spikeLists,
          below.listBytes,
          at.sources,
          at.blocks,
          at.weights,
          own.lambdaDifference[l],
          own.error[l - 1],
        );
      }
    }
  }

  /** Makes the gradient of a sample 0. */
  function passOver(slot: number, error: number): void {
    f32.fill(0, error >> 2, (error + output.blocks * ROW_BYTES) >> 2);
    for (const at of hidden) {
      for (let block = 0; block < at.blocks; block++) {
        const from = (at.lambdaI + block * at.lambdaStride + slot * steps * ROW_BYTES) >> 2;
        f32.fill(0, from, from + steps * BLOCK);
      }
    }
  }

  return { answer, forward, loss, backward, passOver };
}
