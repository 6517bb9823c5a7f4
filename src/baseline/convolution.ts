import * as tf from '@tensorflow/tfjs-core';

/**
 * A convolution as a product of matrices, for backends that have no gradient of a convolution by its filter (tfjs 4.22
 * on wasm): every k × k patch of the input is laid out as a row (im2col), and the rows are multiplied by the filters.
 * Stride 1, no padding. Differentiable by both (the operations are slices, a concatenation and a product).
 *
 * @param input [batch, height, width, channels]
 * @param filters [k·k·channels, filters], rows in the order (dy, dx, channel)
 * @param size k
 * @returns [batch, height - k + 1, width - k + 1, filters]
 */
export function convolve(input: tf.Tensor4D, filters: tf.Tensor2D, size: number): tf.Tensor4D {
  const [batch, height, width, channels] = input.shape;
  const [rows, columns] = [height - size + 1, width - size + 1];
  return tf.tidy(() => {
    const shifted: tf.Tensor4D[] = [];
    for (let dy = 0; dy < size; dy++) {
      for (let dx = 0; dx < size; dx++) {
        shifted.push(tf.slice(input, [0, dy, dx, 0], [batch, rows, columns, channels]));
      }
    }
    const patches = tf.reshape(tf.concat(shifted, 3), [batch * rows * columns, size * size * channels]);
    return tf.reshape(product(patches as tf.Tensor2D, filters), [batch, rows, columns, filters.shape[1]]);
  });
}

/** a·b, whose gradients are products of explicit transposes: a transpose flag is slow on wasm. */
export function product(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  const multiply = tf.customGrad((left, right, save) => {
    (save as tf.GradSaveFunc)([left as tf.Tensor, right as tf.Tensor]);
    return {
      value: tf.matMul(left as tf.Tensor2D, right as tf.Tensor2D),
      gradFunc: (dy: tf.Tensor, [l, r]: tf.Tensor[]) => [
        tf.matMul(dy as tf.Tensor2D, tf.transpose(r as tf.Tensor2D)),
        tf.matMul(tf.transpose(l as tf.Tensor2D), dy as tf.Tensor2D),
      ],
    };
  });
  return multiply(a, b) as tf.Tensor2D;
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

/** Sources (of one patch), targets (filters) and places of each layer; a readout has one place. */
export function convLayers({ side, filters, size, classes }: ConvShape) {
  const first = side - size + 1;
  const second = Math.floor(first / 2) - size + 1;
  const last = Math.floor(second / 2);
  return [
    { sources: size * size, targets: filters[0], places: first ** 2 },
    { sources: size * size * filters[0], targets: filters[1], places: second ** 2 },
    { sources: last ** 2 * filters[1], targets: classes, places: 1 },
  ];
}

/** MACs of one sample: forward Σ places·sources·targets; backward the same for filters, and again for errors but in layer 1. */
export function convMacs(shape: ConvShape): { forward: number; backward: number } {
  const macs = convLayers(shape).map(({ sources, targets, places }) => sources * targets * places);
  const forward = macs.reduce((sum, n) => sum + n, 0);
  return { forward, backward: 2 * forward - macs[0] };
}

/** Logits of a batch of images, [batch, classes]. `weights` are [sources, targets] of each layer, as in `convLayers`. */
export function convLogits(
  shape: ConvShape,
  weights: readonly tf.Tensor2D[],
  images: tf.Tensor4D,
): tf.Tensor2D {
  return tf.tidy(() => {
    const [first, second, readout] = weights;
    const pooled = (x: tf.Tensor4D) => tf.avgPool(tf.relu(x), 2, 2, 'valid');
    const below = pooled(convolve(images, first, shape.size));
    const above = pooled(convolve(below, second, shape.size));
    return product(tf.reshape(above, [images.shape[0], readout.shape[0]]), readout);
  });
}
