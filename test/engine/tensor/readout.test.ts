import '@tensorflow/tfjs-layers';
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { type ExactNetwork, exactEventProp } from '../../../kernels/spiking-layer/exact.js';
import { lifWindow } from '../../../src/engine/tensor/lif-window.js';
import { LIF_DEFAULTS, type SpikeGradient } from '../../../src/engine/tensor/options.js';
import { meanPotential, potentials } from '../../../src/engine/tensor/readout.js';
import { asSpikes, type SpikeTensor } from '../../../src/engine/tensor/spikes.js';
import { postsynapticArea, postsynapticPotential } from '../../../src/learning/eventprop/neuron.js';
import { stream } from '../../../src/util/rng.js';
import { eachBackend } from '../../each-backend.js';
import { randomSample, spikesOf, weightsOf } from './windows.js';

const NEURON = { ...LIF_DEFAULTS, steps: 12 };
const sample = randomSample({ batch: 2, steps: 12, sources: 5, targets: 3, rate: 0.3, seed: 3 });
const KINDS = ['eventprop', 'superspike', 'arctan'] as const;

const valuesOf = (tensor: tf.Tensor) => tensor.dataSync() as Float32Array;

/** V of target j of sample s at `ms`: one post-synaptic potential for each spike before it. */
function potentialAt(s: number, j: number, ms: number, psp = postsynapticPotential): number {
  let sum = 0;
  for (let k = 0; k < sample.steps; k++) {
    for (let i = 0; i < sample.sources; i++) {
      if (sample.input[(s * sample.steps + k) * sample.sources + i] === 0 || k >= ms) continue;
      sum += sample.weights[i * sample.targets + j] * psp(ms - k, NEURON);
    }
  }
  return sum;
}

eachBackend((_, select) => {
  beforeEach(select);

  test('potentials are sums of post-synaptic potentials', () => {
    const V = tf.tidy(() => valuesOf(potentials(spikesOf(sample), weightsOf(sample))));
    const expected: number[] = [];
    for (let s = 0; s < 2; s++) {
      for (let k = 0; k < 12; k++) for (let j = 0; j < 3; j++) expected.push(potentialAt(s, j, k + 1));
    }
    expect(V).toBeAllclose(expected, { rtol: 1e-5, atol: 1e-6 });
  });

  test('mean potentials are their integral in closed form', () => {
    const mean = tf.tidy(() => valuesOf(meanPotential(spikesOf(sample), weightsOf(sample))));
    const expected: number[] = [];
    for (let s = 0; s < 2; s++) {
      for (let j = 0; j < 3; j++) expected.push(potentialAt(s, j, 12, postsynapticArea) / 12);
    }
    expect(mean).toBeAllclose(expected, { rtol: 1e-5, atol: 1e-6 });
  });

  describe.each([
    ['meanPotential', meanPotential],
    ['potentials', potentials],
  ] as const)('%s', (_, readout) => {
    /** Σ answer² of one spike of weight 1, and its gradient by the spikes. */
    const bySpikes = (input: number[], gradient: SpikeGradient) =>
      tf.tidy(() => {
        const weights = tf.tensor2d([[1]]);
        const loss = (spikes: tf.Tensor) =>
          tf.sum(tf.square(readout(asSpikes(spikes as tf.Tensor3D), weights, { gradient }) as tf.Tensor));
        const spikes = tf.tensor3d(input, [1, input.length, 1]);
        return { loss: valuesOf(loss(spikes))[0], gradient: valuesOf(tf.grad(loss)(spikes)) };
      });

    test('surrogates differentiate by the value of each entry', () => {
      // The loss is quadratic in the values: central differences are exact but for rounding.
      const input = [0, 1, 0, 0, 1, 0, 0, 0];
      const { gradient } = bySpikes(input, 'superspike');
      const numeric = input.map((_, k) => {
        const shifted = (by: number) => bySpikes(input.with(k, input[k] + by), 'superspike').loss;
        return (shifted(0.5) - shifted(-0.5)) / 1;
      });
      expect(gradient).toBeAllclose(numeric, { rtol: 1e-4, atol: 1e-5 });
    });

    test('EventProp differentiates by the time of each spike', () => {
      // On a fine grid a spike can be moved by one step either way.
      const dtMs = 0.05;
      const steps = 160;
      const at = 60;
      const lossAt = (k: number) =>
        tf.tidy(() => {
          const input = new Float32Array(steps);
          input[k] = 1;
          const weights = tf.tensor2d([[1]]);
          const loss = (spikes: tf.Tensor) =>
            tf.sum(tf.square(readout(asSpikes(spikes as tf.Tensor3D), weights, { dtMs }) as tf.Tensor));
          const spikes = tf.tensor3d(input, [1, steps, 1]);
          return { loss: valuesOf(loss(spikes))[0], gradient: valuesOf(tf.grad(loss)(spikes)) };
        });
      const { gradient } = lossAt(at);
      const numeric = (lossAt(at + 4).loss - lossAt(at - 4).loss) / (8 * dtMs);
      expect(gradient[at] / numeric).toBeCloseTo(1, 2);
      expect(gradient.filter((g) => g !== 0)).toHaveLength(1);
    });
  });

  test.each(KINDS)('weights of two layers and a readout: gradients of the readout by %s', (gradient) => {
    // The loss is smooth in the readout's weights, so that finite differences hold for every kind.
    const { normal } = stream(5, 'readout');
    const hidden = randomSample({ batch: 2, steps: 12, sources: 8, targets: 6, rate: 0.4, seed: 4 });
    const answer = (w: tf.Tensor) =>
      tf.tidy(() => {
        const below = lifWindow(spikesOf(hidden), weightsOf(hidden), { gradient });
        const square = tf.mul(tf.ones([6, 6]), 0.75) as tf.Tensor2D;
        const above = lifWindow(below, square, { gradient });
        return tf.sum(tf.square(meanPotential(above, w as tf.Tensor2D, { gradient })));
      });
    const values = Float32Array.from({ length: 6 * 2 }, normal);
    const lossOf = (w: Float32Array) => tf.tidy(() => valuesOf(answer(tf.tensor2d(w, [6, 2])))[0]);
    const analytic = tf.tidy(() => valuesOf(tf.grad(answer)(tf.tensor2d(values, [6, 2]))));
    const numeric = Array.from(
      values,
      (x, n) => lossOf(values.with(n, x + 0.5)) - lossOf(values.with(n, x - 0.5)),
    );
    expect(Math.max(...analytic.map(Math.abs))).toBeGreaterThan(0);
    expect(analytic).toBeAllclose(numeric, { rtol: 1e-3, atol: 1e-4 });
  });

  test('two spiking layers learn by EventProp as the exact, gridless network does', () => {
    // A recurrent matrix with one block above the diagonal is a stack of two layers.
    const [inputs, first, second, outputs, dtMs, windowMs] = [6, 4, 3, 2, 0.005, 10];
    const steps = Math.round(windowMs / dtMs);
    const { uniform } = stream(11, 'exact');
    const draw = (n: number, low: number, high: number) =>
      Float64Array.from({ length: n }, () => low + (high - low) * uniform());
    const w1 = draw(inputs * first, 0.5, 2.5);
    const w2 = draw(first * second, 1.5, 5);
    const w3 = draw(second * outputs, -1, 1);
    const neurons = first + second;
    const network: ExactNetwork = {
      inputs,
      neurons,
      outputs,
      tauMMs: 20,
      tauSMs: 5,
      theta: 1,
      windowMs,
      kappa: 1,
      inputWeights: new Float64Array(inputs * neurons),
      recurrentWeights: new Float64Array(neurons * neurons),
      readoutWeights: new Float64Array(neurons * outputs),
    };
    for (let i = 0; i < inputs; i++)
      for (let j = 0; j < first; j++) network.inputWeights[i * neurons + j] = w1[i * first + j];
    for (let i = 0; i < first; i++)
      for (let j = 0; j < second; j++)
        network.recurrentWeights![i * neurons + first + j] = w2[i * second + j];
    for (let i = 0; i < second; i++)
      for (let k = 0; k < outputs; k++)
        network.readoutWeights[(first + i) * outputs + k] = w3[i * outputs + k];
    const atMs = Array.from({ length: inputs }, (_, i) => i * 0.5);
    const exact = exactEventProp(
      network,
      atMs.map((ms, input) => ({ atMs: ms, input })),
      0,
    );
    expect(exact.spikes.some(({ neuron }) => neuron >= first)).toBe(true);

    const actual = tf.tidy(() => {
      const input = new Float32Array(steps * inputs);
      for (const [i, ms] of atMs.entries()) input[Math.round(ms / dtMs) * inputs + i] = 1;
      const spikes = asSpikes(tf.tensor3d(input, [1, steps, inputs]));
      const readout = tf.tensor2d(Float32Array.from(w3), [second, outputs]);
      const loss = (a: tf.Tensor, b: tf.Tensor) => {
        const below: SpikeTensor = lifWindow(spikes, a as tf.Tensor2D, { dtMs });
        const above = lifWindow(below, b as tf.Tensor2D, { dtMs });
        return tf.neg(tf.sum(tf.mul(tf.logSoftmax(meanPotential(above, readout, { dtMs })), [1, 0])));
      };
      const weights = [
        tf.tensor2d(Float32Array.from(w1), [inputs, first]),
        tf.tensor2d(Float32Array.from(w2), [first, second]),
      ];
      const [g1, g2] = tf.grads(loss)(weights);
      return { loss: valuesOf(loss(weights[0], weights[1]))[0], g1: valuesOf(g1), g2: valuesOf(g2) };
    });
    // The grid sees each crossing up to a step late: an error of the order of dt.
    expect(actual.loss).toBeCloseTo(exact.loss, 3);
    const g1 = Array.from(
      { length: inputs * first },
      (_, n) => exact.inputGradient[Math.floor(n / first) * neurons + (n % first)],
    );
    const g2 = Array.from(
      { length: first * second },
      (_, n) => exact.recurrentGradient![Math.floor(n / second) * neurons + first + (n % second)],
    );
    for (const [found, expected] of [
      [actual.g1, g1],
      [actual.g2, g2],
    ] as const) {
      const most = Math.max(...expected.map(Math.abs));
      expect(most).toBeGreaterThan(0);
      expect(found).toBeAllclose(expected, { rtol: 0.02, atol: 0.01 * most });
    }
  });

  test('a dense layer of plain tfjs learns through spikes and readout, and nothing is left', () => {
    const spikes = spikesOf(sample);
    const w = tf.variable(weightsOf(sample));
    const dense = tf.variable(tf.ones([3, 2]) as tf.Tensor2D);
    const readout = tf.tidy(() => tf.eye(3)) as tf.Tensor2D;
    const optimiser = tf.train.sgd(0.05);
    const loss = () =>
      tf.tidy(() => {
        const hidden = meanPotential(lifWindow(spikes, w as tf.Tensor2D), readout);
        const answer = tf.matMul(tf.relu(hidden), dense as tf.Tensor2D);
        return tf.mean(tf.square(tf.sub(answer, 0.5))) as tf.Scalar;
      });
    const step = () => {
      const value = optimiser.minimize(loss, true)!;
      const [number] = valuesOf(value);
      value.dispose();
      return number;
    };
    const before = step();
    const tensors = tf.memory().numTensors;
    let after = before;
    for (let n = 0; n < 30; n++) after = step();
    expect(after).toBeLessThan(before);
    expect(tf.memory().numTensors).toBe(tensors);
    tf.dispose([spikes, w, dense, readout]);
    optimiser.dispose();
  });
});
