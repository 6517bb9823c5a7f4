import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { selectBackend } from '../../src/baseline/backend.js';
import { filterGradient } from '../../src/baseline/backends/filter-gradient.js';
import { stream } from '../../src/util/rng.js';

const cases = fc.record({
  batch: fc.integer({ min: 1, max: 2 }),
  height: fc.integer({ min: 3, max: 7 }),
  width: fc.integer({ min: 3, max: 7 }),
  channels: fc.integer({ min: 1, max: 3 }),
  filters: fc.integer({ min: 1, max: 3 }),
  kh: fc.integer({ min: 1, max: 3 }),
  kw: fc.integer({ min: 1, max: 3 }),
  strideY: fc.integer({ min: 1, max: 2 }),
  strideX: fc.integer({ min: 1, max: 2 }),
  pad: fc.constantFrom('same' as const, 'valid' as const),
  seed: fc.nat(),
});

type Case = typeof cases extends fc.Arbitrary<infer Value> ? Value : never;

test("the gradient of a convolution by its filter, on wasm, is that of tfjs's cpu backend, and leaves no tensor", async () => {
  const on = async (backend: 'cpu' | 'wasm', given: Case) => {
    await selectBackend(backend);
    const { batch, height, width, channels, filters, kh, kw, strideY, strideX, pad, seed } = given;
    const before = tf.memory().numTensors;
    const values = tf.tidy(() => {
      const { normal } = stream(seed, 'convolution');
      const draw = (shape: [number, number, number, number]) =>
        tf.tensor4d(Float32Array.from({ length: tf.util.sizeFromShape(shape) }, normal), shape);
      const input = draw([batch, height, width, channels]);
      const filter = draw([kh, kw, channels, filters]);
      const out = tf.conv2d(input, filter, [strideY, strideX], pad);
      const error = draw(out.shape);
      const loss = (f: tf.Tensor) =>
        tf.sum(tf.mul(tf.conv2d(input, f as tf.Tensor4D, [strideY, strideX], pad), error));
      return tf.grad(loss)(filter).dataSync();
    });
    expect(tf.memory().numTensors).toBe(before);
    return values;
  };
  await fc.assert(
    fc.asyncProperty(cases, async (given) => {
      const expected = await on('cpu', given);
      expect(await on('wasm', given)).toBeAllclose(expected, { rtol: 1e-4, atol: 1e-4 });
    }),
    { numRuns: 20 },
  );
});

test('it equals its definition, written as sums', async () => {
  await selectBackend('cpu');
  tf.tidy(() => {
    const input = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
    const error = tf.tensor4d([1, 10, 100, 1000], [1, 2, 2, 1]);
    const how = { strides: 1, pad: 'valid', filterShape: [2, 2, 1, 1] } as const;
    const gradient = filterGradient(input, error, { ...how, filterShape: [2, 2, 1, 1] });
    const sums = [1 + 20 + 400 + 5000, 2 + 30 + 500 + 6000, 4 + 50 + 700 + 8000, 5 + 60 + 800 + 9000];
    expect(Array.from(gradient.dataSync())).toEqual(sums);
  });
});
