import { setImmediate } from 'node:timers/promises';
import type { DenseLayerLedger, Ledger, WeightChanges } from '../energy/ledger.js';
import { InterruptedError, RunError } from '../util/errors.js';
import { stream } from '../util/rng.js';
import { type DenseSet, epochOrder, makeBatch } from './batches.js';
import { checkedOptions, type DenseData, type DenseOptions, type DenseSettings } from './dense-options.js';
import { Learner } from './learner.js';
import { layerShapes } from './mlp.js';
import { rateFactor } from './schedule.js';
import { recordChanges } from './weight-changes.js';

export type { DenseData, DenseOptions } from './dense-options.js';

export interface DenseProgress {
  /** Steps done, and steps in all. */
  done: number;
  total: number;
  /** Epoch of the step just done (0 is the first). */
  epoch: number;
  /** Test accuracy when last tested, or null before. */
  accuracy: number | null;
}

export interface DenseContext {
  /** Called after every step. */
  progress?: (progress: DenseProgress) => void;
  signal?: AbortSignal;
}

export interface DenseResult {
  /** Share of the test samples classified rightly, after each epoch that was tested. */
  accuracy: number[];
  /** Mean training loss (nats) of each epoch, measured on the way. */
  loss: number[];
  /** One array a layer, [sources, targets]: synapse (i, j) at i·targets + j. */
  weights: Float32Array[];
  ledger: Ledger;
}

/**
 * Trains a multilayer perceptron (rectified units, softmax cross-entropy) by back-propagation in minibatches, with
 * tfjs ops on the backend in use (see selectBackend). The same options and data give the same weights on `cpu`, and
 * on `wasm`; a GPU may add in another order. It yields to the event loop after every step.
 *
 * @throws RangeError if an option is wrong or does not fit the data; InterruptedError when the signal is aborted;
 *   RunError when the loss is no longer a number
 */
export async function trainDense(
  options: DenseOptions,
  data: DenseData,
  { progress, signal }: DenseContext = {},
): Promise<DenseResult> {
  const settings = checkedOptions(options, data);
  const { epochs, batch, seed, learningRate, schedule } = settings;
  const learner = new Learner(settings);
  const changes = settings.countChanges ? recordChanges(learner.weights) : null;
  const dropout = stream(seed, 'dense/dropout');
  const stepsPerEpoch = Math.ceil(data.train.count / batch);
  const total = epochs * stepsPerEpoch;
  const accuracy: number[] = [];
  const loss: number[] = [];

  async function trainEpoch(epoch: number): Promise<void> {
    const order = epochOrder(data.train.count, seed, epoch);
    for (let step = 0; step < stepsPerEpoch; step++) {
      const done = epoch * stepsPerEpoch + step;
      const indices = order.subarray(step * batch, (step + 1) * batch);
      const samples = makeBatch(data.train, indices, { ...settings, classes: data.classes }, dropout);
      learner.step(samples, learningRate * rateFactor(schedule, done, total));
      await changes?.note();
      progress?.({ done: done + 1, total, epoch, accuracy: accuracy.at(-1) ?? null });
      await breathe(signal);
    }
    loss.push((await learner.takeLossSum()) / data.train.count);
    if (!Number.isFinite(loss[epoch])) {
      throw new RunError(
        `dense network ${settings.sizes.join('-')}: the loss of epoch ${epoch + 1} is ${loss[epoch]}; use a smaller learning rate than ${learningRate}`,
      );
    }
  }

  try {
    for (let epoch = 0; epoch < epochs; epoch++) {
      await trainEpoch(epoch);
      const isLast = epoch === epochs - 1;
      if (isLast || settings.test === 'every epoch')
        accuracy.push(await testAccuracy(learner, data.test, signal));
    }
    const weights = await learner.readWeights();
    return { accuracy, loss, weights, ledger: makeLedger(settings, data, (await changes?.finish()) ?? null) };
  } finally {
    learner.dispose();
    changes?.dispose();
  }
}

/** Share of the samples of a set that are classified rightly. */
async function testAccuracy(learner: Learner, set: DenseSet, signal?: AbortSignal): Promise<number> {
  const chunk = 500;
  let right = 0;
  for (let start = 0; start < set.count; start += chunk) {
    const length = Math.min(chunk, set.count - start);
    right += await learner.countRight(
      set,
      Uint32Array.from({ length }, (_, i) => start + i),
    );
    await breathe(signal);
  }
  return right / set.count;
}

/** Lets the event loop do what waits (Ctrl-C, progress), then stops if that was asked for. */
async function breathe(signal?: AbortSignal): Promise<void> {
  await setImmediate();
  if (signal?.aborted) throw new InterruptedError();
}

/**
 * A sample costs a synapse one MAC forward, one for its gradient, and, but in layer 1, one to bring the error to its
 * source. A layer with biases has one source more, the last, which sends 1 to each of its synapses.
 */
function makeLedger(settings: DenseSettings, data: DenseData, changes: WeightChanges[] | null): Ledger {
  const { sizes, seed, epochs, network, labels } = settings;
  const inferences = data.test.count;
  const trainingSamples = epochs * data.train.count;
  return {
    network: network ?? `dense ${sizes.join('-')}, seed ${seed}`,
    labels,
    inferences,
    trainingSamples,
    layers: layerShapes(settings).map(
      ({ sources, targets }, l): DenseLayerLedger => ({
        channel: 'graded',
        name: `layer ${l + 1}`,
        sources,
        targets,
        changes: changes?.[l] ?? null,
        inferenceMacsPerSynapse: inferences,
        trainingForwardMacsPerSynapse: trainingSamples,
        trainingBackwardMacsPerSynapse: trainingSamples * (l === 0 ? 1 : 2),
      }),
    ),
  };
}
