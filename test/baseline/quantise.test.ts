import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { trainDense } from '../../src/baseline/dense.js';
import { lossAndGradients } from '../../src/baseline/mlp.js';
import {
  bitsOfWindow,
  quantisedUnits,
  quantiseUnsigned,
  quantiseWeights,
} from '../../src/baseline/quantise.js';
import { yinYang } from '../../src/data/yin-yang.js';
import { eachBackend } from '../each-backend.js';

test('a window of T steps has T + 1 counts', () => {
  for (const [steps, bits] of [
    [1, 1],
    [3, 2],
    [4, 3],
    [7, 3],
    [15, 4],
    [20, 5],
    [31, 5],
    [60, 6],
  ]) {
    expect(bitsOfWindow(steps)).toBe(bits);
  }
});

eachBackend((_, select) => {
  beforeEach(select);

  test('rounding is to the nearest of the grid, and ends at its ends', () => {
    const values = fc.array(fc.double({ min: -3, max: 6, noNaN: true }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 8 }), (drawn, bits) => {
        const quantised = tf.tidy(() => quantiseUnsigned(tf.tensor1d(drawn), bits, 4).dataSync());
        const step = 4 / (2 ** bits - 1);
        drawn.forEach((x, i) => {
          const clipped = Math.min(4, Math.max(0, x));
          expect(Math.abs(quantised[i] - clipped)).toBeLessThan(step / 2 + 1e-5);
          expect(Math.abs(quantised[i] / step - Math.round(quantised[i] / step))).toBeLessThan(1e-4);
        });
      }),
    );
  });

  test('weights take at most 2^bits - 1 values, the largest of them its own', () => {
    tf.tidy(() => {
      const weights = tf.randomNormal<tf.Rank.R2>([20, 30], 0, 1, 'float32', 3);
      for (const bits of [2, 3, 5]) {
        const values = [...quantiseWeights(weights, bits).dataSync()];
        const distinct = new Set(values.map((w) => Math.round(w * 1e5)));
        expect(distinct.size).toBeLessThanOrEqual(2 ** bits - 1);
        expect(distinct.size).toBeGreaterThan(2);
        const largest = Math.max(...tf.abs(weights).dataSync());
        expect(Math.max(...values.map(Math.abs))).toBeCloseTo(largest, 5);
      }
    });
  });

  test('with many bits the gradients are those of the plain network', () => {
    tf.tidy(() => {
      const weights = [
        tf.randomNormal([6, 4], 0, 0.5, 'float32', 1),
        tf.randomNormal([3, 6], 0, 0.5, 'float32', 2),
      ] as tf.Tensor2D[];
      const rows = tf.randomUniform<tf.Rank.R2>([5, 4], 0, 1, 'float32', 3);
      const targets = tf.transpose(
        tf.cast(tf.oneHot(tf.tensor1d([0, 1, 2, 0, 1], 'int32'), 3), 'float32'),
      ) as tf.Tensor2D;
      const plain = lossAndGradients(weights, rows, targets).gradients;
      const fine = lossAndGradients(
        weights.map((w) => quantiseWeights(w, 16)),
        rows,
        targets,
        { activation: quantisedUnits(16) },
      ).gradients;
      plain.forEach((gradient, l) => {
        expect(fine[l].dataSync()).toBeAllclose(gradient.dataSync() as Float32Array, {
          rtol: 1e-2,
          atol: 1e-3,
        });
      });
    });
  });

  test('a network of five bits learns Yin-Yang nearly as well as one of 32, and leaves no tensor', async () => {
    const data = { train: yinYang(1500, 'train'), test: yinYang(600, 'test'), classes: 3 };
    const options = { sizes: [4, 40, 3], seed: 1, epochs: 12, batch: 20, biases: true };
    const before = tf.memory().numTensors;
    const [fine, coarse] = [await trainDense(options, data), await trainDense({ ...options, bits: 5 }, data)];
    expect(tf.memory().numTensors).toBe(before);
    expect(fine.accuracy.at(-1)).toBeGreaterThan(0.85);
    expect(coarse.accuracy.at(-1)).toBeGreaterThan(fine.accuracy.at(-1)! - 0.1);
    // Small operations one by one: the binding of TensorFlow takes some ten times as long over them as wasm.
  }, 180_000);
});
