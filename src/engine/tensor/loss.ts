import * as tf from '@tensorflow/tfjs-core';
import { crossEntropy } from '../../../kernels/cross-entropy/plain.js';
import { cpuArrays } from './cpu.js';
import { heapOf } from './heap.js';

const CROSS_ENTROPY = 'FemtospikeCrossEntropy';

for (const backendName of ['cpu', 'wasm']) {
  tf.registerKernel({
    kernelName: CROSS_ENTROPY,
    backendName,
    kernelFunc: ({ inputs, backend }) => {
      const { logits, labels } = inputs as { logits: tf.TensorInfo; labels: tf.TensorInfo };
      return backendName === 'cpu' ? onCpu(backend, logits, labels) : onHeap(backend, logits, labels);
    },
  });
}

tf.registerGradient({
  kernelName: CROSS_ENTROPY,
  outputsToSave: [false, true],
  gradFunc: (dy, saved) => ({ logits: () => tf.mul(saved[0], Array.isArray(dy) ? dy[0] : dy) }),
});

function onCpu(backend: unknown, logits: tf.TensorInfo, labels: tf.TensorInfo): tf.TensorInfo[] {
  const { floats, tensor } = cpuArrays(backend);
  const slope = new Float32Array(tf.util.sizeFromShape(logits.shape));
  const [batch, classes] = logits.shape;
  const loss = crossEntropy(batch, classes, floats(logits), floats(labels), slope);
  return [tensor([], Float32Array.of(loss)), tensor(logits.shape, slope)];
}

/** A few hundred numbers: a loop on the heap is done before a compiled one would pay. */
function onHeap(backend: unknown, logits: tf.TensorInfo, labels: tf.TensorInfo): tf.TensorInfo[] {
  const { memory, at, output } = heapOf(backend);
  const [loss, slope] = [output([]), output(logits.shape)];
  const view = (of: tf.TensorInfo) =>
    new Float32Array(memory.buffer, at(of), tf.util.sizeFromShape(of.shape));
  const [batch, classes] = logits.shape;
  view(loss)[0] = crossEntropy(batch, classes, view(logits), view(labels), view(slope));
  return [loss, slope];
}

/**
 * Mean softmax cross-entropy of a batch: `tf.losses.softmaxCrossEntropy` as one kernel, on backends that have it.
 * Differentiable by the logits.
 *
 * @param labels [batch, classes], float32; those of a sample add up to 1
 * @param logits [batch, classes], float32
 */
export function softmaxCrossEntropy(labels: tf.Tensor2D, logits: tf.Tensor2D): tf.Scalar {
  if (!tf.getKernel(CROSS_ENTROPY, tf.getBackend())) {
    return tf.losses.softmaxCrossEntropy(labels, logits) as tf.Scalar;
  }
  return tf.tidy(
    () =>
      (
        tf.engine().runKernel(CROSS_ENTROPY, {
          logits,
          labels,
        } as unknown as tf.NamedTensorMap) as unknown as tf.Scalar[]
      )[0],
  );
}
