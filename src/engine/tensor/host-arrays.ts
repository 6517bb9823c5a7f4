import * as tf from '@tensorflow/tfjs-core';
import { cpuArrays } from './cpu.js';
import { heapOf } from './heap.js';

/** Tensors of a backend that keeps them in this process's memory, as arrays. */
export interface HostArrays {
  /** A new float32 tensor, its values not set. Make all of them before taking views: the wasm memory may grow. */
  output(shape: number[]): tf.TensorInfo;
  /** Its values, to be read and, of a new one, written. */
  floats(tensor: tf.TensorInfo): Float32Array;
}

/** For plain loops on `cpu` and `wasm` alike. */
export function hostArrays(backendName: 'cpu' | 'wasm', backend: unknown): HostArrays {
  if (backendName === 'cpu') {
    const { floats, tensor } = cpuArrays(backend);
    return { floats, output: (shape) => tensor(shape, new Float32Array(tf.util.sizeFromShape(shape))) };
  }
  const { memory, at, output } = heapOf(backend);
  return {
    output,
    floats: (of) => new Float32Array(memory.buffer, at(of), tf.util.sizeFromShape(of.shape)),
  };
}
