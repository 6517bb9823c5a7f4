import '@tensorflow/tfjs-layers';
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, expect, test } from 'vitest';
import { convValues } from '../../src/baseline/convnet.js';
import { convLayers, convLogits, convMacs, convolve, SMALL_CONV } from '../../src/baseline/convolution.js';
import { FusedAdam, softmaxCrossEntropy } from '../../src/engine/tensor/index.js';
import { eachBackend } from '../each-backend.js';

const SHAPE = { side: 16, filters: [3, 4], size: 5, classes: 3 } as const;

const weightsOf = () =>
  convLayers(SHAPE).map(({ sources, targets }, l) =>
    tf.randomNormal<tf.Rank.R2>([sources, targets], 0, Math.sqrt(2 / sources), 'float32', l + 1),
  );

eachBackend((backend, select) => {
  beforeEach(select);

  test('a convolution as a product is that of tfjs', () => {
    tf.tidy(() => {
      const input = tf.randomNormal<tf.Rank.R4>([2, 7, 6, 3], 0, 1, 'float32', 1);
      const filters = tf.randomNormal<tf.Rank.R2>([27, 4], 0, 1, 'float32', 2);
      const expected = tf.conv2d(input, tf.reshape(filters, [3, 3, 3, 4]) as tf.Tensor4D, 1, 'valid');
      const found = convolve(input, filters, 3);
      expect(found.shape).toEqual(expected.shape);
      expect(found.dataSync()).toBeAllclose(expected.dataSync() as Float32Array, { rtol: 1e-4, atol: 1e-5 });
    });
  });

  test('gradients of the network equal finite differences', () => {
    tf.tidy(() => {
      const images = tf.randomUniform<tf.Rank.R4>([2, 16, 16, 1], 0, 1, 'float32', 3);
      const labels = tf.tensor2d([
        [1, 0, 0],
        [0, 0, 1],
      ]);
      const weights = weightsOf();
      const loss = (...of: tf.Tensor[]) =>
        softmaxCrossEntropy(labels, convLogits(SHAPE, of as tf.Tensor2D[], images));
      const gradients = tf.grads(loss)(weights);
      // Along the gradient the loss rises by h·|g|², to second order: rounding and kinks stay below.
      gradients.forEach((gradient, l) => {
        const square = tf.sum(tf.square(gradient)).dataSync()[0];
        const at = (h: number) =>
          loss(...weights.map((w, n) => (n === l ? tf.add(w, tf.mul(gradient, h)) : w))).dataSync()[0];
        const h = 0.02 / Math.sqrt(square);
        expect((at(h) - at(-h)) / (2 * h) / square).toBeCloseTo(1, 1);
      });
    });
  });

  test('MACs counted on paper are those of the products that tfjs ran', async () => {
    const macs = async (run: () => tf.TensorContainer) => {
      const { kernels } = await tf.profile(() => {
        tf.dispose(tf.tidy(run as () => tf.Tensor[]));
      });
      return kernels
        .filter(({ name }) => name === 'BatchMatMul' || name === '_FusedMatMul')
        .reduce((sum, { inputShapes }) => {
          const [a, b] = inputShapes.map((shape) => shape!.slice(-2));
          expect(a[1]).toBe(b[0]);
          return sum + a[0] * a[1] * b[1];
        }, 0);
    };
    const weights = weightsOf();
    const images = tf.randomUniform<tf.Rank.R4>([2, 16, 16, 1], 0, 1, 'float32', 3);
    const { forward, backward } = convMacs(SHAPE);
    expect(await macs(() => convLogits(SHAPE, weights, images))).toBe(2 * forward);
    const all = await macs(() => {
      const loss = (...of: tf.Tensor[]) =>
        tf.sum(convLogits(SHAPE, of as tf.Tensor2D[], images)) as tf.Scalar;
      return tf.grads(loss)(weights);
    });
    expect(all).toBe(2 * (forward + backward));
    tf.dispose([...weights, images]);
  });

  // TensorFlow composes what is one kernel elsewhere, so that its inputs are not seen.
  test.skipIf(backend === 'tensorflow')(
    'values counted on paper are those of the arrays that came in and went out',
    async () => {
      const weights = weightsOf();
      const images = tf.randomUniform<tf.Rank.R4>([2, 16, 16, 1], 0, 1, 'float32', 3);
      const { kernels } = await tf.profile(() => {
        convLogits(SHAPE, weights, images).dispose();
      });
      const sizes = (name: string, of: 'inputShapes' | 'outputShapes') =>
        kernels
          .filter((kernel) => kernel.name === name)
          .map((kernel) => tf.util.sizeFromShape(kernel[of][0]!));
      const values = convValues(SHAPE);
      expect([
        ...sizes('FemtospikePatches', 'inputShapes'),
        sizes('BatchMatMul', 'inputShapes').at(-1),
      ]).toEqual(values.map((layer) => 2 * layer.in));
      expect(sizes('BatchMatMul', 'outputShapes')).toEqual(values.map((layer) => 2 * layer.out));
      tf.dispose([...weights, images]);
    },
  );

  test('it learns bars across from bars down, and leaves no tensor', () => {
    const before = tf.memory().numTensors;
    const pixels = new Float32Array(16 * 16 * 16);
    for (let s = 0; s < 16; s++) {
      for (let n = 0; n < 16; n++) {
        const line = 2 + (s % 12);
        pixels[s * 256 + (s % 2 === 0 ? line * 16 + n : n * 16 + line)] = 1;
      }
    }
    const images = tf.tensor4d(pixels, [16, 16, 16, 1]);
    const labels = tf.tensor2d(Array.from({ length: 16 }, (_, s) => (s % 2 === 0 ? [1, 0, 0] : [0, 1, 0])));
    const weights = tf.tidy(() => weightsOf().map((w) => tf.variable(w)));
    const optimiser = new FusedAdam(0.01);
    const step = () => {
      const loss = optimiser.minimize(
        () => softmaxCrossEntropy(labels, convLogits(SHAPE, weights as tf.Tensor[] as tf.Tensor2D[], images)),
        true,
        weights,
      )!;
      const [value] = loss.dataSync();
      loss.dispose();
      return value;
    };
    const first = step();
    let last = first;
    for (let n = 0; n < 25; n++) last = step();
    expect(last).toBeLessThan(0.6 * first);
    optimiser.dispose();
    tf.dispose([images, labels, ...weights]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('the small network of 28 × 28 pixels has 242,560 MACs', () => {
  expect(convMacs(SMALL_CONV).forward).toBe(24 ** 2 * 25 * 6 + 8 ** 2 * 150 * 16 + 256 * 10);
});
