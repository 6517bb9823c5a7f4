import '@tensorflow/tfjs-layers';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { adaptiveLifWindow } from '../../../src/engine/tensor/adaptive.js';
import { ADAPTIVE, adaptiveBy, RECURRENT } from '../../../src/engine/tensor/adaptive-kernels.js';
import { ADJOINT, BACKPROJECT, FORWARD, SUM_BY_SOURCE } from '../../../src/engine/tensor/kernels.js';
import { lifWindow } from '../../../src/engine/tensor/lif-window.js';
import { asSpikes } from '../../../src/engine/tensor/spikes.js';
import { randomSample, spikesOf, weightsOf } from './windows.js';

const OURS = [FORWARD, ADJOINT, SUM_BY_SOURCE, BACKPROJECT];
const ADAPTIVE_OURS = [ADAPTIVE, RECURRENT, 'FemtospikeAdaptiveAdjoint'];

beforeAll(async () => {
  // All of tfjs's own kernels, and none of ours: what the backend `tensorflow` looks like.
  tf.registerBackend('other', () => new MathBackendCPU());
  tf.copyRegisteredKernels('cpu', 'other');
  for (const name of [...OURS, ...ADAPTIVE_OURS]) tf.unregisterKernel(name, 'other');
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

test('adaptive and recurrent neurons are composed there, which is told once, and agree with cpu', async () => {
  const said: string[] = [];
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  const window = async (backend: string) => {
    await tf.setBackend(backend);
    return tf.tidy(() => {
      const recurrent = tf.mul(
        weightsOf({ ...sample, sources: 6, weights: sample.weights.slice(0, 36) }),
        0.25,
      );
      const layer = (w: tf.Tensor) =>
        adaptiveLifWindow(spikesOf(sample), w as tf.Tensor2D, { recurrent: recurrent as tf.Tensor2D });
      const gradient = tf.grad((w) => tf.sum(layer(w)))(weightsOf(sample));
      return [layer(weightsOf(sample)), gradient].map((tensor) => tensor.dataSync());
    });
  };
  try {
    const [output, gradient] = await window('other');
    await window('other');
    const [expected, expectedGradient] = await window('cpu');
    expect(expected).toContain(1);
    expect(output).toEqual(expected);
    expect(gradient).toBeAllclose(expectedGradient, { rtol: 1e-5, atol: 1e-5 });
  } finally {
    spy.mockRestore();
  }
  expect(said.filter((text) => text.includes('have no kernel on other'))).toHaveLength(1);
  expect([adaptiveBy('other'), adaptiveBy('wasm')]).toEqual(['composition of tfjs operations', 'kernel']);
});
