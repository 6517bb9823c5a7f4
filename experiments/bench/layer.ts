import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { median, min } from 'simple-statistics';
import { encodeImages, latencyClassifier } from '../../models/networks/latency-classifier.js';
import { selectBackend } from '../../src/baseline/backend.js';
import { defineBench } from '../../src/cli/define-bench.js';
import { subset } from '../../src/data/images.js';
import { loadMnist } from '../../src/data/mnist.js';
import { asSpikes, lifWindow, meanPotential } from '../../src/engine/tensor/index.js';
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
  repeats: z.int().min(1).default(20).describe('timed steps, of which median and minimum are told'),
  seed: z.int().min(0).default(1).describe('seed of weights and images'),
});

type Gradient = z.output<typeof options>['gradient'];

/** Images of an epoch of the event engine's trainer, whose time is divided by its steps. */
const TRAINER_STEPS = 60;

/**
 * A training step of 784-H-10 on one batch of digits, each part through tfjs: the layer's own kernels, the same
 * composed of tfjs operations, and beside them the event engine's trainer on one thread. All by gradient descent.
 * Fused and composed take turns, so that both meet the same machine.
 */
export default defineBench({
  description: 'a spiking layer as a tfjs kernel: ms a step, beside tfjs operations and the event engine',
  options,
  async run({ backend, hidden, batch, gradient, repeats, seed }, { progress }) {
    const { used, why } = await selectBackend(backend);
    const { pixels, classes, train } = loadMnist();
    const network: EventPropConfig = {
      ...latencyClassifier({
        inputs: pixels,
        hidden: [hidden],
        classes,
        batch,
        inputDropout: 0,
        seed,
        threads: 1,
      }),
      optimiser: { kind: 'sgd' },
    };
    const data = encodeImages(subset(train, batch * TRAINER_STEPS, seed), pixels);
    const tensorsBefore = tf.memory().numTensors;
    const layer = new TimedLayer(network, data, gradient);
    const fused: Times[] = [];
    const composed: Times[] = [];
    const warmUps = 2;
    try {
      for (let repeat = -warmUps; repeat < repeats; repeat++) {
        const times = [await layer.time(false), await layer.time(true)];
        if (repeat >= 0) [fused, composed].forEach((list, n) => void list.push(times[n]));
        progress(repeat + warmUps + 1, repeats + warmUps, 'steps');
      }
    } finally {
      layer.dispose();
    }
    const trainerMs = await trainerMsPerStep(network, data);
    const [own, plain] = [summary(fused), summary(composed)];
    return {
      backend: used,
      why,
      sizes: network.sizes,
      steps: network.neuron.steps,
      batch,
      gradient,
      ...own.median,
      fastest: own.fastest,
      composed: { ...plain.median, fastest: plain.fastest },
      speedupOverComposed: plain.fastest.msPerStep / own.fastest.msPerStep,
      eventEngineMsPerStep: trainerMs,
      timesEventEngine: own.fastest.msPerStep / trainerMs,
      inputEventsPerS: (layer.inputSpikes * hidden * 1000) / own.fastest.msLayerForward,
      tensorsBefore,
      tensorsAfter: tf.memory().numTensors,
    };
  },
});

/** Milliseconds of a training step and of its parts; `msInput` is the making of the input tensor, before it. */
interface Times {
  msPerStep: number;
  msLayerForward: number;
  msForward: number;
  msInput: number;
}

/** One batch and the weights of the network as tensors. */
class TimedLayer {
  readonly inputSpikes: number;
  private readonly spikes: tf.Tensor3D;
  private readonly labels: tf.Tensor2D;
  private readonly weights: tf.Variable[];
  private readonly optimiser = tf.train.sgd(1e-4);

  constructor(
    private readonly network: EventPropConfig,
    private readonly data: SpikeData,
    private readonly gradient: Gradient,
  ) {
    const { sizes, batch } = network;
    this.spikes = this.input();
    this.inputSpikes = data.offsets[batch];
    this.labels = tf.tidy(
      () =>
        tf.oneHot(
          tf.tensor1d(data.labels.slice(0, batch), 'int32'),
          sizes[2],
          1,
          0,
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
    return {
      msPerStep: await timed(() => this.optimiser.minimize(() => this.loss(composed), true, this.weights)!),
      msForward: await timed(() => this.loss(composed)),
      msLayerForward: await timed(() => this.layer(composed)),
      msInput: await timed(() => this.input()),
    };
  }

  dispose(): void {
    tf.dispose([this.spikes, this.labels, ...this.weights]);
    this.optimiser.dispose();
  }

  private layer(composed: boolean) {
    const { tauMMs, tauSMs, theta, dtMs } = this.network.neuron;
    const { slopeFloor } = this.network;
    const options = { tauMMs, tauSMs, theta, dtMs, slopeFloor, gradient: this.gradient, composed };
    return lifWindow(asSpikes(this.spikes), this.weights[0] as tf.Tensor as tf.Tensor2D, options);
  }

  private loss(composed: boolean): tf.Scalar {
    const { kappa, neuron } = this.network;
    const { tauMMs, tauSMs, dtMs } = neuron;
    return tf.tidy(() => {
      const readout = this.weights[1] as tf.Tensor as tf.Tensor2D;
      const options = { tauMMs, tauSMs, dtMs, gradient: this.gradient };
      const answer = tf.mul(meanPotential(this.layer(composed), readout, options), kappa);
      return tf.losses.softmaxCrossEntropy(this.labels, answer) as tf.Scalar;
    });
  }

  /** The first batch of the data as a tensor. */
  private input(): tf.Tensor3D {
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

/** Time until a tensor is computed; frees it. */
async function timed(work: () => tf.Tensor): Promise<number> {
  const start = performance.now();
  const tensor = work();
  await tensor.data();
  const ms = performance.now() - start;
  tensor.dispose();
  return ms;
}

function summary(times: readonly Times[]) {
  const over = (of: (values: number[]) => number): Times => ({
    msPerStep: of(times.map((time) => time.msPerStep)),
    msForward: of(times.map((time) => time.msForward)),
    msLayerForward: of(times.map((time) => time.msLayerForward)),
    msInput: of(times.map((time) => time.msInput)),
  });
  return { median: over(median), fastest: over(min) };
}

/** The fastest of three epochs, by step. */
async function trainerMsPerStep(network: EventPropConfig, data: SpikeData): Promise<number> {
  const trainer = new EventPropTrainer(network, data, data);
  try {
    const times: number[] = [];
    for (let epoch = 0; epoch < 4; epoch++) {
      const start = performance.now();
      await trainer.epoch({ rate: () => 1e-4 });
      times.push((performance.now() - start) / TRAINER_STEPS);
    }
    return min(times.slice(1));
  } finally {
    await trainer.close();
  }
}
