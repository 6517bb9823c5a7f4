import * as tf from '@tensorflow/tfjs-core';
import { type Batch, type DenseSet, makeBatch } from './batches.js';
import type { DenseSettings } from './dense-options.js';
import {
  type Activation,
  classify,
  initialWeights,
  layerShapes,
  lossAndGradients,
  RECTIFIED,
} from './mlp.js';
import { adam, type Optimiser, sgd } from './optimiser.js';
import { quantisedUnits, quantiseUnsigned, quantiseWeights } from './quantise.js';
import { sourcesFirst, type WeightMatrix } from './weight-matrix.js';

/** A network in training: its weights and its optimiser on the backend in use. */
export class Learner {
  readonly weights: readonly WeightMatrix[];
  private readonly optimiser: Optimiser;
  private readonly activation: Activation;
  /** Σ of the loss over samples since it was last read. */
  private readonly lossSum: tf.Variable;

  constructor(private readonly settings: DenseSettings) {
    const initial = initialWeights(settings, settings.seed);
    this.weights = tf.tidy(() =>
      layerShapes(settings).map(({ sources, targets }, l) =>
        tf.variable(tf.tensor2d(initial[l], [targets, sources]), false),
      ),
    );
    this.optimiser = makeOptimiser(settings);
    this.activation = settings.bits ? quantisedUnits(settings.bits) : RECTIFIED;
    this.lossSum = tf.tidy(() => tf.variable(tf.scalar(0), false));
  }

  /** One step of gradient descent on a batch. */
  step({ rows, targets, count }: Batch, learningRate: number): void {
    tf.tidy(() => {
      const { loss, gradients } = lossAndGradients(
        this.used(),
        this.input(rows, count),
        tf.tensor2d(targets, [targets.length / count, count]),
        { activation: this.activation },
      );
      this.optimiser.step(this.weights, gradients, learningRate);
      this.lossSum.assign(tf.add(this.lossSum, tf.mul(loss, count)));
    });
  }

  /** The weights that the network computes with. */
  private used(): readonly tf.Tensor2D[] {
    const { bits } = this.settings;
    return bits ? this.weights.map((weight) => quantiseWeights(weight, bits)) : this.weights;
  }

  private input(rows: Float32Array, count: number): tf.Tensor2D {
    const { bits } = this.settings;
    const input = tf.tensor2d(rows, [count, rows.length / count]);
    return bits ? quantiseUnsigned(input, bits, 1) : input;
  }

  /** Σ of the loss over the samples of all steps since the last call. */
  async takeLossSum(): Promise<number> {
    const [sum] = await this.lossSum.data();
    tf.tidy(() => this.lossSum.assign(tf.scalar(0)));
    return sum;
  }

  /** How many of the samples with the given indices are classified rightly. */
  async countRight(set: DenseSet, indices: Uint32Array): Promise<number> {
    const classes = this.weights.at(-1)!.shape[0];
    const { rows, count } = makeBatch(set, indices, { classes, biases: this.settings.biases });
    const answers = tf.tidy(() => classify(this.used(), this.input(rows, count), this.activation));
    const found = await answers.data();
    answers.dispose();
    return indices.reduce((right, index, s) => right + (found[s] === set.labels[index] ? 1 : 0), 0);
  }

  /** One array a layer, [sources, targets]: synapse (i, j) at i·targets + j. */
  readWeights(): Promise<Float32Array[]> {
    return Promise.all(this.weights.map(async (w) => sourcesFirst(await w.data<'float32'>(), w.shape)));
  }

  dispose(): void {
    tf.dispose([...this.weights, this.lossSum]);
    this.optimiser.dispose();
  }
}

function makeOptimiser({ optimiser, momentum, weightDecay }: DenseSettings): Optimiser {
  if (optimiser === 'sgd') return sgd({ momentum, weightDecay });
  return adam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay });
}
