import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { selectBackend } from '../src/baseline/backend.js';
import { SWIFTSHADER, useSwiftShader, WITHOUT_SWIFTSHADER } from './software-gpu.js';

/** Backends that every machine has. */
const BACKENDS = ['cpu', 'wasm'] as const;

/** Runs one suite on each backend; call `await select()` first in a hook or test. */
export function eachBackend(body: (backend: string, select: () => Promise<unknown>) => void): void {
  describe.each(BACKENDS)('on %s', (backend) => body(backend, () => selectBackend(backend)));
}

/** Runs a suite on tfjs's backend webgpu, on a GPU in software; skipped, visibly, where there is none. */
export function onWebgpu(body: (select: () => Promise<unknown>) => void): void {
  if (SWIFTSHADER === null) {
    test.skip(`on webgpu, ${WITHOUT_SWIFTSHADER}`);
    return;
  }
  describe('on webgpu (SwiftShader)', () => {
    afterAll(() => tf.removeBackend('webgpu'));
    body(() => {
      useSwiftShader();
      return selectBackend('webgpu');
    });
  });
}

/** Runs a suite that computes on a GPU of its own, in software; skipped, visibly, where there is none. */
export function withSwiftShader(body: () => void): void {
  if (SWIFTSHADER === null) {
    test.skip(`on a GPU, ${WITHOUT_SWIFTSHADER}`);
    return;
  }
  describe('on a GPU (SwiftShader)', () => {
    beforeAll(useSwiftShader);
    body();
  });
}
