import * as tf from '@tensorflow/tfjs-core';
import { gather, type PatchShape, scatter } from '../../kernels/patches/plain.js';
import { hostArrays } from '../engine/tensor/host-arrays.js';

const GATHER = 'FemtospikePatches';
const SCATTER = 'FemtospikePatchesBack';

for (const backendName of ['cpu', 'wasm'] as const) {
  const register = (
    kernelName: string,
    work: (backend: unknown, x: tf.TensorInfo, shape: PatchShape) => tf.TensorInfo,
  ) =>
    tf.registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, backend, attrs }) =>
        work(backend, inputs.x as tf.TensorInfo, attrs as unknown as PatchShape),
    });
  register(GATHER, (backend, x, shape) => {
    const { output, floats } = hostArrays(backendName, backend);
    const rows = output(rowsOf(shape));
    gather(shape, floats(x), floats(rows));
    return rows;
  });
  register(SCATTER, (backend, x, shape) => {
    const { output, floats } = hostArrays(backendName, backend);
    const images = output([shape.batch, shape.height, shape.width, shape.channels]);
    scatter(shape, floats(x), floats(images));
    return images;
  });
}
tf.registerGradient({
  kernelName: GATHER,
  gradFunc: (dy, _, attrs) => ({ x: () => run(SCATTER, dy as tf.Tensor, attrs) }),
});

const run = (name: string, x: tf.Tensor, attrs: tf.NamedAttrMap) =>
  tf.engine().runKernel(name, { x } as unknown as tf.NamedTensorMap, attrs) as tf.Tensor;

/** [patches, numbers of a patch] */
const rowsOf = ({ batch, height, width, channels, size }: PatchShape): [number, number] => [
  batch * (height - size + 1) * (width - size + 1),
  size * size * channels,
];

/**
 * Every k × k patch of the images as a row, in the order (dy, dx, channel): a kernel where tensors lie in memory, else
 * slices and a concatenation. Differentiable.
 *
 * @param images [batch, height, width, channels]
 * @returns [batch·(height - k + 1)·(width - k + 1), k·k·channels]
 */
export function patches(images: tf.Tensor4D, size: number): tf.Tensor2D {
  const [batch, height, width, channels] = images.shape;
  const shape: PatchShape = { batch, height, width, channels, size };
  if (tf.getKernel(GATHER, tf.getBackend())) {
    return run(GATHER, images, shape as unknown as tf.NamedAttrMap) as tf.Tensor2D;
  }
  return tf.tidy(() => {
    const shifted: tf.Tensor4D[] = [];
    for (let dy = 0; dy < size; dy++) {
      for (let dx = 0; dx < size; dx++) {
        const places = [batch, height - size + 1, width - size + 1, channels] as const;
        shifted.push(tf.slice(images, [0, dy, dx, 0], [...places]));
      }
    }
    return tf.reshape(tf.concat(shifted, 3), rowsOf(shape));
  });
}
