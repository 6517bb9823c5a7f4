import { TINY } from './index.js';

/** Values with those nearer to 0 than TINY set to 0; NaN stays. */
export function flushed(values: ArrayLike<number>): number[] {
  return Array.from(values, (x) => (Math.abs(x) < TINY ? 0 : x));
}
