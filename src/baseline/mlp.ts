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

/** What a hidden unit makes of its sum, and the slope of that, told by the value. */
export interface Activation {
  value(sums: tf.Tensor2D): tf.Tensor2D;
  slope(values: tf.Tensor2D): tf.Tensor2D;
}

export const RECTIFIED: Activation = { value: (sums) => tf.relu(sums), slope: (values) => tf.step(values) };

/**
 * What each layer takes in, and the logits: rectified units (unless told otherwise), no nonlinearity at the output.
 *
 * @param weights one [targets, sources] a layer
 * @param input [sources of layer 0, batch], the bias source included
 * @returns inputs[l] is [sources of layer l, batch]; logits is [classes, batch]
 */
export function forward(
  weights: readonly tf.Tensor2D[],
  input: tf.Tensor2D,
  activation = RECTIFIED,
): { inputs: tf.Tensor2D[]; logits: tf.Tensor2D } {
  const inputs = [input];
  let sums = tf.matMul<tf.Tensor2D>(weights[0], input);
  for (const layer of weights.slice(1)) {
    inputs.push(withBiasSource(activation.value(sums), layer.shape[1]));
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
  { loss: lossOf = crossEntropy, activation = RECTIFIED }: { loss?: Loss; activation?: Activation } = {},
): { loss: tf.Scalar; gradients: tf.Tensor2D[] } {
  return tf.tidy(() => {
    const { inputs, logits } = forward(weights, tf.transpose(rows), activation);
    const { loss, slope } = lossOf(logits, targets);
    const gradients: tf.Tensor2D[] = [];
    let delta = slope;
    for (let l = weights.length - 1; l > 0; l--) {
      gradients.unshift(tf.matMul(delta, tf.transpose(inputs[l])));
      const errors = backThrough(weights[l], delta, weights[l - 1].shape[0]);
      delta = tf.mul(errors, activation.slope(withoutBiasSource(inputs[l], errors.shape[0])));
    }
    gradients.unshift(tf.matMul(delta, rows));
    return { loss, gradients };
  });
}

/** Class of the largest logit of each sample: [batch], int32. */
export function classify(
  weights: readonly tf.Tensor2D[],
  rows: tf.Tensor2D,
  activation = RECTIFIED,
): tf.Tensor1D {
  return tf.tidy(() => tf.argMax(forward(weights, tf.transpose(rows), activation).logits, 0));
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

/** The error of a layer's targets, brought back to its sources: Wᵀδ, without the bias source. */
function backThrough(weights: tf.Tensor2D, delta: tf.Tensor2D, neurons: number): tf.Tensor2D {
  return withoutBiasSource(tf.matMul(tf.transpose(weights), delta), neurons);
}

const withoutBiasSource = (values: tf.Tensor2D, neurons: number): tf.Tensor2D =>
  values.shape[0] === neurons ? values : tf.slice(values, [0, 0], [neurons, -1]);

/** Adds a last row of ones if the next layer has one source more than there are neurons. */
function withBiasSource(activations: tf.Tensor2D, sources: number): tf.Tensor2D {
  const [neurons, batch] = activations.shape;
  return sources === neurons ? activations : tf.concat([activations, tf.ones([1, batch])], 0);
}
