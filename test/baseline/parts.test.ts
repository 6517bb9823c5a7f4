import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { epochOrder, makeBatch } from '../../src/baseline/batches.js';
import { recordOnDevice } from '../../src/baseline/device-changes.js';
import { initialWeights } from '../../src/baseline/mlp.js';
import { adam, type Optimiser, sgd } from '../../src/baseline/optimiser.js';
import { rateFactor } from '../../src/baseline/schedule.js';
import { recordChanges } from '../../src/baseline/weight-changes.js';
import type { ImageSet } from '../../src/data/images.js';
import { RunError } from '../../src/util/errors.js';
import { stream } from '../../src/util/rng.js';
import { eachBackend } from '../each-backend.js';

describe('schedule', () => {
  test('cosine starts at 1, is at a half in the middle, and nears 0', () => {
    expect(rateFactor({ kind: 'cosine' }, 0, 100)).toBe(1);
    expect(rateFactor({ kind: 'cosine' }, 50, 100)).toBeCloseTo(0.5, 12);
    expect(rateFactor({ kind: 'cosine' }, 99, 100)).toBeLessThan(1e-3);
  });

  test('steps multiplies by its factor after each part but the last', () => {
    const factors = [0, 24, 25, 50, 75, 99].map((s) =>
      rateFactor({ kind: 'steps', parts: 4, factor: 0.1 }, s, 100),
    );
    expect(factors).toBeAllclose([1, 1, 0.1, 0.01, 1e-3, 1e-3]);
  });
});

describe('batches', () => {
  const set: ImageSet = {
    images: Uint8Array.of(0, 255, 51, 102, 255, 0),
    labels: Uint8Array.of(1, 0),
    count: 2,
  };

  test('hold pixels of 0 to 1 in rows, one-hot classes in columns, and ones for the biases', () => {
    const { rows, targets, count } = makeBatch(set, [1, 0, 1], { classes: 2, biases: true });
    expect(count).toBe(3);
    expect(rows).toBeAllclose([0.4, 1, 0, 1, 0, 1, 0.2, 1, 0.4, 1, 0, 1]);
    expect(Array.from(targets)).toEqual([1, 0, 1, 0, 1, 0]);
  });

  test('dropout keeps the mean, scales what it keeps, and never touches a bias', () => {
    const count = 4000;
    const grey: ImageSet = {
      images: new Uint8Array(2 * count).fill(128),
      labels: new Uint8Array(count),
      count,
    };
    const indices = Uint32Array.from({ length: count }, (_, i) => i);
    const options = { classes: 1, biases: true, inputDropout: 0.25 };
    const { rows } = makeBatch(grey, indices, options, stream(1, 'test'));
    const pixels = rows.filter((_, i) => i % 3 < 2);
    const kept = pixels.filter((value) => value !== 0);
    expect(kept).toBeAllclose(kept.map(() => 128 / 255 / 0.75));
    // Five standard deviations of a binomial.
    expect(Math.abs(kept.length - 6000)).toBeLessThan(5 * Math.sqrt(8000 * 0.25 * 0.75));
    expect(rows.filter((_, i) => i % 3 === 2)).toEqual(new Float32Array(count).fill(1));
  });

  test('every epoch shows each sample once, in an order of its own', () => {
    const [first, second] = [0, 1].map((epoch) => epochOrder(50, 7, epoch));
    expect(Array.from(first).sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(second).not.toEqual(first);
    expect(epochOrder(50, 7, 1)).toEqual(second);
  });
});

test("He's initialisation has variance 2/sources, and leaves biases at 0", () => {
  const [weights] = initialWeights({ sizes: [200, 100], biases: true }, 1);
  const synapses = weights.filter((_, i) => i % 201 < 200);
  const variance = synapses.reduce((sum, w) => sum + w * w, 0) / synapses.length;
  // The variance of a variance of n normal numbers is 2·σ⁴/n.
  expect(Math.abs(variance - 0.01)).toBeLessThan(5 * 0.01 * Math.sqrt(2 / synapses.length));
  expect(weights.filter((_, i) => i % 201 === 200)).toEqual(new Float32Array(100));
});

eachBackend((_, select) => {
  beforeAll(select);

  // Zero, or large enough for its square to exist in float32.
  const gradient = fc.integer({ min: -200, max: 200 }).map((hundredths) => hundredths / 100);
  const gradientsOf = fc.array(fc.tuple(gradient, gradient, gradient), { minLength: 1, maxLength: 5 });

  function run(optimiser: Optimiser, gradients: number[][], learningRate: number): Float32Array {
    const weight = tf.variable(tf.tensor1d([0.5, -1, 2]));
    for (const values of gradients) {
      const gradient = tf.tensor1d(values);
      optimiser.step([weight], [gradient], learningRate);
      gradient.dispose();
    }
    const result = Float32Array.from(weight.dataSync());
    weight.dispose();
    optimiser.dispose();
    return result;
  }

  test('gradient descent with momentum and decay follows its equation', () => {
    fc.assert(
      fc.property(gradientsOf, (gradients) => {
        const expected = [0.5, -1, 2].map((start, i) => {
          let [weight, velocity] = [start, 0];
          for (const values of gradients) {
            velocity = 0.9 * velocity + values[i];
            weight = weight * (1 - 0.1 * 0.01) - 0.1 * velocity;
          }
          return weight;
        });
        const found = run(sgd({ momentum: 0.9, weightDecay: 0.01 }), gradients, 0.1);
        expect(found).toBeAllclose(expected, { atol: 1e-5 });
      }),
      { numRuns: 20 },
    );
  });

  test('Adam follows algorithm 1 of its paper, with bias-corrected moments', () => {
    const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];
    fc.assert(
      fc.property(gradientsOf, (gradients) => {
        const expected = [0.5, -1, 2].map((start, i) => {
          let [weight, mean, square] = [start, 0, 0];
          gradients.forEach((values, step) => {
            const gradient = values[i];
            mean = beta1 * mean + (1 - beta1) * gradient;
            square = beta2 * square + (1 - beta2) * gradient ** 2;
            const corrected = mean / (1 - beta1 ** (step + 1));
            weight -= (0.01 * corrected) / (Math.sqrt(square / (1 - beta2 ** (step + 1))) + epsilon);
          });
          return weight;
        });
        const found = run(adam({ beta1, beta2, epsilon, weightDecay: 0 }), gradients, 0.01);
        expect(found).toBeAllclose(expected, { atol: 1e-5 });
      }),
      { numRuns: 20 },
    );
  });

  test('changes counted by tfjs ops are those counted in memory, over more steps than are kept on the device', async () => {
    const random = stream(1, 'test/changes');
    const weights = [tf.variable(tf.zeros<tf.Rank.R2>([3, 4])), tf.variable(tf.zeros<tf.Rank.R2>([2, 3]))];
    const recorders = [recordChanges(weights), recordOnDevice(weights)];
    for (let step = 0; step < 150; step++) {
      for (const weight of weights) {
        const next = Float32Array.from(weight.dataSync(), (w) =>
          random.uniform() < 0.5 ? w : random.normal() / 4,
        );
        tf.tidy(() => weight.assign(tf.tensor2d(next, weight.shape)));
      }
      for (const recorder of recorders) await recorder.note();
    }
    const [inMemory, onDevice] = await Promise.all(recorders.map((recorder) => recorder.finish()));
    expect(onDevice).toEqual(inMemory);
    expect(inMemory[0].steps).toBe(150);
    for (const recorder of recorders) recorder.dispose();
    tf.dispose(weights);
  });

  test('a change too large for the sums on the device is an error', async () => {
    const weight = tf.variable(tf.zeros<tf.Rank.R2>([1, 1]));
    const recorder = recordOnDevice([weight]);
    tf.tidy(() => weight.assign(tf.tensor2d([[3]])));
    await recorder.note();
    await expect(recorder.finish()).rejects.toThrow(RunError);
    recorder.dispose();
    weight.dispose();
  });
});
