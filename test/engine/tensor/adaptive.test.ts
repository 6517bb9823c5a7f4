import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { adaptiveLifWindow } from '../../../src/engine/tensor/adaptive.js';
import { AdaptiveLif, LeakyReadout } from '../../../src/engine/tensor/layers.js';
import { lifWindow } from '../../../src/engine/tensor/lif-window.js';
import type { SpikeGradient } from '../../../src/engine/tensor/options.js';
import { asSpikes } from '../../../src/engine/tensor/spikes.js';
import { UsageError } from '../../../src/util/errors.js';
import { stream } from '../../../src/util/rng.js';
import { eachBackend } from '../../each-backend.js';
import { isDelicate, NEURON, recurrentOf, recurrentWeights } from './adaptive-windows.js';
import { savedAndLoaded } from './saved.js';
import { errorOf, randomSample, type Sample, sampleArbitrary, spikesOf, weightsOf } from './windows.js';

const held = () => [tf.memory().numTensors, tf.engine().backend.numDataIds()];

function outcome(sample: Sample, gradient: SpikeGradient, withRecurrence: boolean, composed: boolean) {
  const inputs = [spikesOf(sample), weightsOf(sample), ...(withRecurrence ? [recurrentOf(sample)] : [])];
  const window = (s: tf.Tensor, w: tf.Tensor, r?: tf.Tensor) =>
    adaptiveLifWindow(asSpikes(s as tf.Tensor3D), w as tf.Tensor2D, {
      ...NEURON,
      gradient,
      composed,
      recurrent: r as tf.Tensor2D | undefined,
    });
  const loss = (s: tf.Tensor, w: tf.Tensor, r?: tf.Tensor) =>
    tf.sum(tf.mul(window(s, w, r), errorOf(sample)));
  return {
    output: window(inputs[0], inputs[1], inputs[2]).dataSync(),
    gradients: tf
      .grads(loss as (...of: tf.Tensor[]) => tf.Tensor)(inputs)
      .map((g) => g.dataSync()),
  };
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>) {
  const largest = Array.from(expected).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  expect(actual).toBeAllclose(expected, { rtol: 1e-5, atol: 2e-5 * largest + 1e-12 });
}

eachBackend((_, select) => {
  beforeEach(select);

  describe.each([false, true])('with recurrence: %s', (withRecurrence) => {
    test.each(['eventprop', 'superspike', 'arctan'] as const)(
      'kernel and composition agree (%s)',
      (gradient) => {
        let spikes = 0;
        const property = fc.property(sampleArbitrary, (sample) => {
          fc.pre(!isDelicate(sample, withRecurrence ? recurrentWeights(sample) : null));
          tf.tidy(() => {
            const [own, composed] = [false, true].map((c) => outcome(sample, gradient, withRecurrence, c));
            expect(own.output).toEqual(composed.output);
            for (const [n, values] of own.gradients.entries()) expectClose(values, composed.gradients[n]);
            spikes += (own.output as Float32Array).reduce((sum: number, x: number) => sum + x, 0);
          });
        });
        fc.assert(property, { numRuns: 15 });
        expect(spikes).toBeGreaterThan(0);
      },
    );

    test('a surrogate gradient is what the tape makes of each step', () => {
      const property = fc.property(sampleArbitrary, (sample) => {
        // The tape of tfjs cannot take the gradient of unstacking a single step.
        fc.pre(sample.steps > 1 && !isDelicate(sample, withRecurrence ? recurrentWeights(sample) : null));
        tf.tidy(() => {
          const { gradients } = outcome(sample, 'superspike', withRecurrence, false);
          for (const [n, expected] of byTape(sample, withRecurrence).entries())
            expectClose(gradients[n], expected);
        });
      });
      fc.assert(property, { numRuns: 8 });
    });
  });

  test('neurons that neither adapt nor talk to each other are those of lifWindow', () => {
    const sample = randomSample({ batch: 2, steps: 18, sources: 9, targets: 7, rate: 0.3, seed: 5 });
    tf.tidy(() => {
      const options = { ...NEURON, beta: 0 };
      const plain = lifWindow(spikesOf(sample), weightsOf(sample), options);
      const adaptive = adaptiveLifWindow(spikesOf(sample), weightsOf(sample), options);
      expect(adaptive.dataSync()).toEqual(plain.dataSync());
      const by = (layer: typeof lifWindow) =>
        tf
          .grad((w) => tf.sum(tf.mul(layer(spikesOf(sample), w as tf.Tensor2D, options), errorOf(sample))))(
            weightsOf(sample),
          )
          .dataSync();
      expectClose(by(adaptiveLifWindow as typeof lifWindow), by(lifWindow));
    });
  });

  test('as a layer: a model learns, is saved and loaded, and leaves no tensor', async () => {
    const { integer } = stream(2, 'early or late');
    const [samples, steps, sources] = [32, 16, 6];
    const input = new Float32Array(samples * steps * sources);
    const labels = new Float32Array(samples * 2);
    for (let s = 0; s < samples; s++) {
      labels[s * 2 + (s % 2)] = 1;
      for (let i = 0; i < sources; i++) {
        const early = i < sources / 2 === (s % 2 === 0);
        input[(s * steps + (early ? 0 : 8) + integer(4)) * sources + i] = 1;
      }
    }
    const spikes = tf.tensor3d(input, [samples, steps, sources]);
    const wanted = tf.tensor2d(labels, [samples, 2]);
    const normal = (mean: number, stddev: number, seed: number) =>
      layers.initializers.randomNormal({ mean, stddev, seed });
    const model = layers.sequential({
      layers: [
        new AdaptiveLif({
          units: 10,
          recurrent: true,
          beta: 0.3,
          tauAMs: 20,
          inputShape: [steps, sources],
          kernelInitializer: normal(1.5, 1, 1),
          recurrentInitializer: normal(0, 0.2, 2),
        }),
        new LeakyReadout({ units: 2, kappa: 20, kernelInitializer: normal(0, 1, 3) }),
        layers.layers.activation({ activation: 'softmax' }),
      ],
    });
    model.compile({ optimizer: tf.train.adam(0.03), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
    const before = model.getWeights().map((w) => w.dataSync().slice());
    expect(before).toHaveLength(3);
    const { history } = await model.fit(spikes, wanted, {
      epochs: 20,
      batchSize: 16,
      shuffle: false,
      verbose: 0,
    });
    for (const [l, w] of model.getWeights().entries()) expect(w.dataSync()).not.toEqual(before[l]);
    expect(history.acc.at(-1)).toBeGreaterThan(0.9);

    const tensors = held();
    await model.fit(spikes, wanted, { epochs: 1, batchSize: 16, verbose: 0 });
    tf.dispose(model.predict(spikes));
    expect(held()).toEqual(tensors);

    const loaded = await savedAndLoaded(model);
    const [mine, theirs] = [model, loaded].map((one) =>
      tf.tidy(() => (one.predict(spikes) as tf.Tensor).dataSync()),
    );
    expect(theirs).toEqual(mine);
    tf.dispose([spikes, wanted]);
    model.dispose();
    loaded.dispose();
  });
});

/** SuperSpike gradients by the tape of tfjs, step by step, with a derivative for the threshold alone. */
function byTape(sample: Sample, withRecurrence: boolean): ArrayLike<number>[] {
  const { batch, steps, targets } = sample;
  const { tauMMs, tauSMs, tauAMs, dtMs, theta, beta, sharpness } = NEURON;
  const [m, s, rho] = [tauMMs, tauSMs, tauAMs].map((tau) => Math.exp(-dtMs / tau));
  const gain = (tauSMs / (tauMMs - tauSMs)) * (m - s);
  const fires = tf.customGrad((x, save) => {
    (save as tf.GradSaveFunc)([x as tf.Tensor]);
    return {
      value: tf.cast(tf.greaterEqual(x as tf.Tensor, 0), 'float32'),
      gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) =>
        tf.mul(dy, tf.pow(tf.add(1, tf.mul(sharpness / theta, tf.abs(saved))), -2)),
    };
  });
  const loss = (spikes: tf.Tensor, w: tf.Tensor, r?: tf.Tensor) => {
    const none = tf.zeros([batch, targets]);
    const sent: tf.Tensor[] = [none];
    let [V, I, a]: tf.Tensor[] = [none, none, none];
    for (const step of tf.unstack(spikes, 1)) {
      const last = sent[sent.length - 1] as tf.Tensor2D;
      let arriving: tf.Tensor = tf.matMul(step as tf.Tensor2D, w as tf.Tensor2D);
      if (r) arriving = tf.add(arriving, tf.matMul(last, r as tf.Tensor2D));
      const current = tf.add(I, arriving);
      const potential = tf.add(tf.mul(V, m), tf.mul(current, gain));
      a = tf.mul(a, rho);
      const spiked = fires(tf.sub(potential, tf.add(theta, tf.mul(beta, a))));
      // Not differentiated: the reset.
      const stays = tf.sub(1, tf.tensor2d(spiked.dataSync(), [batch, targets]));
      V = tf.mul(potential, stays);
      I = tf.mul(current, s);
      a = tf.add(a, spiked);
      sent.push(spiked);
    }
    // All are on the tape, though the last stands nowhere.
    const output = tf.slice(tf.stack(sent, 1), [0, 0, 0], [batch, steps, targets]);
    return tf.sum(tf.mul(output, errorOf(sample)));
  };
  const inputs = [spikesOf(sample), weightsOf(sample), ...(withRecurrence ? [recurrentOf(sample)] : [])];
  return tf
    .grads(loss as (...of: tf.Tensor[]) => tf.Tensor)(inputs)
    .map((g) => g.dataSync());
}

test('arguments that make no adaptive layer are refused', () => {
  expect(() => new AdaptiveLif({ units: 2, beta: -1 })).toThrow(UsageError);
  expect(() => new AdaptiveLif({ units: 2, tauAMs: 0 })).toThrow(UsageError);
  tf.tidy(() => {
    const options = { recurrent: tf.zeros([3, 2]) as tf.Tensor2D };
    expect(() => adaptiveLifWindow(asSpikes(tf.zeros([1, 4, 3])), tf.zeros([3, 2]), options)).toThrow(
      UsageError,
    );
  });
});
