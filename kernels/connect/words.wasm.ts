/** The random words of a projection: streams by what they are for, so that every draw can be repeated anywhere. */
import { philoxX4 } from '../random/philox.wasm';

export const SOURCE: u32 = 0;
export const WEIGHT: u32 = 1;
export const DELAY: u32 = 2;
export const TARGET: u32 = 3;
export const ACCEPT: u32 = 4;

/** Sixteen random words for the draws 16·block … of neuron `neuron`. */
// @ts-ignore: decorator
@inline
export function drawWords(key0: u32, key1: u32, purpose: u32, neuron: u32, block: u32, out: usize): void {
  const c0 = i32x4.add(i32x4.splat(4 * block), i32x4(0, 1, 2, 3));
  philoxX4(c0, i32x4.splat(neuron), i32x4.splat(purpose), i32x4.splat(0), key0, key1, out);
}

/** Uniform in 0 … n-1. */
// @ts-ignore: decorator
@inline
export function below(word: u32, n: u32): u32 {
  return <u32>((<u64>word * <u64>n) >> 32);
}
