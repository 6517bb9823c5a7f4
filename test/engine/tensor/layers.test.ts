import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { beforeEach, expect, test } from 'vitest';
import { LeakyReadout, type LeakyReadoutArgs, Lif } from '../../../src/engine/tensor/layers.js';
import { lifWindow } from '../../../src/engine/tensor/lif-window.js';
import { meanPotential } from '../../../src/engine/tensor/readout.js';
import { asSpikes } from '../../../src/engine/tensor/spikes.js';
import { UsageError } from '../../../src/util/errors.js';
import { stream } from '../../../src/util/rng.js';
import { eachBackend } from '../../each-backend.js';
import { savedAndLoaded } from './saved.js';

const [SAMPLES, STEPS, SOURCES] = [48, 16, 6];
const NEURON = { tauMMs: 10, tauSMs: 4, dtMs: 0.5, theta: 1.5 } as const;

/** Two classes: the first half of the sources spikes early and the second late, or the other way round. */
function earlyOrLate() {
  const { integer } = stream(2, 'early or late');
  const input = new Float32Array(SAMPLES * STEPS * SOURCES);
  const labels = new Float32Array(SAMPLES * 2);
  for (let s = 0; s < SAMPLES; s++) {
    const label = s % 2;
    labels[s * 2 + label] = 1;
    for (let i = 0; i < SOURCES; i++) {
      const isEarly = i < SOURCES / 2 === (label === 0);
      input[(s * STEPS + (isEarly ? 0 : 8) + integer(4)) * SOURCES + i] = 1;
    }
  }
  return {
    spikes: tf.tensor3d(input, [SAMPLES, STEPS, SOURCES]),
    labels: tf.tensor2d(labels, [SAMPLES, 2]),
  };
}

const normal = (mean: number, stddev: number, seed: number) =>
  layers.initializers.randomNormal({ mean, stddev, seed });

function classifier(gradient: 'eventprop' | 'superspike', answer: LeakyReadoutArgs['answer'] = 'mean') {
  return layers.sequential({
    layers: [
      new Lif({
        ...NEURON,
        units: 10,
        gradient,
        inputShape: [STEPS, SOURCES],
        kernelInitializer: normal(4, 3, 1),
      }),
      new Lif({ ...NEURON, units: 8, gradient, sharpness: 3, kernelInitializer: normal(4, 3, 2) }),
      new LeakyReadout({
        ...NEURON,
        units: 2,
        gradient,
        answer,
        kappa: 20,
        kernelInitializer: normal(0, 1, 3),
      }),
      layers.layers.activation({ activation: 'softmax' }),
    ],
  });
}

eachBackend((_, select) => {
  beforeEach(select);

  test.each(['eventprop', 'superspike'] as const)('a sequential model learns by %s', async (gradient) => {
    const { spikes, labels } = earlyOrLate();
    const model = classifier(gradient);
    model.compile({ optimizer: tf.train.adam(0.05), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
    const before = model.getWeights().map((w) => w.dataSync().slice());
    const { history } = await model.fit(spikes, labels, {
      epochs: 15,
      batchSize: 16,
      shuffle: false,
      verbose: 0,
    });
    // All three layers learn, and the two classes come apart.
    for (const [l, w] of model.getWeights().entries()) expect(w.dataSync()).not.toEqual(before[l]);
    expect(history.loss.at(-1)).toBeLessThan(0.5 * Number(history.loss[0]));
    expect(history.acc.at(-1)).toBeGreaterThan(0.9);

    const tensors = tf.memory().numTensors;
    await model.fit(spikes, labels, { epochs: 1, batchSize: 16, verbose: 0 });
    tf.dispose(model.predict(spikes));
    expect(tf.memory().numTensors).toBe(tensors);
    tf.dispose([spikes, labels]);
    model.dispose();
  });

  test('a model is the composition of its functions', () => {
    const { spikes, labels } = earlyOrLate();
    const model = classifier('eventprop');
    const [first, second, readout] = model.getWeights() as tf.Tensor2D[];
    const expected = tf.tidy(() => {
      const below = lifWindow(asSpikes(spikes), first, NEURON);
      const above = lifWindow(below, second, NEURON);
      return tf.softmax(tf.mul(meanPotential(above, readout, NEURON), 20)).dataSync();
    });
    const answer = model.predict(spikes) as tf.Tensor;
    expect(answer.dataSync()).toBeAllclose(expected);
    tf.dispose([spikes, labels, answer]);
    model.dispose();
  });

  test('what is saved and loaded answers the same', async () => {
    const { spikes, labels } = earlyOrLate();
    const model = classifier('superspike', 'steps');
    const loaded = await savedAndLoaded(model);
    expect(loaded.layers.map((layer) => layer.getConfig())).toEqual(
      model.layers.map((layer) => layer.getConfig()),
    );
    const [before, after] = [model, loaded].map((one) => one.predict(spikes) as tf.Tensor);
    expect(before.shape).toEqual([SAMPLES, STEPS, 2]);
    expect(after.dataSync()).toEqual(before.dataSync());
    tf.dispose([spikes, labels, before, after]);
    model.dispose();
    loaded.dispose();
  });
});

test('arguments that make no layer are refused', () => {
  expect(() => new Lif({ units: 0 })).toThrow(UsageError);
  expect(() => new Lif({ units: 2, tauMMs: 5, tauSMs: 5 })).toThrow(UsageError);
  expect(() => new LeakyReadout({ units: 2, answer: 'last' as never })).toThrow(UsageError);
});
