import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { inferenceMacs, layerTraffic, layerWork, trainingMacs } from '../../src/baseline/macs.js';
import { forward, lossAndGradients } from '../../src/baseline/mlp.js';
import { adam, sgd } from '../../src/baseline/optimiser.js';
import { eachBackend } from '../each-backend.js';

const SIZES = [12, 7, 5, 3];
const BATCH = 6;

/**
 * MACs of the matrix products that tf.profile saw, by their shapes: [m, k]·[k, n] is m·k·n.
 * Throws at a product with a transpose flag, or one of other than two matrices: shapes alone would not tell.
 */
async function profiledMacs(run: () => unknown): Promise<number[]> {
  return (await profiledProducts(run)).map(({ a, b }) => a[0] * a[1] * b[1]);
}

interface Product {
  a: number[];
  b: number[];
  out: number[];
}

/** Shapes of the matrix products that tf.profile saw, in order. */
async function profiledProducts(run: () => unknown): Promise<Product[]> {
  const { kernels } = await tf.profile(() => {
    tf.dispose(run() as tf.TensorContainer);
  });
  return kernels
    .filter(({ name }) => name === 'BatchMatMul')
    .map(({ inputShapes, outputShapes }) => {
      const [a, b] = inputShapes.map((shape) => shape!.slice(-2));
      const out = outputShapes[0].slice(-2);
      expect([a[0], b[1], a[1]]).toEqual([out[0], out[1], b[0]]);
      return { a, b, out };
    });
}

/** Bytes of the three arrays of a product, in float32. */
const bytesOf = ({ a, b, out }: Product) => [a, b, out].reduce((sum, [m, n]) => sum + 4 * m * n, 0);

/** Operations of an optimiser on whole arrays, each one floating-point operation a number. */
const ELEMENTWISE = ['Add', 'AddV2', 'Sub', 'Multiply', 'RealDiv', 'Square', 'Sqrt'];

eachBackend((_, select) => {
  let weights: tf.Variable<tf.Rank.R2>[];
  beforeAll(async () => {
    await select();
    weights = SIZES.slice(1).map((targets, l) => tf.variable(tf.randomUniform([targets, SIZES[l]], -1, 1)));
  });

  test('forward MACs are those of the products that tfjs ran', async () => {
    const found = await profiledMacs(() =>
      tf.tidy(() => forward(weights, tf.ones([SIZES[0], BATCH])).logits),
    );
    expect(found).toEqual(layerWork(SIZES, BATCH, 'sgd').map((layer) => layer.forwardMacs));
    expect(found.reduce((a, b) => a + b)).toBe(BATCH * inferenceMacs(SIZES));
  });

  test('forward and backward MACs of a step are those of the products that tfjs ran', async () => {
    const found = await profiledMacs(() => {
      const { loss, gradients } = lossAndGradients(
        weights,
        tf.ones([BATCH, SIZES[0]]),
        tf.ones([SIZES[3], BATCH]),
      );
      return [loss, ...gradients];
    });
    expect(found.reduce((a, b) => a + b)).toBe(BATCH * trainingMacs(SIZES));
  });

  test('bytes of weights and activations are those of the arrays that tfjs multiplied', async () => {
    const counted = layerTraffic(SIZES, BATCH, 'sgd');
    const forwards = await profiledProducts(() =>
      tf.tidy(() => forward(weights, tf.ones([SIZES[0], BATCH])).logits),
    );
    expect(forwards.map(bytesOf)).toEqual(counted.map(({ forwardBytes }) => forwardBytes));
    const all = await profiledProducts(() => {
      const { loss, gradients } = lossAndGradients(
        weights,
        tf.ones([BATCH, SIZES[0]]),
        tf.ones([SIZES[3], BATCH]),
      );
      return [loss, ...gradients];
    });
    // Backwards from the last layer: its gradient, then, but in the first layer, the error of what came in. Both
    // products read the error of what went out, which the count holds once.
    const backwards = all.slice(counted.length);
    for (let l = counted.length - 1; l >= 0; l--) {
      const products = backwards.splice(0, l === 0 ? 1 : 2);
      const again = (products.length - 1) * counted[l].activationsOut;
      expect(products.reduce((sum, product) => sum + bytesOf(product), 0)).toBe(
        counted[l].backwardBytes + again,
      );
    }
    expect(backwards).toEqual([]);
  });

  const optimisers = () => ({
    sgd: sgd({ momentum: 0, weightDecay: 0 }),
    momentum: sgd({ momentum: 0.9, weightDecay: 0 }),
    adam: adam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 }),
  });

  test('updates and their operations are those that tfjs ran', async () => {
    const gradients = weights.map((weight) => tf.onesLike(weight));
    const kinds = optimisers();
    for (const kind of ['sgd', 'momentum', 'adam'] as const) {
      // The first step makes the state.
      kinds[kind].step(weights, gradients, 0.1);
      const before = weights.map((weight) => weight.dataSync());
      const { kernels } = await tf.profile(() => {
        kinds[kind].step(weights, gradients, 0.1);
      });
      const work = layerWork(SIZES, BATCH, kind);
      const total = (of: (layer: (typeof work)[number]) => number) =>
        work.reduce((sum, layer) => sum + of(layer), 0);
      const written = weights.map(
        (weight, l) => weight.dataSync().filter((value, n) => value !== before[l][n]).length,
      );
      expect(written.reduce((a, b) => a + b)).toBe(total(({ weightUpdates }) => weightUpdates));
      const flop = kernels
        .filter(({ name, outputShapes }) => ELEMENTWISE.includes(name) && outputShapes[0].length === 2)
        .reduce((sum, { outputShapes }) => sum + outputShapes[0][0] * outputShapes[0][1], 0);
      expect(flop).toBe(total(({ updateFlop }) => updateFlop));
      kinds[kind].dispose();
    }
    tf.dispose(gradients);
  });

  test('an optimiser keeps as many bytes as counted', () => {
    const gradients = weights.map((weight) => tf.onesLike(weight));
    const kinds = optimisers();
    for (const kind of ['sgd', 'momentum', 'adam'] as const) {
      const before = tf.memory().numBytes;
      kinds[kind].step(weights, gradients, 0.1);
      const counted = layerTraffic(SIZES, BATCH, kind).reduce((sum, layer) => sum + layer.optimiserState, 0);
      expect(tf.memory().numBytes - before).toBe(counted);
      kinds[kind].dispose();
      expect(tf.memory().numBytes).toBe(before);
    }
    tf.dispose(gradients);
  });
});

describe('closed forms', () => {
  test('784-350-10 has 277,900 synapses: as many MACs an inference, and 559,300 more backward', () => {
    expect(inferenceMacs([784, 350, 10])).toBe(784 * 350 + 350 * 10);
    expect(trainingMacs([784, 350, 10])).toBe(2 * 784 * 350 + 3 * 350 * 10);
  });

  test('traffic of one layer is its arrays, once each', () => {
    const [layer] = layerTraffic([3, 2], 5, 'adam');
    expect(layer).toEqual({
      weights: 24,
      activationsIn: 60,
      activationsOut: 40,
      optimiserState: 48,
      forwardBytes: 24 + 60 + 40,
      backwardBytes: 60 + 40 + 24,
      updateBytes: 3 * 24 + 2 * 48,
    });
  });
});
