import * as tf from '@tensorflow/tfjs-core';
import { stream } from '../util/rng.js';

/**
 * A multilayer perceptron in plain tfjs ops, with its gradients written out.
 *
 * Arrays are feature-major: activations are [neurons, batch] and the weights of a layer [targets, sources], so
 * that a layer is `weights · activations`. On the wasm backend this is what makes it fast: XNNPACK repacks
 * the right operand of every product, which is the small one here, and no product is asked for with a transpose
 * flag, for which tfjs leaves its fast kernel (8 to 15 times slower).
 */
export interface MlpShape {
  /** Neurons of each population, input first. */
  sizes: readonly number[];
  /** Whether each layer has one more source that always sends 1, whose synapses are the biases. */
  biases: boolean;
}

/** Sources and targets of each layer; a bias source counts. */
export function layerShapes({ sizes, biases }: MlpShape): { sources: number; targets: number }[] {
  return sizes.slice(1).map((targets, l) => ({ sources: sizes[l] + (biases ? 1 : 0), targets }));
}

/**
 * He's initialisation for rectified units: normal with variance 2/sources, biases 0 (He et al. 2015,
 * doi:10.1109/ICCV.2015.123). Each layer draws from a stream of its own.
 *
 * @returns one array a layer, [targets, sources]
 */
export function initialWeights(shape: MlpShape, seed: number | string): Float32Array[] {
  return layerShapes(shape).map(({ sources, targets }, l) => {
    const inputs = shape.sizes[l];
    const scale = Math.sqrt(2 / inputs);
    const random = stream(seed, `dense/init/${l}`);
    const weights = new Float32Array(sources * targets);
    for (let j = 0; j < targets; j++) {
      for (let i = 0; i < inputs; i++) weights[j * sources + i] = scale * random.normal();
    }
    return weights;
  });
}

/**
 * What each layer takes in, and the logits: rectified units, no nonlinearity at the output.
 *
 * @param weights one [targets, sources] a layer
 * @param input [sources of layer 0, batch], the bias source included
 * @returns inputs[l] is [sources of layer l, batch]; logits is [classes, batch]
 */
export function forward(
  weights: readonly tf.Tensor2D[],
  input: tf.Tensor2D,
): { inputs: tf.Tensor2D[]; logits: tf.Tensor2D } {
  const inputs = [input];
  let sums = tf.matMul<tf.Tensor2D>(weights[0], input);
  for (const layer of weights.slice(1)) {
    inputs.push(withBiasSource(tf.relu(sums), layer.shape[1]));
    sums = tf.matMul<tf.Tensor2D>(layer, inputs[inputs.length - 1]);
  }
  return { inputs, logits: sums };
}

/** The mean loss of a batch, and its slope in each output. */
export type Loss = (outputs: tf.Tensor2D, targets: tf.Tensor2D) => { loss: tf.Scalar; slope: tf.Tensor2D };

/**
 * The mean loss of a batch (softmax cross-entropy if no other is given) and its gradient by back-propagation.
 *
 * @param weights one [targets, sources] a layer
 * @param rows the inputs, one sample a row: [batch, sources of layer 0]
 * @param targets the wanted distribution over classes, or the wanted values: [outputs, batch]
 * @returns loss (a scalar) and one gradient a layer, of the shape of its weights. The caller disposes of them.
 */
export function lossAndGradients(
  weights: readonly tf.Tensor2D[],
  rows: tf.Tensor2D,
  targets: tf.Tensor2D,
  lossOf: Loss = crossEntropy,
): { loss: tf.Scalar; gradients: tf.Tensor2D[] } {
  return tf.tidy(() => {
    const { inputs, logits } = forward(weights, tf.transpose(rows));
    const { loss, slope } = lossOf(logits, targets);
    const gradients: tf.Tensor2D[] = [];
    let delta = slope;
    for (let l = weights.length - 1; l > 0; l--) {
      gradients.unshift(tf.matMul(delta, tf.transpose(inputs[l])));
      delta = backThrough(weights[l], inputs[l], delta, weights[l - 1].shape[0]);
    }
    gradients.unshift(tf.matMul(delta, rows));
    return { loss, gradients };
  });
}

/** Class of the largest logit of each sample: [batch], int32. */
export function classify(weights: readonly tf.Tensor2D[], rows: tf.Tensor2D): tf.Tensor1D {
  return tf.tidy(() => tf.argMax(forward(weights, tf.transpose(rows)).logits, 0));
}

/** Mean over the batch of -Σ y log softmax(z), and its slope in z: (softmax(z) - y) / batch. */
export function crossEntropy(
  logits: tf.Tensor2D,
  targets: tf.Tensor2D,
): { loss: tf.Scalar; slope: tf.Tensor2D } {
  const batch = logits.shape[1];
  const shifted = tf.sub(logits, tf.max(logits, 0, true));
  const exponentials = tf.exp(shifted);
  const sums = tf.sum(exponentials, 0, true);
  const logLikelihood = tf.sum(tf.mul(targets, tf.sub(shifted, tf.log(sums))));
  const slope = tf.mul(tf.sub(tf.div(exponentials, sums), targets), 1 / batch);
  return { loss: tf.mul(logLikelihood, -1 / batch), slope: slope as tf.Tensor2D };
}

/** Mean over the batch of Σ (z - y)², and its slope in z: 2(z - y) / batch. */
export function squaredError(
  outputs: tf.Tensor2D,
  targets: tf.Tensor2D,
): { loss: tf.Scalar; slope: tf.Tensor2D } {
  const batch = outputs.shape[1];
  const error = tf.sub(outputs, targets);
  return {
    loss: tf.mul(tf.sum(tf.square(error)), 1 / batch),
    slope: tf.mul(error, 2 / batch) as tf.Tensor2D,
  };
}

/** The error of a layer's targets, brought back to its sources: Wᵀδ where the source was active. */
function backThrough(
  weights: tf.Tensor2D,
  input: tf.Tensor2D,
  delta: tf.Tensor2D,
  neurons: number,
): tf.Tensor2D {
  const errors = tf.mul(tf.matMul(tf.transpose(weights), delta), tf.step(input)) as tf.Tensor2D;
  return weights.shape[1] === neurons ? errors : tf.slice(errors, [0, 0], [neurons, -1]);
}

/** Adds a last row of ones if the next layer has one source more than there are neurons. */
function withBiasSource(activations: tf.Tensor2D, sources: number): tf.Tensor2D {
  const [neurons, batch] = activations.shape;
  return sources === neurons ? activations : tf.concat([activations, tf.ones([1, batch])], 0);
}
