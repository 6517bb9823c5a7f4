import * as tf from '@tensorflow/tfjs-core';
import { mean, median, min } from 'simple-statistics';
import { z } from 'zod';
import { selectBackend } from '../../baseline/backend.js';
import type { Batch } from '../../baseline/batches.js';
import { denseOptions } from '../../baseline/dense-options.js';
import { Learner } from '../../baseline/learner.js';
import { inferenceMacs, trainingMacs } from '../../baseline/macs.js';
import { forward, initialWeights, lossAndGradients } from '../../baseline/mlp.js';
import { naiveNetwork } from '../../baseline/naive.js';
import { recordChanges } from '../../baseline/weight-changes.js';
import type { BackendChoice } from '../../experiment/define.js';
import { stream } from '../../util/rng.js';
import { defineBench } from '../define-bench.js';

export interface DenseBenchOptions {
  backend: BackendChoice;
  /** Neurons of each population. Default 784-512-10. */
  sizes?: readonly number[];
  /** Default 128. */
  batch?: number;
  /** Timed steps; the median is given. Default 20. */
  repeats?: number;
  seed?: number;
}

/** Times in ms are medians; `fastest` holds the minima, which suffer less from what else the machine does. */
export interface DenseBench {
  backend: string;
  why: string;
  sizes: readonly number[];
  batch: number;
  /** Forward, backward and update (gradient descent with momentum) of one batch that is ready in memory. */
  msPerStep: number;
  msForward: number;
  /** What loss and gradients take beyond forward. */
  msBackward: number;
  /** Counting the weight changes of a step (L0, L1 by synapse): the mean, since several steps are counted at once. */
  msCounting: number;
  /** The same step written with tf.matMul, the tape and tf.train.momentum. */
  naiveMsPerStep: number;
  speedup: number;
  /** 10^9 floating-point operations a second in a step: two for each multiply-accumulate of the three passes. */
  gflops: number;
  gflopsForward: number;
  tensorsBefore: number;
  tensorsAfter: number;
  fastest: { msPerStep: number; msForward: number; msBackward: number; naiveMsPerStep: number };
}

/**
 * Times a training step of a dense network on random data (`femtospike bench dense`). Trained and naive steps take
 * turns, so that both meet the same machine.
 */
export async function benchDense({
  backend,
  sizes = [784, 512, 10],
  batch = 128,
  repeats = 20,
  seed = 1,
}: DenseBenchOptions): Promise<DenseBench> {
  const { used, why } = await selectBackend(backend);
  const tensorsBefore = tf.memory().numTensors;
  const settings = denseOptions.parse({ sizes: [...sizes], seed, learningRate: 0.01, biases: false });
  const learner = new Learner(settings);
  const changes = recordChanges(learner.weights);
  const naive = await naiveNetwork(initialWeights(settings, seed), sizes, settings);
  const samples = randomBatch(sizes, batch, seed);
  const rows = tf.tensor2d(samples.rows, [batch, sizes[0]]);
  const columns = tf.transpose(rows);
  const targetRows = tf.tidy(() => tf.transpose(tf.tensor2d(samples.targets, [sizes.at(-1)!, batch])));
  const targetColumns = tf.transpose(targetRows);

  const steps: number[] = [];
  const counts: number[] = [];
  const forwards: number[] = [];
  const naives: number[] = [];
  const gradients: number[] = [];
  const warmUps = 3;
  for (let repeat = -warmUps; repeat < repeats; repeat++) {
    const times = [
      await time(async () => {
        learner.step(samples, settings.learningRate);
        await learner.takeLossSum();
      }),
      await time(() => changes.note()),
      await time(() => read(tf.tidy(() => forward(learner.weights, columns).logits))),
      await time(() => read(naive.step(rows, targetRows))),
      await time(async () => {
        const found = lossAndGradients(learner.weights, rows, targetColumns);
        // The first layer's gradient is the last to be computed.
        await found.gradients[0].data();
        tf.dispose([found.loss, ...found.gradients]);
      }),
    ];
    if (repeat >= 0)
      [steps, counts, forwards, naives, gradients].forEach((list, i) => void list.push(times[i]));
  }

  tf.dispose([rows, columns, targetRows, targetColumns]);
  learner.dispose();
  changes.dispose();
  naive.dispose();
  const flop = 2 * batch * trainingMacs(sizes);
  return {
    backend: used,
    why,
    sizes,
    batch,
    msPerStep: median(steps),
    msForward: median(forwards),
    msBackward: median(gradients) - median(forwards),
    msCounting: mean(counts),
    naiveMsPerStep: median(naives),
    speedup: median(naives) / median(steps),
    gflops: flop / median(steps) / 1e6,
    gflopsForward: (2 * batch * inferenceMacs(sizes)) / median(forwards) / 1e6,
    tensorsBefore,
    tensorsAfter: tf.memory().numTensors,
    fastest: {
      msPerStep: min(steps),
      msForward: min(forwards),
      msBackward: min(gradients) - min(forwards),
      naiveMsPerStep: min(naives),
    },
  };
}

async function time(work: () => void | Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Waits until a tensor is computed, and frees it. */
async function read(tensor: tf.Tensor): Promise<void> {
  await tensor.data();
  tensor.dispose();
}

function randomBatch(sizes: readonly number[], batch: number, seed: number): Batch {
  const random = stream(seed, 'bench/dense');
  const classes = sizes.at(-1)!;
  const targets = new Float32Array(classes * batch);
  for (let s = 0; s < batch; s++) targets[random.integer(classes) * batch + s] = 1;
  return { rows: Float32Array.from({ length: batch * sizes[0] }, random.uniform), targets, count: batch };
}

const options = z.strictObject({
  backend: z
    .enum(['auto', 'tensorflow', 'webgpu', 'wasm', 'cpu'])
    .default('auto')
    .describe('backend of tfjs'),
  sizes: z.array(z.int().min(1)).min(2).default([784, 512, 10]).describe('neurons of each population'),
  batch: z.int().min(1).default(128).describe('samples a step'),
  repeats: z.int().min(1).default(20).describe('timed steps, of which the median is told'),
  seed: z.int().min(0).default(1).describe('seed of weights and samples'),
});

export default defineBench({
  description: 'a training step of a dense network on a tfjs backend, beside the same step in plain tfjs',
  options,
  run: async (options) => ({ ...(await benchDense(options)) }),
});
