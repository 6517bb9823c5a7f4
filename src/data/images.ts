import { stream } from '../util/rng.js';

/** Grey-scale images with class labels; the row-major pixels of image i start at i·pixels. */
export interface ImageSet {
  /** count × pixels, 0 to 255. */
  images: Uint8Array;
  /** One class index an image. */
  labels: Uint8Array;
  count: number;
}

/** Samples of real-valued features with class labels; the features of sample i start at i·(features.length/count). */
export interface FeatureSet {
  features: Float32Array;
  /** One class index a sample. */
  labels: Uint8Array;
  count: number;
}

/** A data set of images, split as its publishers split it. */
export interface ImageData {
  name: string;
  rows: number;
  columns: number;
  /** rows·columns. */
  pixels: number;
  classes: number;
  train: ImageSet;
  test: ImageSet;
}

/** The images with the given indices, in that order (copied). */
export function take(set: ImageSet, indices: ArrayLike<number>): ImageSet {
  const pixels = set.images.length / set.count;
  const images = new Uint8Array(indices.length * pixels);
  const labels = new Uint8Array(indices.length);
  for (let i = 0; i < indices.length; i++) {
    const from = indices[i] * pixels;
    images.set(set.images.subarray(from, from + pixels), i * pixels);
    labels[i] = set.labels[indices[i]];
  }
  return { images, labels, count: indices.length };
}

/**
 * `n` images drawn without replacement, the classes balanced: any two classes differ by at most one image, as
 * long as neither runs out. The order is random, every prefix is balanced too, and with the same seed a smaller
 * subset is a prefix of a larger one, so that learning curves are nested.
 *
 * @param n number of images, 1 to set.count
 */
export function subset(set: ImageSet, n: number, seed: number | string): ImageSet {
  if (!Number.isInteger(n) || n < 1 || n > set.count) {
    throw new RangeError(`subset of ${n} images: expected a whole number from 1 to ${set.count}`);
  }
  const rounds: number[][] = [];
  const seenOfClass = new Map<number, number>();
  for (const index of stream(seed, 'data/subset').permutation(set.count)) {
    const round = seenOfClass.get(set.labels[index]) ?? 0;
    seenOfClass.set(set.labels[index], round + 1);
    rounds[round] ??= [];
    rounds[round].push(index);
  }
  return take(set, rounds.flat().slice(0, n));
}
