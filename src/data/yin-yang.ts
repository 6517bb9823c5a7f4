import { stream } from '../util/rng.js';
import type { FeatureSet } from './images.js';

/** Classes of the Yin-Yang data set. */
export const YIN_YANG_CLASSES = ['yin', 'yang', 'dot'] as const;

export interface YinYangOptions {
  /** Radius of the large disc. Default 0.5. */
  radiusBig?: number;
  /** Radius of the two dots. Default 0.1. */
  radiusSmall?: number;
}

/**
 * The Yin-Yang data set: points (x, y) of a disc with the yin-yang sign, given as four features x, y, 1-x, 1-y (all
 * in 0 … 1, the disc's centre at 0.5) and three classes (0 yin, 1 yang, 2 dot). The class of each sample is drawn
 * first, evenly, and then points until one is of that class: the classes are balanced in expectation.
 *
 * Kriener, Göltz & Petrovici (2022), "The Yin-Yang dataset", doi:10.1145/3517343.3517380. The publishers' sizes
 * are 5,000 samples to train on, 1,000 to validate, 1,000 to test; give each a seed or name of its own.
 */
export function yinYang(
  count: number,
  seed: number | string,
  { radiusBig = 0.5, radiusSmall = 0.1 }: YinYangOptions = {},
): FeatureSet {
  const random = stream(seed, 'data/yin-yang');
  const features = new Float32Array(4 * count);
  const labels = new Uint8Array(count);
  for (let s = 0; s < count; s++) {
    const wanted = random.integer(3);
    let x: number;
    let y: number;
    do {
      x = 2 * radiusBig * random.uniform();
      y = 2 * radiusBig * random.uniform();
    } while (
      Math.hypot(x - radiusBig, y - radiusBig) > radiusBig ||
      yinYangClass(x, y, radiusBig, radiusSmall) !== wanted
    );
    features.set([x, y, 1 - x, 1 - y], 4 * s);
    labels[s] = wanted;
  }
  return { features, labels, count };
}

/**
 * Class of a point of the disc of radius R around (R, R). A dot lies within `radiusSmall` of the middle of the left
 * or right half of the horizontal axis. Around these two points lie discs of radius R/2, the bulges: yin is the
 * upper half without the right bulge, and with the left one; yang is the rest.
 */
export function yinYangClass(x: number, y: number, radiusBig = 0.5, radiusSmall = 0.1): 0 | 1 | 2 {
  const toLeft = Math.hypot(x - 0.5 * radiusBig, y - radiusBig);
  const toRight = Math.hypot(x - 1.5 * radiusBig, y - radiusBig);
  if (Math.min(toLeft, toRight) < radiusSmall) return 2;
  const bulge = 0.5 * radiusBig;
  const isYin = toLeft <= bulge || (y > radiusBig && toRight > bulge);
  return isYin ? 0 : 1;
}
