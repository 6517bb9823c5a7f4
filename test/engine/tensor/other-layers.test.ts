import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { AdaptiveLif, LeakyReadout, Lif } from '../../../src/engine/tensor/layers.js';
import { stream } from '../../../src/util/rng.js';
import { eachBackend } from '../../each-backend.js';
import { savedAndLoaded } from './saved.js';

const [SAMPLES, SIDE, STEPS] = [32, 8, 12];

/** Bars across or bars down, on noise. */
function bars() {
  const { uniform, integer } = stream(4, 'bars');
  const pixels = new Float32Array(SAMPLES * SIDE * SIDE);
  const labels = new Float32Array(SAMPLES * 2);
  for (let s = 0; s < SAMPLES; s++) {
    labels[s * 2 + (s % 2)] = 1;
    const bar = integer(SIDE);
    for (let y = 0; y < SIDE; y++)
      for (let x = 0; x < SIDE; x++)
        pixels[(s * SIDE + y) * SIDE + x] = 0.2 * uniform() + ((s % 2 ? x : y) === bar ? 0.8 : 0);
  }
  return {
    images: tf.tensor4d(pixels, [SAMPLES, SIDE, SIDE, 1]),
    labels: tf.tensor2d(labels, [SAMPLES, 2]),
  };
}

const normal = (stddev: number, seed: number, mean = 0) =>
  layers.initializers.randomNormal({ mean, stddev, seed });
const gradient = 'superspike' as const;

/** Convolution, pooling and a dense layer below; spiking layers of two kinds; convolution in time and dense above. */
function mixed() {
  return layers.sequential({
    layers: [
      layers.layers.conv2d({
        inputShape: [SIDE, SIDE, 1],
        filters: 4,
        kernelSize: 3,
        activation: 'relu',
        kernelInitializer: normal(0.4, 1),
      }),
      layers.layers.maxPooling2d({ poolSize: 2 }),
      layers.layers.flatten(),
      layers.layers.dense({ units: 12, activation: 'sigmoid', kernelInitializer: normal(0.4, 2) }),
      layers.layers.repeatVector({ n: STEPS }),
      new Lif({ units: 12, gradient, sharpness: 3, kernelInitializer: normal(0.3, 3, 0.2) }),
      new AdaptiveLif({
        units: 10,
        gradient,
        sharpness: 3,
        recurrent: true,
        kernelInitializer: normal(0.8, 4, 0.5),
        recurrentInitializer: normal(0.1, 5),
      }),
      new LeakyReadout({ units: 6, answer: 'steps', gradient, kernelInitializer: normal(0.6, 6) }),
      layers.layers.conv1d({ filters: 3, kernelSize: 3, kernelInitializer: normal(0.6, 7) }),
      layers.layers.flatten(),
      layers.layers.dense({ units: 2, activation: 'softmax', kernelInitializer: normal(0.4, 8) }),
    ],
  });
}

const fit = { epochs: 6, batchSize: 16, shuffle: false, verbose: 0 as const };
const losses: Record<string, number[]> = {};

eachBackend((backend, select) => {
  beforeEach(select);

  test('spiking layers learn in one model with dense and convolution layers; saved and loaded it answers the same', async () => {
    const { images, labels } = bars();
    const model = mixed();
    model.compile({ optimizer: tf.train.adam(0.02), loss: 'categoricalCrossentropy' });
    const before = model.getWeights().map((weights) => weights.dataSync().slice());
    const { history } = await model.fit(images, labels, fit);
    losses[backend] = history.loss as number[];
    for (const [n, weights] of model.getWeights().entries())
      expect(weights.dataSync(), model.weights[n].name).not.toEqual(before[n]);
    expect(losses[backend].at(-1)).toBeLessThan(losses[backend][0]);

    const loaded = await savedAndLoaded(model);
    const [answer, again] = [model, loaded].map((one) => one.predict(images) as tf.Tensor);
    expect(again.dataSync()).toEqual(answer.dataSync());

    const tensors = tf.memory().numTensors;
    await model.fit(images, labels, { ...fit, epochs: 1 });
    tf.dispose(model.predict(images));
    expect(tf.memory().numTensors).toBe(tensors);
    tf.dispose([images, labels, answer, again]);
    model.dispose();
    loaded.dispose();
  });
});

afterAll(() => {
  // The first epoch, before rounding has made the models differ in a spike.
  const [first, ...others] = Object.values(losses).map(([loss]) => loss);
  for (const other of others) expect(other / first).toBeCloseTo(1, 2);
});
