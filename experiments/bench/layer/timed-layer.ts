import * as tf from '@tensorflow/tfjs-core';
import {
  adaptiveLifWindow,
  asSpikes,
  denseSpikes,
  FusedAdam,
  FusedSgd,
  lifWindow,
  meanPotential,
  type SpikeEvents,
  type SpikeTensor,
  softmaxCrossEntropy,
} from '../../../src/engine/tensor/index.js';
import type { EventPropConfig } from '../../../src/learning/eventprop/config.js';
import type { SpikeData } from '../../../src/learning/eventprop/encode.js';
import { initialWeights } from '../../../src/learning/eventprop/trainer.js';
import { stream } from '../../../src/util/rng.js';
import { denseBatch, labelsOf, listBatch } from './batches.js';
import type { LayerOptions } from './options.js';

export const RATE = 1e-4;

/**
 * Milliseconds of a training step and of its parts: the network forwards, and with all gradients; the spiking layer
 * alone, the same two; and the making of the input, before a step.
 */
export interface Times {
  msPerStep: number;
  /** Processor time of a step, for machines on which others compute as well. */
  cpuMsPerStep: number;
  msForward: number;
  msGradients: number;
  msLayerForward: number;
  msLayerGradients: number;
  msInput: number;
}

/** How often each part is run in a row: as often as the trainer takes steps, or once where that would take minutes. */
export type Burst = (composed: boolean) => number;

/** The network as tensors, and the batches that it learns in turn. */
export class TimedLayer {
  private readonly events: SpikeEvents[];
  private readonly dense: SpikeTensor[];
  private readonly labels: tf.Tensor2D[];
  /** Input, readout and, of a recurrent layer, recurrent weights. */
  private readonly weights: tf.Variable[];
  private readonly error: tf.Tensor3D;
  private readonly optimisers: { own: tf.Optimizer; tfjs: tf.Optimizer };
  private readonly takesLists: boolean;

  constructor(
    private readonly network: EventPropConfig,
    private readonly data: SpikeData,
    private readonly options: LayerOptions,
    private readonly burst: Burst,
  ) {
    const { sizes, batch, neuron } = network;
    const batches = Array.from({ length: data.count / batch }, (_, b) => b);
    this.takesLists = options.input === 'events' && options.cell === 'lif';
    this.events = batches.map((b) => listBatch(network, data, b));
    this.dense = (this.takesLists ? [0] : batches).map((b) => denseSpikes(this.events[b]));
    this.labels = batches.map((b) => labelsOf(network, data, b));
    this.error = tf.randomNormal([batch, neuron.steps, sizes[1]], 0, 0.01, 'float32', 1);
    this.optimisers =
      options.optimiser === 'sgd'
        ? { own: new FusedSgd(RATE), tfjs: tf.train.sgd(RATE) }
        : { own: new FusedAdam(RATE), tfjs: tf.train.adam(RATE) };
    const variable = (values: Float32Array, shape: [number, number]) =>
      tf.tidy(() => tf.variable(tf.tensor2d(values, shape)));
    this.weights = [0, 1].map((l) =>
      variable(Float32Array.from(initialWeights(network, l)), [sizes[l], sizes[l + 1]]),
    );
    if (options.cell === 'recurrent') {
      const { normal } = stream(network.seed, 'recurrent weights');
      const draw = () => (0.4 / Math.sqrt(sizes[1])) * normal();
      this.weights.push(variable(Float32Array.from({ length: sizes[1] ** 2 }, draw), [sizes[1], sizes[1]]));
    }
  }

  async time(composed: boolean): Promise<Times> {
    const [layerWeights] = this.weights;
    const optimiser = composed ? this.optimisers.tfjs : this.optimisers.own;
    const byWeights = tf.grad((w) => this.layer(composed, w as tf.Tensor2D, 0));
    const inARow = this.burst(composed);
    const burst = (work: (batch: number) => tf.Tensor) => timed(work, inARow);
    const cpuBefore = cpuMs();
    const msPerStep = await burst(
      (b) => optimiser.minimize(() => this.loss(composed, b), true, this.weights)!,
    );
    const cpuMsPerStep = (cpuMs() - cpuBefore) / inARow;
    return {
      msPerStep,
      cpuMsPerStep,
      msForward: await burst((b) => this.loss(composed, b)),
      msGradients: await burst((b) => this.gradients(composed, b)),
      msLayerForward: await burst((b) => this.layer(composed, layerWeights as tf.Tensor as tf.Tensor2D, b)),
      msLayerGradients: await burst(() => byWeights(layerWeights, this.error)),
      msInput: await burst((b) => this.input(composed, b)),
    };
  }

  dispose(): void {
    for (const { starts, sources } of this.events) tf.dispose([starts, sources]);
    tf.dispose([this.dense, this.labels, this.error, this.weights]);
    this.optimisers.own.dispose();
    this.optimisers.tfjs.dispose();
  }

  /** The gradient of the loss by the input weights; those by the others are computed and freed. */
  private gradients(composed: boolean, batch: number): tf.Tensor {
    const { value, grads } = tf.variableGrads(() => this.loss(composed, batch), this.weights);
    const [first, ...rest] = Object.values(grads);
    tf.dispose([value, ...rest]);
    return first;
  }

  private layer(composed: boolean, weights: tf.Tensor2D, batch: number): SpikeTensor {
    const { tauMMs, tauSMs, theta, dtMs } = this.network.neuron;
    const { slopeFloor } = this.network;
    const { cell, gradient } = this.options;
    const neuron = { tauMMs, tauSMs, theta, dtMs, slopeFloor, gradient, composed };
    // The composition is slow enough to be timed on one batch.
    const dense = this.dense[composed ? 0 : Math.min(batch, this.dense.length - 1)];
    if (cell === 'lif')
      return lifWindow(this.takesLists && !composed ? this.events[batch] : dense, weights, neuron);
    const recurrent = this.weights[2] as tf.Tensor | undefined as tf.Tensor2D | undefined;
    return adaptiveLifWindow(asSpikes(dense), weights, { ...neuron, recurrent });
  }

  private loss(composed: boolean, batch: number): tf.Scalar {
    const { kappa, neuron } = this.network;
    const { tauMMs, tauSMs, dtMs } = neuron;
    return tf.tidy(() => {
      const [hidden, readout] = this.weights as tf.Tensor[] as tf.Tensor2D[];
      const options = { tauMMs, tauSMs, dtMs, gradient: this.options.gradient, kappa, composed };
      const answer = meanPotential(this.layer(composed, hidden, batch), readout, options);
      const loss = composed ? tf.losses.softmaxCrossEntropy : softmaxCrossEntropy;
      return loss(this.labels[composed ? 0 : batch], answer) as tf.Scalar;
    });
  }

  /** What is made of the data before a step. */
  private input(composed: boolean, batch: number): tf.Tensor {
    if (composed || !this.takesLists) return denseBatch(this.network, this.data, batch);
    const { starts, sources } = listBatch(this.network, this.data, batch);
    starts.dispose();
    return sources;
  }
}

/** Time until a tensor is computed and freed, the mean of `times` in a row. */
async function timed(work: (n: number) => tf.Tensor, times: number): Promise<number> {
  const start = performance.now();
  for (let n = 0; n < times; n++) {
    const tensor = work(n);
    await tensor.data();
    tensor.dispose();
  }
  return (performance.now() - start) / times;
}

/** Processor time of this process and its threads. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
