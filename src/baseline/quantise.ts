import * as tf from '@tensorflow/tfjs-core';
import type { Activation } from './mlp.js';

/**
 * Bits that tell the spike counts 0 … T of a window of T steps apart: those of the weights and activations of the
 * dense network that is a rival on equal terms.
 */
export const bitsOfWindow = (steps: number): number => Math.ceil(Math.log2(steps + 1));

/** Largest value of a quantised activation; inputs end at 1. */
const LARGEST = 4;

/**
 * Values on the grid of `bits` bits from 0 to `largest`: q = round(clip(x, 0, largest)·n/largest)·largest/n with
 * n = 2^bits - 1.
 */
export function quantiseUnsigned<T extends tf.Tensor>(values: T, bits: number, largest: number): T {
  const levels = 2 ** bits - 1;
  return tf.tidy(() =>
    tf.mul(tf.round(tf.mul(tf.clipByValue(values, 0, largest), levels / largest)), largest / levels),
  ) as T;
}

/**
 * Weights on a symmetric grid of `bits` bits whose end is the largest of them: q = round(w·n/s)·s/n with
 * s = max |w| and n = 2^(bits-1) - 1. The bits 1 and 2 both leave -s, 0 and s.
 */
export function quantiseWeights(weights: tf.Tensor2D, bits: number): tf.Tensor2D {
  const levels = Math.max(1, 2 ** (bits - 1) - 1);
  return tf.tidy(() => {
    const scale = tf.maximum(tf.max(tf.abs(weights)), 1e-12);
    return tf.mul(tf.round(tf.mul(tf.div(weights, scale), levels)), tf.div(scale, levels));
  }) as tf.Tensor2D;
}

/**
 * Rectified units of `bits` bits. The backward pass takes the rounding for the identity (straight-through estimator:
 * Bengio, Léonard and Courville 2013, arXiv 1308.3432) and stops at both ends of the range.
 */
export const quantisedUnits = (bits: number): Activation => ({
  value: (sums) => quantiseUnsigned(sums, bits, LARGEST),
  slope: (values) =>
    tf.tidy(() => tf.mul(tf.step(values), tf.cast(tf.less(values, LARGEST), 'float32')) as tf.Tensor2D),
});
