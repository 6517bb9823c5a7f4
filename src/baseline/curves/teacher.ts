import { smoothTeacher, type Teacher } from '../../scaling/resolution.js';
import { type Stream, stream } from '../../util/rng.js';
import type { Batch } from '../batches.js';
import type { Task } from './task.js';

const VALIDATION_POINTS = 2000;
const TEST_POINTS = 4000;
/** So many waves that no few directions matter alone, as long as each coordinate sees about a quarter of a period. */
const WAVES = 32;
const wavenumber = (dimensions: number) => (Math.PI / 2) * Math.sqrt(dimensions);

/** A network that learns to be another function: smooth, without noise, of points in a cube. The floor is zero. */
export function teacherTask(
  { dimensions, seed: taskSeed }: { dimensions: number; seed: number },
  examples: number,
  seed: number,
): Task {
  const random = stream(taskSeed, `teacher in ${dimensions}`);
  const teacher = smoothTeacher(dimensions, random, WAVES, wavenumber(dimensions));
  const train = points(teacher, examples, dimensions, stream(seed, `examples in ${dimensions}`));
  const held = (count: number, name: string) =>
    points(teacher, count, dimensions, stream(taskSeed, `${name} in ${dimensions}`));
  return {
    inputs: dimensions,
    outputs: 1,
    loss: 'squared error',
    train: { count: examples, batch: (indices) => pick(train, indices) },
    validation: held(VALIDATION_POINTS, 'validation'),
    test: held(TEST_POINTS, 'test'),
  };
}

/** Points drawn evenly; the network sees coordinates of mean 0 and variance 1. */
function points(teacher: Teacher, count: number, dimensions: number, random: Stream): Batch {
  const width = dimensions + 1;
  const rows = new Float32Array(count * width);
  const targets = new Float32Array(count);
  const x = new Float64Array(dimensions);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < dimensions; j++) {
      x[j] = random.uniform();
      rows[i * width + j] = Math.sqrt(12) * (x[j] - 0.5);
    }
    rows[i * width + dimensions] = 1;
    targets[i] = teacher(x);
  }
  return { rows, targets, count };
}

function pick(from: Batch, indices: ArrayLike<number>): Batch {
  const width = from.rows.length / from.count;
  const rows = new Float32Array(indices.length * width);
  const targets = new Float32Array(indices.length);
  for (let s = 0; s < indices.length; s++) {
    rows.set(from.rows.subarray(indices[s] * width, (indices[s] + 1) * width), s * width);
    targets[s] = from.targets[indices[s]];
  }
  return { rows, targets, count: indices.length };
}
