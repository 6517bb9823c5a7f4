import * as tf from '@tensorflow/tfjs-core';
import { patches } from './patches.js';

/**
 * A convolution as a product of matrices, for backends that have no gradient of a convolution by its filter (tfjs 4.22
 * on wasm): every k × k patch of the input is laid out as a row (im2col), and the rows are multiplied by the filters.
 * Stride 1, no padding. Differentiable by both, unless told that nobody wants the error of the input.
 *
 * @param input [batch, height, width, channels]
 * @param filters [k·k·channels, filters], rows in the order (dy, dx, channel)
 * @param size k
 * @returns [batch, height - k + 1, width - k + 1, filters]
 */
export function convolve(
  input: tf.Tensor4D,
  filters: tf.Tensor2D,
  size: number,
  wantsError = true,
): tf.Tensor4D {
  const [batch, height, width] = input.shape;
  const shape = [batch, height - size + 1, width - size + 1, filters.shape[1]] as const;
  return tf.tidy(() => tf.reshape(product(patches(input, size), filters, wantsError), [...shape]));
}

/**
 * a·b, whose gradients are products of explicit transposes: a transpose flag is slow on wasm.
 *
 * @param wantsError whether there is a gradient by `a`
 */
function product(a: tf.Tensor2D, b: tf.Tensor2D, wantsError = true): tf.Tensor2D {
  const multiply = tf.customGrad((...inputs) => {
    const save = inputs.pop() as unknown as tf.GradSaveFunc;
    save([a, b]);
    return {
      value: tf.matMul(a, b),
      gradFunc: (dy: tf.Tensor, [left, right]: tf.Tensor[]) => {
        const byRight = tf.matMul(tf.transpose(left as tf.Tensor2D), dy as tf.Tensor2D);
        if (!wantsError) return [byRight];
        return [tf.matMul(dy as tf.Tensor2D, tf.transpose(right as tf.Tensor2D)), byRight];
      },
    };
  });
  return (wantsError ? multiply(a, b) : multiply(b)) as tf.Tensor2D;
}

/** A small convolutional network: two convolutions, each rectified and pooled, and a readout (after LeNet-5). */
export interface ConvShape {
  /** Rows and columns of an image. */
  side: number;
  /** Filters of the two convolutions, and the side of their patches. */
  filters: readonly [number, number];
  size: number;
  classes: number;
}

/** LeCun et al. 1998, with averages as in LeNet-5 and one readout in place of three: 28² → 6 → 16 → 10. */
export const SMALL_CONV: ConvShape = { side: 28, filters: [6, 16], size: 5, classes: 10 };

/** Sources (of one patch), targets (filters), places and numbers that come in of each layer; a readout has one place. */
export function convLayers({ side, filters, size, classes }: ConvShape) {
  const first = side - size + 1;
  const second = Math.floor(first / 2) - size + 1;
  const last = Math.floor(second / 2);
  return [
    { sources: size * size, targets: filters[0], places: first ** 2, values: side ** 2 },
    {
      sources: size * size * filters[0],
      targets: filters[1],
      places: second ** 2,
      values: Math.floor(first / 2) ** 2 * filters[0],
    },
    { sources: last ** 2 * filters[1], targets: classes, places: 1, values: last ** 2 * filters[1] },
  ];
}

/** MACs of one sample: forward Σ places·sources·targets; backward the same for filters, and again for errors but in layer 1. */
export function convMacs(shape: ConvShape): { forward: number; backward: number } {
  const macs = convLayers(shape).map(({ sources, targets, places }) => sources * targets * places);
  const forward = macs.reduce((sum, n) => sum + n, 0);
  return { forward, backward: 2 * forward - macs[0] };
}

/**
 * Logits of a batch of images, [batch, classes]; differentiable by the weights.
 *
 * @param weights [sources, targets] of each layer, as in `convLayers`
 */
export function convLogits(
  shape: ConvShape,
  weights: readonly tf.Tensor2D[],
  images: tf.Tensor4D,
): tf.Tensor2D {
  return tf.tidy(() => {
    const [first, second, readout] = weights;
    const pooled = (x: tf.Tensor4D) => tf.avgPool(tf.relu(x), 2, 2, 'valid');
    const below = pooled(convolve(images, first, shape.size, false));
    const above = pooled(convolve(below, second, shape.size));
    return product(tf.reshape(above, [images.shape[0], readout.shape[0]]), readout);
  });
}
