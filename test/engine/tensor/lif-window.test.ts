import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import * as reference from '../../../kernels/spiking-layer/reference.js';
import { lifWindow } from '../../../src/engine/tensor/lif-window.js';
import { LIF_DEFAULTS, type SpikeGradient } from '../../../src/engine/tensor/options.js';
import { asSpikes } from '../../../src/engine/tensor/spikes.js';
import { UsageError } from '../../../src/util/errors.js';
import { eachBackend } from '../../each-backend.js';
import {
  arrivals,
  errorOf,
  isDelicate,
  randomSample,
  referenceShape,
  type Sample,
  sampleArbitrary,
  spikesOf,
  weightsOf,
} from './windows.js';

const FEW = { numRuns: 40 };

/** A neuron whose step is dyadic: V ← V/2 + I/4, I ← I/4. Eight steps of it are exact in float32. */
const DYADIC = { tauMMs: 1 / Math.LN2, tauSMs: 1 / Math.log(4), dtMs: 1 };

const valuesOf = (tensor: tf.Tensor) => tensor.dataSync() as Float32Array;

/** Tensors, and arrays that the backend keeps for them (and for the kernels' scratch). */
const held = () => [tf.memory().numTensors, tf.engine().backend.numDataIds()];

/** Output spikes, and both gradients of Σ output·error. */
function run(sample: Sample, gradient: SpikeGradient, composed: boolean) {
  return tf.tidy(() => {
    const options = { gradient, composed };
    const spikes = spikesOf(sample);
    const weights = weightsOf(sample);
    const loss = (s: tf.Tensor, w: tf.Tensor) =>
      tf.sum(tf.mul(lifWindow(asSpikes(s as tf.Tensor3D), w as tf.Tensor2D, options), errorOf(sample)));
    const [bySpikes, byWeights] = tf.grads(loss)([spikes, weights]);
    return {
      output: valuesOf(lifWindow(spikes, weights, options)),
      bySpikes: valuesOf(bySpikes),
      byWeights: valuesOf(byWeights),
    };
  });
}

/** The same by the reference, and how near any potential came to the threshold. */
function runReference(sample: Sample, neuron = {}) {
  const { batch, steps, sources, targets, weights, input } = sample;
  const shape = { ...referenceShape(sample), ...neuron };
  const output = new Float32Array(batch * steps * targets);
  const bySpikes = new Float64Array(batch * steps * sources);
  const byWeights = new Float64Array(sources * targets);
  for (let s = 0; s < batch; s++) {
    const from = arrivals(sample, s);
    const window = reference.forward(shape, from, weights);
    // A spike at the end of step k is a spike at time k + 1.
    for (let k = 0; k + 1 < steps; k++) {
      for (const j of window.spikes[k]) output[(s * steps + k + 1) * targets + j] = 1;
    }
    const error = Array.from({ length: steps }, (_, k) =>
      Float64Array.from({ length: targets }, (_, j) =>
        k + 1 < steps ? sample.error[(s * steps + k + 1) * targets + j] : 0,
      ),
    );
    const adjoint = reference.backward(shape, window, error);
    reference.weightGradient(shape, from, adjoint).forEach((g, i) => {
      byWeights[i] += g;
    });
    for (let k = 0; k < steps; k++) {
      for (let i = 0; i < sources; i++) {
        const at = (s * steps + k) * sources + i;
        if (input[at] === 0) continue;
        for (let j = 0; j < targets; j++) {
          bySpikes[at] += weights[i * targets + j] * adjoint.lambdaDifference[k][j];
        }
      }
    }
  }
  return { output, bySpikes, byWeights };
}

const largest = (values: ArrayLike<number>) =>
  Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** To 1e-5 of the largest gradient: sums of either sign lose digits of their own. */
function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>) {
  expect(actual).toBeAllclose(expected, { rtol: 1e-5, atol: 1e-5 * largest(expected) + 1e-12 });
}

eachBackend((_, select) => {
  beforeEach(select);

  describe.each([false, true])('composed of tfjs operations: %s', (composed) => {
    test('spikes equal those of the reference, exactly, where every operation is exact', () => {
      let spikes = 0;
      const property = fc.property(sampleArbitrary, (drawn) => {
        const sample = { ...drawn, steps: Math.min(drawn.steps, 6) };
        sample.input = drawn.input.slice(0, sample.batch * sample.steps * sample.sources);
        sample.error = drawn.error.slice(0, sample.batch * sample.steps * sample.targets);
        const output = tf.tidy(() =>
          valuesOf(lifWindow(spikesOf(sample), weightsOf(sample), { ...DYADIC, composed })),
        );
        spikes += output.reduce((sum, x) => sum + x, 0);
        expect(output).toEqual(runReference(sample, DYADIC).output);
      });
      fc.assert(property, FEW);
      expect(spikes).toBeGreaterThan(0);
    });

    test('spikes and EventProp gradients equal those of the reference', () => {
      let spikes = 0;
      const property = fc.property(sampleArbitrary, (sample) => {
        fc.pre(!isDelicate(sample));
        const actual = run(sample, 'eventprop', composed);
        const expected = runReference(sample);
        expect(actual.output).toEqual(expected.output);
        expectClose(actual.byWeights, expected.byWeights);
        expectClose(actual.bySpikes, expected.bySpikes);
        spikes += actual.output.reduce((sum, x) => sum + x, 0);
      });
      fc.assert(property, FEW);
      expect(spikes).toBeGreaterThan(0);
    });

    test.each(['superspike', 'arctan'] as const)('%s is what the tape makes of each step', (gradient) => {
      const property = fc.property(sampleArbitrary, (sample) => {
        fc.pre(!isDelicate(sample));
        const actual = run(sample, gradient, composed);
        const expected = byTape(sample, gradient);
        expectClose(actual.byWeights, expected.byWeights);
        expectClose(actual.bySpikes, expected.bySpikes);
      });
      fc.assert(property, { numRuns: 15 });
    });
  });

  test('kernel and composition send the same spikes, bit for bit, on dyadic weights', () => {
    const property = fc.property(sampleArbitrary, (sample) => {
      const [fused, composed] = [false, true].map((composed) =>
        tf.tidy(() => valuesOf(lifWindow(spikesOf(sample), weightsOf(sample), { composed }))),
      );
      expect(fused).toEqual(composed);
    });
    fc.assert(property, FEW);
  });

  test.each(['eventprop', 'superspike', 'arctan'] as const)('no tensor is left behind (%s)', (gradient) => {
    const sample = randomSample({ batch: 2, steps: 12, sources: 9, targets: 7, rate: 0.3, seed: 1 });
    const spikes = spikesOf(sample);
    const weights = weightsOf(sample);
    for (const composed of [false, true]) {
      const options = { gradient, composed };
      const before = held();
      const output = lifWindow(spikes, weights, options);
      expect(held()).toEqual(before.map((count) => count + 1));
      output.dispose();
      const loss = (s: tf.Tensor, w: tf.Tensor) =>
        tf.sum(lifWindow(asSpikes(s as tf.Tensor3D), w as tf.Tensor2D, options));
      tf.dispose(tf.grads(loss)([spikes, weights]));
      expect(held()).toEqual(before);
    }
    tf.dispose([spikes, weights]);
  });

  test('shapes and options that do not fit are refused', () => {
    tf.tidy(() => {
      const spikes = asSpikes(tf.zeros([1, 4, 3]));
      const weights = tf.zeros([3, 2]) as tf.Tensor2D;
      expect(() => lifWindow(spikes, tf.zeros([2, 3]))).toThrow(UsageError);
      expect(() => lifWindow(tf.zeros([4, 3]) as never, weights)).toThrow(UsageError);
      expect(() => lifWindow(spikes, weights, { tauSMs: 20 })).toThrow(UsageError);
      expect(() => lifWindow(spikes, weights, { theta: 0 })).toThrow(UsageError);
      expect(() => lifWindow(spikes, weights, { gradient: 'sigmoid' as never })).toThrow(UsageError);
    });
  });
});

/** Surrogate gradients by the tape of tfjs: the equations step by step, with a derivative for the threshold alone. */
function byTape(sample: Sample, gradient: 'superspike' | 'arctan') {
  const { batch, steps, sources, targets } = sample;
  const { tauMMs, tauSMs, dtMs, theta, sharpness } = LIF_DEFAULTS;
  const a = Math.exp(-dtMs / tauMMs);
  const b = Math.exp(-dtMs / tauSMs);
  const gain = (tauSMs / (tauMMs - tauSMs)) * (a - b);
  const fires = tf.customGrad((u, save) => {
    (save as tf.GradSaveFunc)([u as tf.Tensor]);
    return {
      value: tf.cast(tf.greaterEqual(u as tf.Tensor, theta), 'float32'),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const x = tf.div(tf.sub(saved[0], theta), theta);
        const slope =
          gradient === 'superspike'
            ? tf.pow(tf.add(1, tf.mul(sharpness, tf.abs(x))), -2)
            : tf.pow(tf.add(1, tf.square(tf.mul((Math.PI / 2) * sharpness, x))), -1);
        return tf.mul(dy, slope);
      },
    };
  });
  return tf.tidy(() => {
    const loss = (spikes: tf.Tensor, weights: tf.Tensor) => {
      let V: tf.Tensor = tf.zeros([batch, targets]);
      let I: tf.Tensor = tf.zeros([batch, targets]);
      let sum: tf.Tensor = tf.scalar(0);
      for (let k = 0; k < steps; k++) {
        const arriving = tf.reshape(tf.slice(spikes, [0, k, 0], [batch, 1, sources]), [batch, sources]);
        const current = tf.add(I, tf.matMul(arriving, weights as tf.Tensor2D));
        const u = tf.add(tf.mul(V, a), tf.mul(current, gain));
        const sent = fires(u);
        if (k + 1 < steps) {
          const error = tf.reshape(tf.slice(errorOf(sample), [0, k + 1, 0], [batch, 1, targets]), [
            batch,
            targets,
          ]);
          sum = tf.add(sum, tf.sum(tf.mul(sent, error)));
        }
        // A constant, so that the reset is not differentiated.
        const stays = tf.tensor2d(
          valuesOf(u).map((x) => (x >= theta ? 0 : 1)),
          [batch, targets],
        );
        V = tf.mul(u, stays);
        I = tf.mul(current, b);
      }
      return sum as tf.Scalar;
    };
    const spikes = spikesOf(sample);
    // With one step there is no path from the input to the loss, which tfjs refuses to differentiate.
    if (steps === 1) {
      return {
        bySpikes: new Float32Array(batch * sources),
        byWeights: new Float32Array(sources * targets),
      };
    }
    const [bySpikes, byWeights] = tf.grads(loss)([spikes, weightsOf(sample)]);
    return { bySpikes: valuesOf(bySpikes), byWeights: valuesOf(byWeights) };
  });
}
