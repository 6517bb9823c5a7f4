import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { median, min } from 'simple-statistics';
import { encodeImages, latencyClassifier } from '../../models/networks/latency-classifier.js';
import { selectBackend } from '../../src/baseline/backend.js';
import { defineBench } from '../../src/cli/define-bench.js';
import { subset } from '../../src/data/images.js';
import { loadMnist } from '../../src/data/mnist.js';
import {
  denseSpikes,
  FusedAdam,
  FusedSgd,
  lifWindow,
  meanPotential,
  type SpikeEvents,
  type SpikeTensor,
  softmaxCrossEntropy,
  spikeEvents,
} from '../../src/engine/tensor/index.js';
import { z } from '../../src/index.js';
import type { EventPropConfig } from '../../src/learning/eventprop/config.js';
import type { SpikeData } from '../../src/learning/eventprop/encode.js';
import { EventPropTrainer, initialWeights } from '../../src/learning/eventprop/trainer.js';

const options = z.strictObject({
  backend: z
    .enum(['auto', 'tensorflow', 'webgpu', 'wasm', 'cpu'])
    .default('auto')
    .describe('backend of tfjs'),
  hidden: z.int().min(1).default(128).describe('spiking neurons of the layer'),
  batch: z.int().min(1).default(32).describe('images a step'),
  gradient: z
    .enum(['eventprop', 'superspike', 'arctan'])
    .default('eventprop')
    .describe('derivative of a spike'),
  optimiser: z.enum(['sgd', 'adam']).default('sgd').describe('of all steps, the event engine too'),
  input: z
    .enum(['events', 'dense'])
    .default('events')
    .describe('input spikes as a list, or as a tensor of zeros and ones'),
  repeats: z.int().min(1).default(20).describe('timed steps, of which median and minimum are told'),
  seed: z.int().min(0).default(1).describe('seed of weights and images'),
});

type Options = z.output<typeof options>;

/** Images of an epoch of the event engine's trainer, whose time is divided by its steps. */
const TRAINER_STEPS = 60;
const RATE = 1e-4;

/** Repetitions in a row of what is short, as the trainer's steps are: with caches filled by the ones before. */
const BURST = 20;

/**
 * A training step of 784-H-10 on one batch of digits, each part through tfjs: the layer's own kernels, the same
 * composed of tfjs operations, and beside them the event engine's trainer on one thread. The three take turns, so that
 * they meet the same machine.
 */
export default defineBench({
  description: 'a spiking layer as a tfjs kernel: ms a step, beside tfjs operations and the event engine',
  options,
  async run(asked, { progress }) {
    const { backend, hidden, batch, repeats, seed, optimiser } = asked;
    const { used, why } = await selectBackend(backend);
    const { pixels, classes, train } = loadMnist();
    const base = latencyClassifier({
      inputs: pixels,
      hidden: [hidden],
      classes,
      batch,
      inputDropout: 0,
      seed,
      threads: 1,
    });
    const network: EventPropConfig = {
      ...base,
      optimiser: optimiser === 'sgd' ? { kind: 'sgd' } : base.optimiser,
    };
    const data = encodeImages(subset(train, batch * TRAINER_STEPS, seed), pixels);
    const tensorsBefore = tf.memory().numTensors;
    const layer = new TimedLayer(network, data, asked);
    const trainer = new EventPropTrainer(network, data, data);
    const fused: Times[] = [];
    const composed: Times[] = [];
    const engine: { ms: number; cpuMs: number }[] = [];
    const warmUps = 2;
    try {
      for (let repeat = -warmUps; repeat < repeats; repeat++) {
        const times = [await layer.time(false), await layer.time(true)];
        const step = await engineStep(trainer);
        if (repeat >= 0) {
          [fused, composed].forEach((list, n) => void list.push(times[n]));
          engine.push(step);
        }
        progress(repeat + warmUps + 1, repeats + warmUps, 'steps');
      }
    } finally {
      layer.dispose();
      await trainer.close();
    }
    const [own, plain] = [summary(fused), summary(composed)];
    const events = layer.inputSpikes * hidden;
    const perS = (ms: number) => (events * 1000) / ms;
    return {
      backend: used,
      why,
      sizes: network.sizes,
      steps: network.neuron.steps,
      batch,
      gradient: asked.gradient,
      optimiser,
      input: asked.input,
      ...own.median,
      fastest: own.fastest,
      composed: { ...plain.median, fastest: plain.fastest },
      speedupOverComposed: plain.fastest.msPerStep / own.fastest.msPerStep,
      layerSpeedupOverComposed: plain.fastest.msLayerGradients / own.fastest.msLayerGradients,
      eventEngineMsPerStep: min(engine.map(({ ms }) => ms)),
      eventEngineCpuMsPerStep: min(engine.map((step) => step.cpuMs)),
      timesEventEngine: own.fastest.msPerStep / min(engine.map(({ ms }) => ms)),
      timesEventEngineCpu: own.fastest.cpuMsPerStep / min(engine.map((step) => step.cpuMs)),
      timesEventEngineCpuMedian: median(fused.map(({ cpuMsPerStep }, n) => cpuMsPerStep / engine[n].cpuMs)),
      inputEventsPerS: {
        forward: perS(own.fastest.msLayerForward),
        backward: perS(own.fastest.msLayerBackward),
      },
      tensorsBefore,
      tensorsAfter: tf.memory().numTensors,
    };
  },
});

/**
 * Milliseconds of a training step and of its parts: the network forwards, and with all gradients; the spiking layer
 * alone, the same two; and the making of the input, before a step.
 */
interface Times {
  msPerStep: number;
  /** Processor time of a step, for machines on which others compute as well. */
  cpuMsPerStep: number;
  msForward: number;
  msGradients: number;
  msLayerForward: number;
  msLayerGradients: number;
  msInput: number;
}

/** One batch and the weights of the network as tensors. */
class TimedLayer {
  readonly inputSpikes: number;
  private readonly events: SpikeEvents;
  private readonly dense: SpikeTensor;
  private readonly labels: tf.Tensor2D;
  private readonly weights: tf.Variable[];
  private readonly error: tf.Tensor3D;
  private readonly optimisers: { own: tf.Optimizer; tfjs: tf.Optimizer };

  constructor(
    private readonly network: EventPropConfig,
    private readonly data: SpikeData,
    private readonly options: Options,
  ) {
    const { sizes, batch, neuron } = network;
    this.events = this.list();
    this.dense = denseSpikes(this.events);
    this.error = tf.randomNormal([batch, neuron.steps, sizes[1]], 0, 0.01, 'float32', 1);
    this.optimisers =
      options.optimiser === 'sgd'
        ? { own: new FusedSgd(RATE), tfjs: tf.train.sgd(RATE) }
        : { own: new FusedAdam(RATE), tfjs: tf.train.adam(RATE) };
    this.inputSpikes = data.offsets[batch];
    // Told to make float32, tf.oneHot of the wasm backend (tfjs 4.22) writes the bits of integers.
    this.labels = tf.tidy(
      () =>
        tf.cast(
          tf.oneHot(tf.tensor1d(data.labels.slice(0, batch), 'int32'), sizes[2]),
          'float32',
        ) as tf.Tensor2D,
    );
    this.weights = [0, 1].map((l) =>
      tf.tidy(() =>
        tf.variable(tf.tensor2d(Float32Array.from(initialWeights(network, l)), [sizes[l], sizes[l + 1]])),
      ),
    );
  }

  async time(composed: boolean): Promise<Times> {
    const [layerWeights] = this.weights;
    const optimiser = composed ? this.optimisers.tfjs : this.optimisers.own;
    const byWeights = tf.grad((w) => this.layer(composed, w as tf.Tensor2D));
    const burst = (work: () => tf.Tensor) => timed(work, composed ? 1 : BURST);
    const cpuBefore = cpuMs();
    const msPerStep = await burst(() => optimiser.minimize(() => this.loss(composed), true, this.weights)!);
    const cpuMsPerStep = (cpuMs() - cpuBefore) / (composed ? 1 : BURST);
    return {
      msPerStep,
      cpuMsPerStep,
      msForward: await burst(() => this.loss(composed)),
      msGradients: await burst(() => this.gradients(composed)),
      msLayerForward: await burst(() => this.layer(composed, layerWeights as tf.Tensor as tf.Tensor2D)),
      msLayerGradients: await burst(() => byWeights(layerWeights, this.error)),
      msInput: await burst(() => this.input(composed)),
    };
  }

  dispose(): void {
    tf.dispose([
      this.events.starts,
      this.events.sources,
      this.dense,
      this.labels,
      this.error,
      ...this.weights,
    ]);
    this.optimisers.own.dispose();
    this.optimisers.tfjs.dispose();
  }

  /** The gradient of the loss by the input weights; that by the readout's is computed and freed. */
  private gradients(composed: boolean): tf.Tensor {
    const { value, grads } = tf.variableGrads(() => this.loss(composed), this.weights);
    const [first, ...rest] = Object.values(grads);
    tf.dispose([value, ...rest]);
    return first;
  }

  private layer(composed: boolean, weights: tf.Tensor2D) {
    const { tauMMs, tauSMs, theta, dtMs } = this.network.neuron;
    const { slopeFloor } = this.network;
    const options = { tauMMs, tauSMs, theta, dtMs, slopeFloor, gradient: this.options.gradient, composed };
    const spikes = composed || this.options.input === 'dense' ? this.dense : this.events;
    return lifWindow(spikes, weights, options);
  }

  private loss(composed: boolean): tf.Scalar {
    const { kappa, neuron } = this.network;
    const { tauMMs, tauSMs, dtMs } = neuron;
    return tf.tidy(() => {
      const [hidden, readout] = this.weights as tf.Tensor[] as tf.Tensor2D[];
      const options = { tauMMs, tauSMs, dtMs, gradient: this.options.gradient, kappa, composed };
      const answer = meanPotential(this.layer(composed, hidden), readout, options);
      const loss = composed ? tf.losses.softmaxCrossEntropy : softmaxCrossEntropy;
      return loss(this.labels, answer) as tf.Scalar;
    });
  }

  /** What is made of the data before a step. */
  private input(composed: boolean): tf.Tensor {
    if (composed || this.options.input === 'dense') return this.denseInput();
    const { starts, sources } = this.list();
    starts.dispose();
    return sources;
  }

  /** The first batch of the data as a list. */
  private list(): SpikeEvents {
    const { batch, sizes, neuron } = this.network;
    const { offsets, starts, spikes } = this.data;
    const rows = new Int32Array(batch * neuron.steps + 1);
    for (let s = 0; s < batch; s++) {
      for (let k = 1; k <= neuron.steps; k++) {
        rows[s * neuron.steps + k] = offsets[s] + starts[s * (neuron.steps + 1) + k];
      }
    }
    const sources = Int32Array.from(spikes.subarray(0, offsets[batch]));
    return spikeEvents(rows, sources, [batch, neuron.steps, sizes[0]]);
  }

  /** The same as a tensor of zeros and ones. */
  private denseInput(): tf.Tensor3D {
    const { batch, sizes, neuron } = this.network;
    const { offsets, starts, spikes } = this.data;
    const values = new Float32Array(batch * neuron.steps * sizes[0]);
    for (let s = 0; s < batch; s++) {
      for (let k = 0; k < neuron.steps; k++) {
        const row = s * neuron.steps + k;
        const at = s * (neuron.steps + 1) + k;
        for (let n = starts[at]; n < starts[at + 1]; n++) values[row * sizes[0] + spikes[offsets[s] + n]] = 1;
      }
    }
    return tf.tensor3d(values, [batch, neuron.steps, sizes[0]]);
  }
}

/** Time until a tensor is computed and freed, the mean of `times` in a row. */
async function timed(work: () => tf.Tensor, times: number): Promise<number> {
  const start = performance.now();
  for (let n = 0; n < times; n++) {
    const tensor = work();
    await tensor.data();
    tensor.dispose();
  }
  return (performance.now() - start) / times;
}

/** Medians and minima; backward is what the gradients take beyond forward. */
function summary(times: readonly Times[]) {
  const over = (of: (values: number[]) => number) => {
    const ms = (part: keyof Times) => of(times.map((time) => time[part]));
    return {
      msPerStep: ms('msPerStep'),
      cpuMsPerStep: ms('cpuMsPerStep'),
      msForward: ms('msForward'),
      msBackward: ms('msGradients') - ms('msForward'),
      msLayerForward: ms('msLayerForward'),
      msLayerBackward: ms('msLayerGradients') - ms('msLayerForward'),
      msLayerGradients: ms('msLayerGradients'),
      msInput: ms('msInput'),
    };
  };
  return { median: over(median), fastest: over(min) };
}

/** A step of the event engine, wall time and processor time: the mean of an epoch. */
async function engineStep(trainer: EventPropTrainer): Promise<{ ms: number; cpuMs: number }> {
  const [start, cpuBefore] = [performance.now(), cpuMs()];
  await trainer.epoch({ rate: () => RATE });
  return {
    ms: (performance.now() - start) / TRAINER_STEPS,
    cpuMs: (cpuMs() - cpuBefore) / TRAINER_STEPS,
  };
}

/** Processor time of this process and its threads. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
