import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { selectBackend } from '../../../src/baseline/backend.js';
import { adaptiveLifWindow } from '../../../src/engine/tensor/adaptive.js';
import { adaptiveBy } from '../../../src/engine/tensor/adaptive-kernels.js';
import { AdaptiveLif, LeakyReadout } from '../../../src/engine/tensor/layers.js';
import type { SpikeGradient } from '../../../src/engine/tensor/options.js';
import { asSpikes } from '../../../src/engine/tensor/spikes.js';
import { requireFaultless } from '../../../src/gpu/faults.js';
import { onWebgpu } from '../../each-backend.js';
import { isDelicate, NEURON, recurrentOf, recurrentWeights } from './adaptive-windows.js';
import { errorOf, randomSample, type Sample, sampleArbitrary, spikesOf, weightsOf } from './windows.js';

const GRADIENTS: SpikeGradient[] = ['eventprop', 'superspike', 'arctan'];

/** Output spikes, and all gradients of Σ output·error; read once, as a GPU must be. */
async function run(sample: Sample, gradient: SpikeGradient, recurrent: boolean, scale = 1) {
  const tensors = tf.tidy(() => {
    const among = recurrent ? [tf.mul(recurrentOf(sample), scale)] : [];
    const inputs: tf.Tensor[] = [spikesOf(sample), weightsOf(sample), ...among];
    const window = (s: tf.Tensor, w: tf.Tensor, r?: tf.Tensor) =>
      adaptiveLifWindow(asSpikes(s as tf.Tensor3D), w as tf.Tensor2D, {
        ...NEURON,
        gradient,
        recurrent: r as tf.Tensor2D | undefined,
      });
    const loss = (s: tf.Tensor, w: tf.Tensor, r?: tf.Tensor) =>
      tf.sum(tf.mul(window(s, w, r), errorOf(sample)));
    const gradients = tf.grads(loss as (...of: tf.Tensor[]) => tf.Tensor)(inputs);
    return [window(inputs[0], inputs[1], inputs[2]), ...gradients];
  });
  const [output, ...gradients] = await Promise.all(tensors.map((tensor) => tensor.data<'float32'>()));
  tf.dispose(tensors);
  return { output, gradients };
}

const largest = (values: ArrayLike<number>) =>
  Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** To 1e-5 of the largest gradient: sums of either sign lose digits of their own. */
function expectClose(actual: readonly ArrayLike<number>[], expected: readonly ArrayLike<number>[]) {
  expect(actual).toHaveLength(expected.length);
  for (const [n, values] of actual.entries())
    expect(values).toBeAllclose(expected[n], { rtol: 1e-5, atol: 1e-5 * largest(expected[n]) + 1e-12 });
}

onWebgpu((select) => {
  const device = () => (tf.backend() as unknown as { device: GPUDevice }).device;

  /** What the GPU and what the plain loops make of the same sample. */
  const both = async (...how: Parameters<typeof run>) => {
    await select();
    const actual = await run(...how);
    await selectBackend('cpu');
    return { actual, expected: await run(...how) };
  };

  describe.each([false, true])('with recurrence: %s', (recurrent) => {
    test.each(GRADIENTS)(
      'spikes are those of cpu, bit for bit, and gradients agree (%s)',
      async (gradient) => {
        let spikes = 0;
        const property = fc.asyncProperty(sampleArbitrary, async (sample) => {
          fc.pre(!isDelicate(sample, recurrent ? recurrentWeights(sample) : null));
          const { actual, expected } = await both(sample, gradient, recurrent);
          expect(actual.output).toEqual(expected.output);
          expectClose(actual.gradients, expected.gradients);
          spikes += largest(expected.output);
        });
        await fc.assert(property, { numRuns: 6 });
        expect(spikes).toBeGreaterThan(0);
      },
    );

    test('a layer wider than a workgroup, with any weights, sends the spikes of cpu, bit for bit', async () => {
      const sample = randomSample({ batch: 3, steps: 14, sources: 40, targets: 150, rate: 0.1, seed: 3 });
      sample.weights = sample.weights.map((weight, i) => weight * (1 + (i % 7) / 1000));
      const { actual, expected } = await both(sample, 'superspike', recurrent, 1.0013);
      expect(Array.from(expected.output).filter((x) => x === 1).length).toBeGreaterThan(100);
      expect(actual.output).toEqual(expected.output);
    });
  });

  test('they are a kernel there, and no word is said of a composition', async () => {
    const spy = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
    await select();
    const sample = randomSample({ batch: 1, steps: 3, sources: 2, targets: 2, rate: 1, seed: 1 });
    await run(sample, 'eventprop', true);
    expect(spy).not.toHaveBeenCalled();
    spy.mockRestore();
    expect(adaptiveBy('webgpu')).toBe('kernel');
  });

  test('a recurrent model learns, and its loss is that of wasm', async () => {
    const losses: number[][] = [];
    for (const start of [select, () => selectBackend('wasm')]) {
      await start();
      const sample = randomSample({ batch: 8, steps: 12, sources: 20, targets: 1, rate: 0.3, seed: 5 });
      const normal = (mean: number, stddev: number, seed: number) =>
        layers.initializers.randomNormal({ mean, stddev, seed });
      const model = layers.sequential();
      model.add(
        new AdaptiveLif({
          units: 16,
          inputShape: [12, 20],
          recurrent: true,
          gradient: 'superspike',
          kernelInitializer: normal(0.3, 0.3, 1),
          recurrentInitializer: normal(0, 0.1, 3),
        }),
      );
      model.add(
        new LeakyReadout({ units: 2, kernelInitializer: normal(0.3, 0.3, 2), gradient: 'superspike' }),
      );
      model.add(layers.layers.softmax());
      model.compile({ optimizer: tf.train.sgd(0.05), loss: 'categoricalCrossentropy' });
      const labels = tf.tensor2d(Array.from({ length: 8 }, (_, s) => (s % 2 ? [1, 0] : [0, 1])));
      const spikes = spikesOf(sample);
      const fit = { epochs: 4, batchSize: 8, verbose: 0 as const, shuffle: false };
      const { history } = await model.fit(spikes, labels, fit);
      losses.push(history.loss as number[]);
      model.dispose();
      tf.dispose([spikes, labels]);
    }
    expect(losses[0]).toBeAllclose(losses[1], { rtol: 1e-3 });
    expect(losses[0][3]).toBeLessThan(losses[0][0]);
  });

  test('no tensor is left behind, and the GPU reports no fault', async () => {
    await select();
    const sample = randomSample({ batch: 2, steps: 12, sources: 9, targets: 7, rate: 0.3, seed: 1 });
    const all = async () => {
      for (const gradient of GRADIENTS)
        for (const recurrent of [false, true]) await run(sample, gradient, recurrent);
    };
    await all();
    const held = () => [tf.memory().numTensors, tf.engine().backend.numDataIds()];
    const before = held();
    await all();
    expect(held()).toEqual(before);
    await requireFaultless(device());
  });
});
