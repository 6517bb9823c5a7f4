import * as tf from '@tensorflow/tfjs-core';
import { RunError } from '../../util/errors.js';
import { type Batch, epochOrder } from '../batches.js';
import {
  crossEntropy,
  forward,
  initialWeights,
  layerShapes,
  lossAndGradients,
  squaredError,
} from '../mlp.js';
import { adam } from '../optimiser.js';
import { rateFactor } from '../schedule.js';
import type { Task } from './task.js';

/** How a network is trained for a point of a learning curve. */
export interface CurveSettings {
  hidden: readonly number[];
  steps: number;
  /** Examples a step; all of them where there are fewer. */
  batch: number;
  /** Of Adam at the start; it goes down as half a cosine. */
  learningRate: number;
  /** How often validation and test loss are looked at, evenly over the training. */
  evaluations: number;
  seed: number;
}

/**
 * Held-out losses after some steps. A cross-entropy is given above the entropy of its targets, which is 0 where one
 * class is right: what is left is the divergence from the truth.
 */
export interface Look {
  step: number;
  validation: number;
  test: number;
}

/**
 * Trains a multilayer perceptron with biases by Adam, with tfjs ops on the backend in use, and looks at its held-out
 * losses on the way. Examples come in a new random order each epoch; the last batch of an epoch may be short.
 *
 * @throws RunError when the loss is no longer a number
 */
export async function trainCurve(task: Task, settings: CurveSettings): Promise<Look[]> {
  const shape = { sizes: [task.inputs, ...settings.hidden, task.outputs], biases: true };
  const initial = initialWeights(shape, settings.seed);
  const weights = layerShapes(shape).map(({ sources, targets }, l) =>
    tf.tidy(() => tf.variable(tf.tensor2d(initial[l], [targets, sources]), false)),
  );
  const optimiser = adam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 });
  const lossOf = task.loss === 'cross-entropy' ? crossEntropy : squaredError;
  const heldOut = { validation: held(task.validation, task), test: held(task.test, task) };
  async function heldLoss({ input, targets, entropy }: HeldOut): Promise<number> {
    const mean = tf.tidy(() => lossOf(forward(weights, input).logits, targets).loss);
    const [value] = await mean.data();
    mean.dispose();
    return value - entropy;
  }
  const looks: Look[] = [];
  const batches = new Batches(task, settings);
  try {
    for (let step = 0; step < settings.steps; step++) {
      const { rows, targets, count } = batches.next();
      tf.tidy(() => {
        const { gradients } = lossAndGradients(
          weights,
          tf.tensor2d(rows, [count, rows.length / count]),
          tf.tensor2d(targets, [targets.length / count, count]),
          { loss: lossOf },
        );
        const rate = settings.learningRate * rateFactor({ kind: 'cosine' }, step, settings.steps);
        optimiser.step(weights, gradients, rate);
      });
      const done = step + 1;
      if (isLook(done, settings)) {
        const validation = await heldLoss(heldOut.validation);
        const look = { step: done, validation, test: await heldLoss(heldOut.test) };
        if (!Number.isFinite(look.test))
          throw new RunError(`the loss is ${look.test} after ${done} steps; use a lower learning rate`);
        looks.push(look);
      }
    }
    return looks;
  } finally {
    tf.dispose(weights);
    for (const { input, targets } of Object.values(heldOut)) tf.dispose([input, targets]);
    optimiser.dispose();
  }
}

/** The look with the least validation loss: where one would have stopped. */
export function bestLook(looks: readonly Look[]): Look {
  return looks.reduce((best, look) => (look.validation < best.validation ? look : best));
}

interface HeldOut {
  /** [sources, samples] */
  input: tf.Tensor2D;
  targets: tf.Tensor2D;
  /** Mean entropy of the targets. */
  entropy: number;
}

/** Held-out samples on the device. */
function held({ rows, targets, count }: Batch, { loss }: Task): HeldOut {
  let nats = 0;
  if (loss === 'cross-entropy') for (const p of targets) if (p > 0) nats -= p * Math.log(p);
  return {
    input: tf.tidy(() => tf.transpose(tf.tensor2d(rows, [count, rows.length / count]))),
    targets: tf.tensor2d(targets, [targets.length / count, count]),
    entropy: nats / count,
  };
}

function isLook(done: number, { steps, evaluations }: CurveSettings): boolean {
  return Math.floor((done * evaluations) / steps) > Math.floor(((done - 1) * evaluations) / steps);
}

/** The examples of a task in batches, epoch after epoch. */
class Batches {
  private epoch = 0;
  private at = 0;
  private order: Uint32Array;

  constructor(
    private readonly task: Task,
    private readonly settings: CurveSettings,
  ) {
    this.order = epochOrder(task.train.count, settings.seed, 0);
  }

  next(): Batch {
    if (this.at >= this.order.length) {
      this.order = epochOrder(this.task.train.count, this.settings.seed, ++this.epoch);
      this.at = 0;
    }
    const indices = this.order.subarray(this.at, this.at + this.settings.batch);
    this.at += indices.length;
    return this.task.train.batch(indices);
  }
}
