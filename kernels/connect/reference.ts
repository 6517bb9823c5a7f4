/** A distribution of weights, delays or initial values, clipped to [low, high]. */
export interface Distribution {
  kind: 'constant' | 'uniform' | 'normal' | 'log-normal';
  /** Value; lower end; mean; mean of the logarithm. */
  a: number;
  /** Not used; upper end; standard deviation; that of the logarithm. */
  b: number;
  low: number;
  high: number;
}

/** The value that `distribution` has for a random word of 32 bits. */
export function drawFrom({ kind, a, b, low, high }: Distribution, word: number): number {
  const u = (word + 0.5) * 2 ** -32;
  let value = a;
  if (kind === 'uniform') value = a + (b - a) * u;
  else if (kind === 'normal') value = a + b * inverseNormal(u);
  else if (kind === 'log-normal') value = Math.exp(a + b * inverseNormal(u));
  return Math.min(Math.max(value, low), high);
}

/** No standard normal drawn from a word of 32 bits is further from 0. */
export const LARGEST_NORMAL = 6.4;

/**
 * Standard normal from a uniform, by the inverse of its distribution: Wichura 1988, algorithm AS 241, PPND7
 * (doi:10.2307/2347330), right to seven digits.
 */
export function inverseNormal(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (
      (q * (((59.10937472 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179)) /
      (((67.1875636 * r + 78.757757664) * r + 17.895169469) * r + 1)
    );
  }
  let r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  let value: number;
  if (r <= 5) {
    r -= 1.6;
    value =
      (((0.17023821103 * r + 1.3067284816) * r + 2.75681539) * r + 1.4234372777) /
      ((0.12021132975 * r + 0.7370016425) * r + 1);
  } else {
    r -= 5;
    value =
      (((0.017337203997 * r + 0.42868294337) * r + 3.081226386) * r + 6.657905115) /
      ((0.012258202635 * r + 0.24197894225) * r + 1);
  }
  return q < 0 ? -value : value;
}
