import { type ImageData, subset, take } from '../../data/images.js';
import { loadMnist } from '../../data/mnist.js';
import { makeBatch } from '../batches.js';
import type { Task } from './task.js';

const VALIDATION_DIGITS = 1000;
/** Enough for a mean loss; all 10,000 would take as long as the training. */
const TEST_DIGITS = 5000;
const OPTIONS = { classes: 10, biases: true };

/** The digits are read once a thread. */
let mnist: ImageData | undefined;

/** Handwritten digits of MNIST; validation digits are set apart from the training set. */
export function digitsTask(examples: number, seed: number): Task {
  mnist ??= loadMnist();
  const { train, test, pixels } = mnist;
  const order = subset(train, examples + VALIDATION_DIGITS, seed);
  const all = (count: number, from = 0) => Uint32Array.from({ length: count }, (_, i) => from + i);
  const learned = take(order, all(examples, VALIDATION_DIGITS));
  return {
    inputs: pixels,
    outputs: OPTIONS.classes,
    loss: 'cross-entropy',
    train: { count: examples, batch: (indices) => makeBatch(learned, indices, OPTIONS) },
    validation: makeBatch(order, all(VALIDATION_DIGITS), OPTIONS),
    test: makeBatch(test, all(TEST_DIGITS), OPTIONS),
  };
}
