import { setImmediate } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import type { DenseLayerLedger, Ledger } from '../energy/ledger.js';
import { InterruptedError, RunError } from '../util/errors.js';
import { stream } from '../util/rng.js';
import { type DenseSet, epochOrder, inputsOf, makeBatch } from './batches.js';
import { classify, initialWeights, layerShapes, lossAndGradients } from './mlp.js';
import { adam, type Optimiser, sgd } from './optimiser.js';
import { rateFactor, type Schedule } from './schedule.js';
import { recordChanges, sourcesFirst } from './weight-changes.js';

export interface DenseOptions {
  /** Neurons of each population, input first: [784, 350, 10]. */
  sizes: readonly number[];
  seed: number | string;
  epochs: number;
  /** Samples a step. The last step of an epoch takes what is left. */
  batch: number;
  optimiser: 'sgd' | 'adam';
  learningRate: number;
  /** Default: cosine. */
  schedule?: Schedule;
  /** Momentum of 'sgd'. Default 0.9. */
  momentum?: number;
  /** Decoupled weight decay. Default 0. */
  weightDecay?: number;
  /** Share of the inputs dropped at random while training. Default 0. */
  inputDropout?: number;
  /**
   * Whether each layer has a bias source, a neuron that always sends 1. Default false: then the synapses are
   * those of a spiking network of the same layer sizes, one for one.
   */
  biases?: boolean;
  /** Whether to count weight changes synapse by synapse (costs a few per cent of the time). Default true. */
  countChanges?: boolean;
  /** Test after every epoch, or after the last only. Default: every. */
  test?: 'every epoch' | 'last epoch';
  /** Name and labels of the ledger. */
  network?: string;
  labels?: Record<string, string | number>;
}

export interface DenseData {
  train: DenseSet;
  test: DenseSet;
  classes: number;
}

export interface DenseProgress {
  /** Steps done, and steps in all. */
  done: number;
  total: number;
  /** Epoch of the step just done (0 is the first), and test accuracy after the epoch before. */
  epoch: number;
  accuracy: number | null;
}

export interface DenseContext {
  /** Called after every step. */
  progress?: (progress: DenseProgress) => void;
  signal?: AbortSignal;
}

export interface DenseResult {
  /** Share of the test samples classified rightly after each tested epoch. */
  accuracy: number[];
  /** Mean training loss (nats) of each epoch, measured on the way. */
  loss: number[];
  /** One array a layer, [sources, targets]: synapse (i, j) at i·targets + j. */
  weights: Float32Array[];
  ledger: Ledger;
}

/**
 * Trains a multilayer perceptron (rectified units, softmax cross-entropy) by back-propagation in minibatches,
 * with tfjs ops on the backend that is selected now. The same options, data and backend give the same weights
 * on `cpu` and `wasm`; a GPU may add in another order.
 *
 * @throws InterruptedError when the signal is aborted; RunError when the loss is no longer a number
 */
export async function trainDense(
  options: DenseOptions,
  data: DenseData,
  { progress, signal }: DenseContext = {},
): Promise<DenseResult> {
  const {
    sizes,
    seed,
    epochs,
    batch,
    schedule = { kind: 'cosine' },
    inputDropout = 0,
    biases = false,
  } = options;
  checkFit(sizes, data);
  const shape = { sizes, biases };
  const initial = initialWeights(shape, seed);
  const weights = layerShapes(shape).map(({ sources, targets }, l) =>
    tf.variable(tf.tensor2d(initial[l], [targets, sources])),
  ) as tf.Variable<tf.Rank.R2>[];
  const optimiser = makeOptimiser(options);
  const changes = recordChanges(weights, options.countChanges ?? true);
  const dropout = stream(seed, 'dense/dropout');
  const batchOptions = { classes: data.classes, biases, inputDropout };
  const stepsPerEpoch = Math.ceil(data.train.count / batch);
  const total = epochs * stepsPerEpoch;
  const accuracy: number[] = [];
  const loss: number[] = [];
  try {
    for (let epoch = 0; epoch < epochs; epoch++) {
      const order = epochOrder(data.train.count, seed, epoch);
      const lossSum = tf.variable(tf.scalar(0), false);
      try {
        for (let step = 0; step < stepsPerEpoch; step++) {
          const done = epoch * stepsPerEpoch + step;
          const part = makeBatch(
            data.train,
            order.subarray(step * batch, (step + 1) * batch),
            batchOptions,
            dropout,
          );
          const rate = options.learningRate * rateFactor(schedule, done, total);
          trainStep(weights, optimiser, part, rate, lossSum);
          await changes.note();
          progress?.({ done: done + 1, total, epoch, accuracy: accuracy.at(-1) ?? null });
          await setImmediate();
          if (signal?.aborted) throw new InterruptedError();
        }
        loss.push((await lossSum.data())[0] / data.train.count);
      } finally {
        lossSum.dispose();
      }
      if (!Number.isFinite(loss[epoch])) {
        throw new RunError(
          `dense ${sizes.join('-')}: the loss of epoch ${epoch + 1} is ${loss[epoch]}; use a smaller learning rate than ${options.learningRate}`,
        );
      }
      if (options.test !== 'last epoch' || epoch === epochs - 1) {
        accuracy.push(await testAccuracy(weights, data.test, biases, signal));
      }
    }
    const changed = changes.finish();
    return {
      accuracy,
      loss,
      weights: await Promise.all(weights.map(readWeights)),
      ledger: {
        network: options.network ?? `dense ${sizes.join('-')}, seed ${seed}`,
        labels: options.labels ?? {},
        inferences: data.test.count,
        trainingSamples: epochs * data.train.count,
        layers: layerShapes(shape).map((layer, l) => layerLedger(l, layer, changed[l])),
      },
    };
  } finally {
    tf.dispose(weights);
    optimiser.dispose();
  }
}

/** Share of the samples whose largest logit is that of their label. */
export async function testAccuracy(
  weights: readonly tf.Tensor2D[],
  set: DenseSet,
  biases: boolean,
  signal?: AbortSignal,
): Promise<number> {
  const chunk = 500;
  const options = { classes: weights.at(-1)!.shape[0], biases, inputDropout: 0 };
  const unused = stream(0, 'dense/test');
  let right = 0;
  for (let start = 0; start < set.count; start += chunk) {
    if (signal?.aborted) throw new InterruptedError();
    const indices = Uint32Array.from({ length: Math.min(chunk, set.count - start) }, (_, i) => start + i);
    const { rows, count } = makeBatch(set, indices, options, unused);
    const classes = tf.tidy(() => classify(weights, tf.tensor2d(rows, [count, rows.length / count])));
    const found = await classes.data();
    classes.dispose();
    right += indices.reduce((sum, index, i) => sum + (found[i] === set.labels[index] ? 1 : 0), 0);
  }
  return right / set.count;
}

function trainStep(
  weights: tf.Variable<tf.Rank.R2>[],
  optimiser: Optimiser,
  { rows, targets, count }: { rows: Float32Array; targets: Float32Array; count: number },
  learningRate: number,
  lossSum: tf.Variable,
): void {
  tf.tidy(() => {
    const input = tf.tensor2d(rows, [count, rows.length / count]);
    const wanted = tf.tensor2d(targets, [targets.length / count, count]);
    const { loss, gradients } = lossAndGradients(weights, input, wanted);
    optimiser.step(weights, gradients, learningRate);
    lossSum.assign(tf.add(lossSum, tf.mul(loss, count)));
  });
}

function makeOptimiser({ optimiser, momentum = 0.9, weightDecay = 0 }: DenseOptions): Optimiser {
  if (optimiser === 'sgd') return sgd({ momentum, weightDecay });
  return adam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay });
}

function checkFit(sizes: readonly number[], data: DenseData): void {
  const features = inputsOf(data.train).values.length / data.train.count;
  if (sizes.length < 2 || sizes.some((size) => !Number.isInteger(size) || size < 1)) {
    throw new RangeError(`layer sizes ${sizes.join('-')}: expected two or more whole numbers above 0`);
  }
  if (sizes[0] !== features || sizes.at(-1) !== data.classes) {
    throw new RangeError(
      `layer sizes ${sizes.join('-')} do not fit data with ${features} features and ${data.classes} classes`,
    );
  }
}

/** A sample costs a synapse one MAC forward, one for its gradient, and one to bring the error to its source. */
function layerLedger(
  l: number,
  { sources, targets }: { sources: number; targets: number },
  changes: DenseLayerLedger['changes'],
): DenseLayerLedger {
  return {
    channel: 'graded',
    name: `layer ${l + 1}`,
    sources,
    targets,
    changes,
    inferenceMacsPerSynapse: 1,
    trainingForwardMacsPerSynapse: 1,
    trainingBackwardMacsPerSynapse: l === 0 ? 1 : 2,
  };
}

/** [targets, sources] on the backend to [sources, targets] here. */
async function readWeights(weights: tf.Tensor2D): Promise<Float32Array> {
  const [targets, sources] = weights.shape;
  return sourcesFirst(
    (await weights.data()) as Float32Array,
    targets,
    sources,
    new Float32Array(weights.size),
  );
}
