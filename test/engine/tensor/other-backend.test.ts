import '@tensorflow/tfjs-layers';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADJOINT, BACKPROJECT, FORWARD, SUM_BY_SOURCE } from '../../../src/engine/tensor/kernels.js';
import { lifWindow } from '../../../src/engine/tensor/lif-window.js';
import { asSpikes } from '../../../src/engine/tensor/spikes.js';
import { randomSample, spikesOf, weightsOf } from './windows.js';

const OURS = [FORWARD, ADJOINT, SUM_BY_SOURCE, BACKPROJECT];

beforeAll(async () => {
  // All of tfjs's own kernels, and none of ours: what the backend `tensorflow` looks like.
  tf.registerBackend('other', () => new MathBackendCPU());
  tf.copyRegisteredKernels('cpu', 'other');
  for (const name of OURS) tf.unregisterKernel(name, 'other');
});
afterAll(() => tf.removeBackend('other'));

const sample = randomSample({ batch: 2, steps: 14, sources: 9, targets: 6, rate: 0.3, seed: 8 });

async function on(backend: string) {
  await tf.setBackend(backend);
  return tf.tidy(() => {
    const loss = (s: tf.Tensor, w: tf.Tensor) =>
      tf.sum(lifWindow(asSpikes(s as tf.Tensor3D), w as tf.Tensor2D));
    const [bySpikes, byWeights] = tf.grads(loss)([spikesOf(sample), weightsOf(sample)]);
    const output = lifWindow(spikesOf(sample), weightsOf(sample));
    return [output, bySpikes, byWeights].map((tensor) => tensor.dataSync());
  });
}

test('a backend without a kernel of ours gets the composition, which answers the same', async () => {
  expect(tf.getKernel(FORWARD, 'other')).toBeUndefined();
  const [output, bySpikes, byWeights] = await on('other');
  for (const name of OURS) expect(tf.getKernel(name, 'other')).toBeDefined();
  const [expected, expectedBySpikes, expectedByWeights] = await on('cpu');
  expect(expected).toContain(1);
  expect(output).toEqual(expected);
  expect(bySpikes).toBeAllclose(expectedBySpikes, { atol: 1e-5 });
  expect(byWeights).toBeAllclose(expectedByWeights, { atol: 1e-5 });
});
