import { setImmediate } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
// Registers the gradients of tfjs's own operations.
import '@tensorflow/tfjs-layers';
import type { DenseLayerLedger, Ledger, WeightChanges } from '../energy/ledger.js';
import { softmaxCrossEntropy } from '../engine/tensor/loss.js';
import { InterruptedError, RunError } from '../util/errors.js';
import { stream } from '../util/rng.js';
import { type Batch, type DenseSet, epochOrder, makeBatch } from './batches.js';
import { type ConvOptions, type ConvSettings, checkedConv } from './convnet-options.js';
import { type ConvShape, convLayers, convLogits } from './convolution.js';
import type { DenseContext, DenseData, DenseResult } from './dense.js';
import { sgd } from './optimiser.js';
import { rateFactor } from './schedule.js';
import { recordChanges } from './weight-changes.js';
import { sourcesFirst, type WeightMatrix } from './weight-matrix.js';

export type { ConvOptions } from './convnet-options.js';

/**
 * Trains a small convolutional network (convolution.ts: two convolutions, rectified and pooled, and a readout, no
 * biases) by back-propagation in minibatches, with tfjs on the backend in use. Weights begin as in a dense network
 * (He), with the numbers of a patch as sources.
 *
 * @throws RangeError if an option is wrong or does not fit the data; InterruptedError when the signal is aborted;
 *   RunError when the loss is no longer a number
 */
export async function trainConv(
  options: ConvOptions,
  data: DenseData,
  { progress, signal }: DenseContext = {},
): Promise<DenseResult> {
  const settings = checkedConv(options, data);
  const { shape, epochs, batch, seed, learningRate, schedule, momentum } = settings;
  const weights = initialWeights(shape, seed);
  const optimiser = sgd({ momentum, weightDecay: 0 });
  const changes = settings.countChanges ? recordChanges(weights) : null;
  const stepsPerEpoch = Math.ceil(data.train.count / batch);
  const total = epochs * stepsPerEpoch;
  const accuracy: number[] = [];
  const loss: number[] = [];
  const breathe = async () => {
    await setImmediate();
    if (signal?.aborted) throw new InterruptedError();
  };

  function step(samples: Batch, rate: number): number {
    return tf.tidy(() => {
      const { value, grads } = tf.variableGrads(
        () => softmaxCrossEntropy(labelsOf(samples), logitsOf(shape, weights, samples)),
        weights as tf.Variable[],
      );
      optimiser.step(
        weights,
        weights.map(({ name }) => grads[name]),
        rate,
      );
      return value.dataSync()[0] * samples.count;
    });
  }

  async function testAccuracy(set: DenseSet): Promise<number> {
    let right = 0;
    for (let start = 0; start < set.count; start += batch) {
      const indices = Uint32Array.from({ length: Math.min(batch, set.count - start) }, (_, i) => start + i);
      const samples = makeBatch(set, indices, { classes: data.classes, biases: false });
      const answers = tf.tidy(() => tf.argMax(logitsOf(shape, weights, samples), 1).dataSync());
      for (const [n, index] of indices.entries()) if (answers[n] === set.labels[index]) right++;
      await breathe();
    }
    return right / set.count;
  }

  try {
    for (let epoch = 0; epoch < epochs; epoch++) {
      const order = epochOrder(data.train.count, seed, epoch);
      let sum = 0;
      for (let n = 0; n < stepsPerEpoch; n++) {
        const done = epoch * stepsPerEpoch + n;
        const indices = order.subarray(n * batch, (n + 1) * batch);
        const samples = makeBatch(data.train, indices, { classes: data.classes, biases: false });
        sum += step(samples, learningRate * rateFactor(schedule, done, total));
        await changes?.note();
        progress?.({ done: done + 1, total, epoch, accuracy: accuracy.at(-1) ?? null });
        await breathe();
      }
      loss.push(sum / data.train.count);
      if (!Number.isFinite(sum)) {
        throw new RunError(
          `convolutional network: the loss of epoch ${epoch + 1} is ${sum}; use a smaller learning rate than ${learningRate}`,
        );
      }
      if (epoch === epochs - 1 || settings.test === 'every epoch')
        accuracy.push(await testAccuracy(data.test));
    }
    const final = weights.map((w) => sourcesFirst(w.dataSync() as Float32Array, w.shape));
    const ledger = makeLedger(settings, data, (await changes?.finish()) ?? null);
    return { accuracy, loss, weights: final, ledger };
  } finally {
    tf.dispose([...weights]);
    optimiser.dispose();
    changes?.dispose();
  }
}

/** One variable [targets, sources] a layer, as those of a dense network. */
function initialWeights(shape: ConvShape, seed: number | string): readonly WeightMatrix[] {
  return convLayers(shape).map(({ sources, targets }, l) => {
    const { normal } = stream(seed, `convolution/init/${l}`);
    const values = Float32Array.from({ length: sources * targets }, () => Math.sqrt(2 / sources) * normal());
    return tf.tidy(() => tf.variable(tf.tensor2d(values, [targets, sources])));
  });
}

function logitsOf(shape: ConvShape, weights: readonly WeightMatrix[], { rows, count }: Batch): tf.Tensor2D {
  const images = tf.tensor4d(rows, [count, shape.side, shape.side, 1]);
  return convLogits(
    shape,
    weights.map((w) => tf.transpose(w as tf.Tensor as tf.Tensor2D)),
    images,
  );
}

/** [count, classes] */
const labelsOf = ({ targets, count }: Batch): tf.Tensor2D =>
  tf.transpose(tf.tensor2d(targets, [targets.length / count, count]));

/**
 * A synapse of a convolution is a weight that is used at every place: a sample costs it as many MACs as there are
 * places, forward, again for its gradient and, but in layer 1, again for the error of what came in.
 */
function makeLedger(settings: ConvSettings, data: DenseData, changes: WeightChanges[] | null): Ledger {
  const { shape, seed, epochs, network, labels } = settings;
  const inferences = data.test.count;
  const trainingSamples = epochs * data.train.count;
  return {
    network: network ?? `convolutional ${shape.filters.join('-')}, seed ${seed}`,
    labels,
    inferences,
    trainingSamples,
    layers: convLayers(shape).map(
      ({ sources, targets, places }, l): DenseLayerLedger => ({
        channel: 'graded',
        name: places > 1 ? `convolution ${l + 1}` : 'readout',
        sources,
        targets,
        changes: changes?.[l] ?? null,
        inferenceMacsPerSynapse: places * inferences,
        trainingForwardMacsPerSynapse: places * trainingSamples,
        trainingBackwardMacsPerSynapse: places * trainingSamples * (l === 0 ? 1 : 2),
      }),
    ),
  };
}

/** Numbers that come in and go out of each layer for one sample: what `withTraffic` asks of shared weights. */
export const convValues = (shape: ConvShape): { in: number; out: number }[] =>
  convLayers(shape).map(({ values, targets, places }) => ({ in: values, out: targets * places }));
