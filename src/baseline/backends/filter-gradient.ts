import * as tf from '@tensorflow/tfjs-core';

/** The parts of the attributes of tfjs's Conv2DBackpropFilter that are used. */
interface Attributes {
  strides: number | [number, number];
  pad: Parameters<typeof tf.backend_util.computeConv2DInfo>[4];
  dataFormat: 'NHWC' | 'NCHW';
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
  filterShape: [number, number, number, number];
}

/**
 * dL/dF of a convolution, F [kh, kw, in, out]: for each place (y, x) of the filter the product of what of the input lies
 * under that place with the error,
 *
 *   dF[y][x] = Σ_{b, r, c} input[b][r·s + y - p][c·s + x - p]ᵀ error[b][r][c]
 *
 * in tfjs operations, one product of matrices a place; the transposition is written out, since a flag is slow on wasm.
 */
export function filterGradient(
  input: tf.Tensor4D,
  error: tf.Tensor4D,
  { strides, pad, dimRoundingMode, filterShape }: Omit<Attributes, 'dataFormat'>,
): tf.Tensor4D {
  const info = tf.backend_util.computeConv2DInfo(input.shape, filterShape, strides, 1, pad, dimRoundingMode);
  const { top, bottom, left, right } = info.padInfo;
  const { batchSize, outHeight, outWidth, strideHeight, strideWidth, inChannels, outChannels } = info;
  const places = batchSize * outHeight * outWidth;
  return tf.tidy(() => {
    const edges: [number, number][] = [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ];
    const padded = top + bottom + left + right > 0 ? tf.pad(input, edges) : input;
    const errors = tf.reshape(error, [places, outChannels]);
    const parts: tf.Tensor[] = [];
    for (let y = 0; y < filterShape[0]; y++) {
      for (let x = 0; x < filterShape[1]; x++) {
        const end = [
          batchSize,
          y + (outHeight - 1) * strideHeight + 1,
          x + (outWidth - 1) * strideWidth + 1,
          inChannels,
        ];
        const under = tf.stridedSlice(padded, [0, y, x, 0], end, [1, strideHeight, strideWidth, 1]);
        const columns = tf.transpose(tf.reshape(under, [places, inChannels]));
        parts.push(tf.matMul(columns as tf.Tensor2D, errors as tf.Tensor2D));
      }
    }
    return tf.reshape(tf.stack(parts), filterShape);
  });
}

/**
 * Gives tfjs's wasm backend (4.22) the gradient of a convolution by its filter, which it lacks: models with ordinary
 * convolution layers can then learn on it. A second call does nothing.
 */
export function addFilterGradientOnWasm(): void {
  const kernelName = tf.Conv2DBackpropFilter;
  const backendName = 'wasm';
  if (tf.getKernel(kernelName, backendName)) return;
  tf.registerKernel({
    kernelName,
    backendName,
    kernelFunc: ({ inputs, attrs }) => {
      const { x, dy } = inputs as unknown as { x: tf.Tensor4D; dy: tf.Tensor4D };
      const { dataFormat, ...how } = attrs as unknown as Attributes;
      if (dataFormat !== 'NHWC')
        throw new Error(`on wasm, convolutions learn with channels last only, not ${dataFormat}`);
      return filterGradient(x, dy, how);
    },
  });
}
