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
  /** Share of the inputs set to 0 at random; the others are scaled by 1/(1 - inputDropout). */
  inputDropout: number;
}

/** Numbers of a set, and the factor that brings them to 0 … 1. */
export function inputsOf(set: DenseSet): { values: Uint8Array | Float32Array; scale: number } {
  return 'images' in set ? { values: set.images, scale: 1 / 255 } : { values: set.features, scale: 1 };
}

/** Order in which the samples are shown in an epoch (0 is the first). */
export function epochOrder(count: number, seed: number | string, epoch: number): Uint32Array {
  return stream(seed, `dense/order/${epoch}`).permutation(count);
}

/**
 * The samples with the given indices as one batch.
 *
 * @param random source of the dropout; not touched without dropout
 */
export function makeBatch(
  set: DenseSet,
  indices: ArrayLike<number>,
  options: BatchOptions,
  random: Stream,
): Batch {
  const { values, scale } = inputsOf(set);
  const features = values.length / set.count;
  const width = features + (options.biases ? 1 : 0);
  const count = indices.length;
  const rows = new Float32Array(count * width);
  const targets = new Float32Array(options.classes * count);
  const kept = 1 - options.inputDropout;
  const keptScale = scale / kept;
  for (let s = 0; s < count; s++) {
    const from = indices[s] * features;
    const to = s * width;
    if (kept === 1) {
      for (let i = 0; i < features; i++) rows[to + i] = values[from + i] * scale;
    } else {
      for (let i = 0; i < features; i++) {
        const value = values[from + i];
        // A zero stays zero, dropped or not: no random number is spent on it.
        if (value !== 0 && random.uniform() < kept) rows[to + i] = value * keptScale;
      }
    }
    if (options.biases) rows[to + features] = 1;
    targets[set.labels[indices[s]] * count + s] = 1;
  }
  return { rows, targets, count };
}
