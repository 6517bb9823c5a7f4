import { SYMBOLS } from '../../data/word-source.js';
import type { Batch } from '../batches.js';
import { digitsTask } from './digits.js';
import { teacherTask } from './teacher.js';
import { TEXT_INPUTS, textTask } from './text.js';

/** What a network shall learn. `seed` draws what is the same in every replicate: the teacher, the lexicon. */
export type TaskSpec =
  | { kind: 'teacher'; dimensions: number; seed: number }
  | { kind: 'text'; words: number; seed: number }
  | { kind: 'digits' };

/** Training examples, to be shown in any order. */
export interface Pool {
  readonly count: number;
  batch(indices: ArrayLike<number>): Batch;
}

/** A task with its examples drawn. Rows end with the 1 of the bias source. */
export interface Task {
  readonly inputs: number;
  readonly outputs: number;
  readonly loss: 'cross-entropy' | 'squared error';
  readonly train: Pool;
  /** On the first one chooses when to stop, on the second one reports. */
  readonly validation: Batch;
  readonly test: Batch;
}

/** Draws the training examples of a replicate, and what all replicates are tested on. */
export function makeTask(spec: TaskSpec, examples: number, seed: number): Task {
  switch (spec.kind) {
    case 'teacher':
      return teacherTask(spec, examples, seed);
    case 'text':
      return textTask(spec, examples, seed);
    case 'digits':
      return digitsTask(examples, seed);
  }
}

/** Inputs and outputs of a task, without drawing it. */
export function shapeOf(spec: TaskSpec): { inputs: number; outputs: number } {
  if (spec.kind === 'teacher') return { inputs: spec.dimensions, outputs: 1 };
  if (spec.kind === 'text') return { inputs: TEXT_INPUTS, outputs: SYMBOLS };
  return { inputs: 784, outputs: 10 };
}
