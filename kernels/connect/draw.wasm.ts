/** Values of weights and delays from random words. */
import { exponential, ln } from './math.wasm';

/** Uniform in (0, 1) from a random word. */
// @ts-ignore: decorator
@inline
export function unit(word: u32): f64 {
  return (<f64>word + 0.5) * 2.3283064365386963e-10;
}

/**
 * Standard normal from a uniform, by the inverse of its distribution: Wichura 1988, algorithm AS 241, PPND7
 * (doi:10.2307/2347330), right to seven digits.
 */
export function inverseNormal(p: f64): f64 {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (
      (q * (((59.109374720 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179)) /
      (((67.187563600 * r + 78.757757664) * r + 17.895169469) * r + 1.0)
    );
  }
  let r = Math.sqrt(-ln(q < 0 ? p : 1.0 - p));
  let value: f64;
  if (r <= 5.0) {
    r -= 1.6;
    value =
      (((0.17023821103 * r + 1.3067284816) * r + 2.7568153900) * r + 1.4234372777) /
      ((0.12021132975 * r + 0.73700164250) * r + 1.0);
  } else {
    r -= 5.0;
    value =
      (((0.017337203997 * r + 0.42868294337) * r + 3.0812263860) * r + 6.6579051150) /
      ((0.012258202635 * r + 0.24197894225) * r + 1.0);
  }
  return q < 0 ? -value : value;
}

export const CONSTANT = 0;
export const UNIFORM = 1;
export const NORMAL = 2;
export const LOG_NORMAL = 3;

/** A distribution with its two parameters, clipped to [low, high]. */
@unmanaged
export class Distribution {
  kind: i32;
  unused: i32;
  a: f64;
  b: f64;
  low: f64;
  high: f64;
}

/** A draw from `distribution`: constant a; uniform in [a, b); normal with mean a, sd b; e^normal(a, b). */
// @ts-ignore: decorator
@inline
export function drawFrom(distribution: Distribution, word: u32): f64 {
  const kind = distribution.kind;
  let value = distribution.a;
  if (kind == UNIFORM) value += (distribution.b - value) * unit(word);
  else if (kind == NORMAL) value += distribution.b * inverseNormal(unit(word));
  else if (kind == LOG_NORMAL) value = exponential(value + distribution.b * inverseNormal(unit(word)));
  return Math.min(Math.max(value, distribution.low), distribution.high);
}
