import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { shownIn } from '../../experiments/dense-scaling/plan.js';
import { selectBackend } from '../../src/baseline/backend.js';
import work, { type CurveJob } from '../../src/baseline/curves/job.js';
import { makeTask, shapeOf, type TaskSpec } from '../../src/baseline/curves/task.js';
import { bestLook, trainCurve } from '../../src/baseline/curves/train.js';
import { initialWeights, lossAndGradients, squaredError } from '../../src/baseline/mlp.js';

beforeAll(() => selectBackend('wasm'));

const TEACHER: TaskSpec = { kind: 'teacher', dimensions: 3, seed: 1 };
const TEXT: TaskSpec = { kind: 'text', words: 30, seed: 1 };

test('the gradient of the squared error is that of finite differences', async () => {
  await selectBackend('cpu');
  const shape = { sizes: [3, 5, 2], biases: true };
  const initial = initialWeights(shape, 1);
  const rows = Float32Array.from({ length: 4 * 4 }, (_, i) => (i % 4 === 3 ? 1 : Math.sin(1 + i)));
  const wanted = Float32Array.from({ length: 2 * 4 }, (_, i) => Math.cos(i));
  const at = (weights: readonly Float32Array[]) => {
    const tensors = [tf.tensor2d(weights[0], [5, 4]), tf.tensor2d(weights[1], [2, 6])];
    const { loss, gradients } = lossAndGradients(
      tensors,
      tf.tensor2d(rows, [4, 4]),
      tf.tensor2d(wanted, [2, 4]),
      { loss: squaredError },
    );
    return { loss: loss.dataSync()[0], gradients: gradients.map((gradient) => gradient.dataSync()) };
  };
  const { gradients } = at(initial);
  const h = 1e-2;
  for (const l of [0, 1]) {
    const numeric = initial[l].map((_, i) => {
      const moved = (by: number) =>
        at(initial.map((w, k) => (k === l ? w.map((value, j) => (j === i ? value + by : value)) : w))).loss;
      return (moved(h) - moved(-h)) / (2 * h);
    });
    // float32, and a parabola in each weight as long as no unit changes sides.
    expect(numeric).toBeAllclose(gradients[l], { rtol: 2e-2, atol: 2e-3 });
  }
  await selectBackend('wasm');
});

test.each([TEACHER, TEXT])(
  '$kind: held-out samples are the same in every replicate, examples are not',
  (spec) => {
    const [one, two] = [1, 2].map((seed) => makeTask(spec, 50, seed));
    expect(one.test).toEqual(two.test);
    expect(one.validation.rows).not.toEqual(one.test.rows.subarray(0, one.validation.rows.length));
    expect(one.train.batch([0, 1, 2, 3, 4, 5, 6, 7])).not.toEqual(two.train.batch([0, 1, 2, 3, 4, 5, 6, 7]));
    const { inputs, outputs } = shapeOf(spec);
    expect([one.inputs, one.outputs]).toEqual([inputs, outputs]);
    expect(one.test.rows.length).toBe(one.test.count * (inputs + 1));
    expect(one.test.targets.length).toBe(one.test.count * outputs);
  },
);

test('a student comes nearer to its teacher, the same way each time, and leaves no tensor behind', async () => {
  const settings = { hidden: [12, 12], steps: 200, batch: 32, learningRate: 0.01, evaluations: 4, seed: 3 };
  const before = tf.memory().numTensors;
  const looks = await trainCurve(makeTask(TEACHER, 500, 3), settings);
  expect(tf.memory().numTensors).toBe(before);
  expect(looks.map(({ step }) => step)).toEqual([50, 100, 150, 200]);
  expect(looks[3].test).toBeLessThan(looks[0].test);
  expect(await trainCurve(makeTask(TEACHER, 500, 3), settings)).toEqual(looks);
});

test('a character model approaches the entropy rate from above', async () => {
  const job: CurveJob = {
    task: TEXT,
    examples: 20_000,
    hidden: [32],
    steps: 300,
    batch: 64,
    learningRate: 0.01,
    evaluations: 3,
    seed: 1,
    backend: 'wasm',
  };
  const { best, last } = await work(job);
  // The loss is given above the floor: it is a divergence, and cannot be negative.
  expect(best.test).toBeGreaterThan(0);
  expect(best.test).toBeLessThan(0.4);
  expect(last.step).toBe(300);
});

test('one stops where validation is best', () => {
  const look = (step: number, validation: number) => ({ step, validation, test: 0 });
  expect(bestLook([look(1, 3), look(2, 1), look(3, 2)]).step).toBe(2);
});

test('examples shown are counted batch by batch', () => {
  expect(shownIn({ steps: 10, examples: 64 })).toBe(640);
  // 300 examples: batches of 128, 128 and 44.
  expect(shownIn({ steps: 3, examples: 300 })).toBe(300);
  expect(shownIn({ steps: 5, examples: 300 })).toBe(556);
  expect(shownIn({ steps: 7, examples: 7 * 128 })).toBe(7 * 128);
});
