import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { selectBackend } from '../../../src/baseline/backend.js';
import { lifWindow } from '../../../src/engine/tensor/lif-window.js';
import { errorOf, randomSample, spikesOf, weightsOf } from './windows.js';

test.each(['cpu', 'wasm'] as const)(
  'on %s the layer takes less than a quarter of what it takes composed of tfjs operations',
  async (backend) => {
    await selectBackend(backend);
    const sample = randomSample({ batch: 4, steps: 20, sources: 784, targets: 128, rate: 0.01, seed: 2 });
    const [spikes, weights, error] = [spikesOf(sample), weightsOf(sample), errorOf(sample)];
    const once = (composed: boolean) => {
      const start = performance.now();
      const loss = (w: tf.Tensor) => tf.sum(tf.mul(lifWindow(spikes, w as tf.Tensor2D, { composed }), error));
      tf.dispose(tf.grad(loss)(weights));
      return performance.now() - start;
    };
    // In turns, the fastest of each: other jobs on the machine slow both.
    const times = Array.from({ length: 4 }, () => [once(false), once(true)]);
    const fastest = (which: number) => Math.min(...times.map((pair) => pair[which]));
    expect(fastest(1) / fastest(0)).toBeGreaterThan(4);
    tf.dispose([spikes, weights, error]);
  },
);
