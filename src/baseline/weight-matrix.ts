import * as tf from '@tensorflow/tfjs-core';

/** The weights of a layer while they are learned: [targets, sources]. */
export type WeightMatrix = tf.Variable<tf.Rank.R2>;

/** As much of tfjs's wasm backend as is used here. */
interface WasmBackend {
  typedArrayFromHeap(tensor: { shape: number[]; dtype: string; dataId: object }): Float32Array;
}

/** Whether tensors of the backend in use lie in this process's memory, so that reading them waits for nothing. */
export function isInMemory(): boolean {
  return ['cpu', 'wasm'].includes(tf.getBackend());
}

/**
 * The values of a float32 tensor in memory, without a copy where the backend allows it: use them before the next
 * tfjs call, and do not write to them.
 */
export function peek(tensor: tf.Tensor): Float32Array {
  if (tf.getBackend() !== 'wasm') return tensor.dataSync<'float32'>();
  return (tf.backend() as unknown as WasmBackend).typedArrayFromHeap(tensor);
}

/** Values in the order [targets, sources] as a new array in that of a ledger, [sources, targets]. */
export function sourcesFirst<Values extends Uint32Array | Float32Array | Float64Array>(
  values: Values,
  [targets, sources]: [number, number],
): Values {
  const out = new (values.constructor as new (length: number) => Values)(values.length);
  for (let j = 0; j < targets; j++) {
    for (let i = 0; i < sources; i++) out[i * targets + j] = values[j * sources + i];
  }
  return out;
}
