import * as tf from '@tensorflow/tfjs-core';

/** What is used of tfjs's BackendWasm. */
interface CountingBackend {
  incRef(dataId: object): void;
}

/**
 * A clone that shares its data with the original, by the backend's own count of references: as `reshape` does on
 * `wasm`, and `identity` on every other backend. Tensors are never written to, so nobody can tell but by the time.
 */
const kernelFunc: tf.KernelFunc = ({ inputs, backend }) => {
  const { dataId, shape, dtype } = inputs.x as tf.TensorInfo;
  (backend as CountingBackend).incRef(dataId);
  return { dataId, shape, dtype };
};

/**
 * Replaces the `identity` of tfjs's wasm backend (4.22), which copies. The tape clones every tensor that it saves for
 * a gradient, so that a training step copied all of its activations. Call it after that package was imported; a second
 * call does nothing.
 */
export function shareClonesOnWasm(): void {
  const kernelName = tf.Identity;
  const backendName = 'wasm';
  const known = tf.getKernel(kernelName, backendName);
  if (known?.kernelFunc === kernelFunc) return;
  if (known) tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({ kernelName, backendName, kernelFunc });
}
