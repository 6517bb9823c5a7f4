import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { BACKENDS, selectBackend } from '../src/baseline/backend.js';
import { tensorflow } from '../src/baseline/backends/tensorflow.js';
import { SWIFTSHADER, useSwiftShader, WITHOUT_SWIFTSHADER } from './software-gpu.js';

/** Folder of a built @tensorflow/tfjs-node: the suites then run on it instead (scripts/tensorflow-binding.sh). */
const binding = process.env.FEMTOSPIKE_TFJS_NODE;

/** Backends that every machine has. */
const NAMES = binding ? (['tensorflow'] as const) : (['cpu', 'wasm'] as const);

const candidates = binding
  ? [
      tensorflow(async (name) => {
        if (name === '@tensorflow/tfjs-node') return import(pathToFileURL(`${binding}/dist/index.js`).href);
        throw Object.assign(new Error(`Cannot find package '${name}'`), { code: 'ERR_MODULE_NOT_FOUND' });
      }),
    ]
  : BACKENDS;

/** Runs one suite on each backend; call `await select()` first in a hook or test. */
export function eachBackend(body: (backend: string, select: () => Promise<unknown>) => void): void {
  describe.each(NAMES)('on %s', (backend) => body(backend, () => selectBackend(backend, candidates)));
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
