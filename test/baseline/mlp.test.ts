import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { initialWeights, layerShapes, lossAndGradients, type MlpShape } from '../../src/baseline/mlp.js';
import { stream } from '../../src/util/rng.js';
import { eachBackend } from '../each-backend.js';

const COUNT = 5;

/** Rows with a bias column if wanted, and one-hot targets, of a random batch. */
function randomBatch({ sizes, biases }: MlpShape) {
  const random = stream(3, 'test/mlp');
  const width = sizes[0] + (biases ? 1 : 0);
  const rows = Float32Array.from({ length: COUNT * width }, (_, i) =>
    biases && i % width === sizes[0] ? 1 : random.normal(),
  );
  const classes = sizes.at(-1)!;
  const targets = new Float32Array(classes * COUNT);
  for (let s = 0; s < COUNT; s++) targets[random.integer(classes) * COUNT + s] = 1;
  return { rows, targets, width, classes };
}

/** The same loss in plain float64, sample by sample. */
function referenceLoss(shape: MlpShape, weights: ArrayLike<number>[], batch: ReturnType<typeof randomBatch>) {
  const shapes = layerShapes(shape);
  let sum = 0;
  for (let s = 0; s < COUNT; s++) {
    let activity = Array.from(batch.rows.subarray(s * batch.width, (s + 1) * batch.width));
    shapes.forEach(({ sources, targets }, l) => {
      if (activity.length < sources) activity.push(1);
      const sums = Array.from({ length: targets }, (_, j) =>
        activity.reduce((total, value, i) => total + weights[l][j * sources + i] * value, 0),
      );
      activity = l === shapes.length - 1 ? sums : sums.map((value) => Math.max(0, value));
    });
    const partition = activity.reduce((total, value) => total + Math.exp(value), 0);
    const wanted = activity.findIndex((_, c) => batch.targets[c * COUNT + s] === 1);
    sum -= activity[wanted] - Math.log(partition);
  }
  return sum / COUNT;
}

eachBackend((_, select) => {
  beforeAll(select);

  describe.each<MlpShape>([
    { sizes: [6, 3], biases: false },
    { sizes: [6, 7, 4], biases: false },
    { sizes: [5, 6, 4, 3], biases: false },
    { sizes: [5, 6, 4, 3], biases: true },
  ])('network $sizes, biases $biases', (shape) => {
    const batch = randomBatch(shape);
    const weights = initialWeights(shape, 1);
    // Away from 0, so that a forgotten bias would show.
    if (shape.biases) for (const layer of weights) layer.set(layer.map((value) => value + 0.05));

    function evaluate() {
      return tf.tidy(() => {
        const tensors = weights.map((w, l) => {
          const { sources, targets } = layerShapes(shape)[l];
          return tf.tensor2d(w, [targets, sources]);
        });
        const { loss, gradients } = lossAndGradients(
          tensors,
          tf.tensor2d(batch.rows, [COUNT, batch.width]),
          tf.tensor2d(batch.targets, [batch.classes, COUNT]),
        );
        return { loss: loss.dataSync()[0], gradients: gradients.map((g) => Float32Array.from(g.dataSync())) };
      });
    }

    test('loss equals a plain float64 one', () => {
      expect(evaluate().loss).toBeCloseTo(referenceLoss(shape, weights, batch), 5);
    });

    test('gradients equal finite differences of the float64 loss', () => {
      const { gradients } = evaluate();
      const step = 1e-5;
      const exact = weights.map((w) => Float64Array.from(w));
      gradients.forEach((gradient, l) => {
        const differences = exact[l].map((value, i) => {
          exact[l][i] = value + step;
          const above = referenceLoss(shape, exact, batch);
          exact[l][i] = value - step;
          const below = referenceLoss(shape, exact, batch);
          exact[l][i] = value;
          return (above - below) / (2 * step);
        });
        expect(gradient).toBeAllclose(differences, { rtol: 1e-3, atol: 1e-6 });
      });
    });

    test('no tensor is left behind but those returned', () => {
      evaluate();
      const before = tf.memory().numTensors;
      evaluate();
      expect(tf.memory().numTensors).toBe(before);
    });
  });
});
