import { sumOfLanes } from './sum-of-lanes.wasm';

/** Sum of products of two vectors of `bytes` bytes: four lanes, their sum, then what is left over. */
export function dot(bytes: usize, a: usize, b: usize): f32 {
  let sum = f32x4.splat(0);
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) sum = f32x4.add(sum, f32x4.mul(v128.load(a + at), v128.load(b + at)));
  let total = sumOfLanes(sum);
  for (; at < bytes; at += 4) total += load<f32>(a + at) * load<f32>(b + at);
  return total;
}
