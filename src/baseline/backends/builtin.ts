import * as tf from '@tensorflow/tfjs-core';
import { type Candidate, present } from './candidate.js';
import { addFilterGradientOnWasm } from './filter-gradient.js';
import { shareClonesOnWasm } from './shared-clones.js';

/** tfjs in plain JavaScript: everywhere, exact, and slow. */
export const cpu: Candidate = {
  name: 'cpu',
  install: null,
  async find() {
    await import('@tensorflow/tfjs-backend-cpu');
    return present('plain JavaScript, 1 thread');
  },
};

/** XNNPACK in WebAssembly. In Node tfjs starts it with one thread: its worker script is a blob, which Node refuses. */
export const wasm: Candidate = {
  name: 'wasm',
  install: null,
  async find() {
    await import('@tensorflow/tfjs-backend-wasm');
    shareClonesOnWasm();
    addFilterGradientOnWasm();
    const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
    return present(`XNNPACK in WebAssembly, ${simd ? '128-bit SIMD' : 'no SIMD'}, 1 thread`);
  },
};
