import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { selectBackend } from '../../../src/baseline/backend.js';
import { LeakyReadout, Lif } from '../../../src/engine/tensor/layers.js';
import { lifWindow } from '../../../src/engine/tensor/lif-window.js';
import type { SpikeGradient } from '../../../src/engine/tensor/options.js';
import { asSpikes } from '../../../src/engine/tensor/spikes.js';
import { requireFaultless } from '../../../src/gpu/faults.js';
import { onWebgpu } from '../../each-backend.js';
import {
  errorOf,
  isDelicate,
  randomSample,
  type Sample,
  sampleArbitrary,
  spikesOf,
  weightsOf,
} from './windows.js';

const GRADIENTS: SpikeGradient[] = ['eventprop', 'superspike', 'arctan'];

/** Output spikes, and both gradients of Σ output·error; read once, as a GPU must be. */
async function run(sample: Sample, gradient: SpikeGradient) {
  const tensors = tf.tidy(() => {
    const [spikes, weights] = [spikesOf(sample), weightsOf(sample)];
    const loss = (s: tf.Tensor, w: tf.Tensor) =>
      tf.sum(tf.mul(lifWindow(asSpikes(s as tf.Tensor3D), w as tf.Tensor2D, { gradient }), errorOf(sample)));
    return [lifWindow(spikes, weights, { gradient }), ...tf.grads(loss)([spikes, weights])];
  });
  const [output, bySpikes, byWeights] = await Promise.all(tensors.map((tensor) => tensor.data<'float32'>()));
  tf.dispose(tensors);
  return { output, bySpikes, byWeights };
}

const largest = (values: ArrayLike<number>) =>
  Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** To 1e-5 of the largest gradient: sums of either sign lose digits of their own. */
function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>) {
  expect(actual).toBeAllclose(expected, { rtol: 1e-5, atol: 1e-5 * largest(expected) + 1e-12 });
}

onWebgpu((select) => {
  const device = () => (tf.backend() as unknown as { device: GPUDevice }).device;

  test.each(GRADIENTS)('spikes are those of cpu, bit for bit, and gradients agree (%s)', async (gradient) => {
    let spikes = 0;
    const property = fc.asyncProperty(sampleArbitrary, async (sample) => {
      fc.pre(!isDelicate(sample));
      await select();
      const actual = await run(sample, gradient);
      await selectBackend('cpu');
      const expected = await run(sample, gradient);
      expect(actual.output).toEqual(expected.output);
      expectClose(actual.bySpikes, expected.bySpikes);
      expectClose(actual.byWeights, expected.byWeights);
      spikes += largest(expected.output);
    });
    await fc.assert(property, { numRuns: 12 });
    expect(spikes).toBeGreaterThan(0);
  });

  test('a layer of several workgroups, with any weights, sends the spikes of cpu, bit for bit', async () => {
    const sample = randomSample({ batch: 5, steps: 20, sources: 150, targets: 130, rate: 0.1, seed: 3 });
    sample.weights = sample.weights.map((weight, i) => weight * (1 + (i % 7) / 1000));
    await select();
    const actual = await run(sample, 'eventprop');
    await selectBackend('cpu');
    const expected = await run(sample, 'eventprop');
    expect(Array.from(expected.output).filter((x) => x === 1).length).toBeGreaterThan(100);
    expect(actual.output).toEqual(expected.output);
  });

  test('a model of spiking and dense layers learns, and its loss is that of wasm', async () => {
    const losses: number[][] = [];
    for (const start of [select, () => selectBackend('wasm')]) {
      await start();
      const sample = randomSample({ batch: 8, steps: 12, sources: 20, targets: 1, rate: 0.3, seed: 5 });
      const model = layers.sequential();
      const kernelInitializer = layers.initializers.randomNormal({ mean: 0.3, stddev: 0.3, seed: 1 });
      model.add(new Lif({ units: 16, inputShape: [12, 20], kernelInitializer, gradient: 'superspike' }));
      model.add(new LeakyReadout({ units: 6, kernelInitializer, gradient: 'superspike' }));
      const dense = layers.initializers.randomNormal({ stddev: 0.5, seed: 2 });
      model.add(layers.layers.dense({ units: 2, activation: 'softmax', kernelInitializer: dense }));
      model.compile({ optimizer: tf.train.sgd(0.05), loss: 'categoricalCrossentropy' });
      const labels = tf.tensor2d(Array.from({ length: 8 }, (_, s) => (s % 2 ? [1, 0] : [0, 1])));
      const spikes = spikesOf(sample);
      const { history } = await model.fit(spikes, labels, {
        epochs: 4,
        batchSize: 8,
        verbose: 0,
        shuffle: false,
      });
      losses.push(history.loss as number[]);
      model.dispose();
      tf.dispose([spikes, labels]);
    }
    expect(losses[0]).toBeAllclose(losses[1], { rtol: 1e-3 });
    expect(losses[0][3]).toBeLessThan(losses[0][0]);
  });

  test.each(GRADIENTS)('no tensor is left behind, and the GPU reports no fault (%s)', async (gradient) => {
    await select();
    const sample = randomSample({ batch: 2, steps: 12, sources: 9, targets: 7, rate: 0.3, seed: 1 });
    await run(sample, gradient);
    const held = () => [tf.memory().numTensors, tf.engine().backend.numDataIds()];
    const before = held();
    await run(sample, gradient);
    expect(held()).toEqual(before);
    await requireFaultless(device());
  });
});
