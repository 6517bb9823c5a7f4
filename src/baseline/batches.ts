import type { FeatureSet, ImageSet } from '../data/images.js';
import { type Stream, stream } from '../util/rng.js';

/** What a dense network can be shown: images (their bytes are scaled to 0 … 1) or features as they are. */
export type DenseSet = ImageSet | FeatureSet;

/** Samples as rows of numbers, with the class wanted of each, one-hot. */
export interface Batch {
  /** [count, width]; where the network has biases the last column is 1. */
  rows: Float32Array;
  /** [classes, count]. */
  targets: Float32Array;
  count: number;
}

export interface BatchOptions {
  classes: number;
  /** Whether each row ends with the constant 1 of the bias source. */
  biases: boolean;
  /** Share of the inputs set to 0 at random; the others are scaled by 1/(1 - inputDropout). Default 0. */
  inputDropout?: number;
}

/** Order in which the samples are shown in an epoch (0 is the first). */
export function epochOrder(count: number, seed: number | string, epoch: number): Uint32Array {
  return stream(seed, `dense/order/${epoch}`).permutation(count);
}

/**
 * The samples with the given indices as one batch.
 *
 * @param dropout source of the dropout; without one nothing is dropped
 */
export function makeBatch(
  set: DenseSet,
  indices: ArrayLike<number>,
  { classes, biases, inputDropout = 0 }: BatchOptions,
  dropout?: Stream,
): Batch {
  const [values, scale] = 'images' in set ? [set.images, 1 / 255] : [set.features, 1];
  const features = values.length / set.count;
  const width = features + (biases ? 1 : 0);
  const count = indices.length;
  const rows = new Float32Array(count * width);
  const targets = new Float32Array(classes * count);
  for (let s = 0; s < count; s++) {
    const from = indices[s] * features;
    const to = s * width;
    for (let i = 0; i < features; i++) rows[to + i] = values[from + i] * scale;
    if (dropout && inputDropout > 0) drop(rows.subarray(to, to + features), inputDropout, dropout);
    if (biases) rows[to + features] = 1;
    targets[set.labels[indices[s]] * count + s] = 1;
  }
  return { rows, targets, count };
}

/** Zeroes each value with probability `share` and scales the rest, so that the expected sum stays (in place). */
function drop(row: Float32Array, share: number, random: Stream): void {
  const scale = 1 / (1 - share);
  for (let i = 0; i < row.length; i++) {
    // A zero stays zero, dropped or not: no random number is spent on it.
    if (row[i] !== 0) row[i] = random.uniform() < share ? 0 : row[i] * scale;
  }
}
