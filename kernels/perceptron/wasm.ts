/**
 * Looks through patterns for the next one that a perceptron gets wrong. A pattern is one bit an input, 1 for -1,
 * in blocks of 128: bit 31-k of word m of a block is input 4k + m, so that a block shifted left by k holds the sign
 * bits of four neighbours where floats have theirs. Weights behind the last input are 0.
 */
import { sumOfLanes } from '../sum-of-lanes.wasm';

const BLOCK_BYTES: usize = 16;
const BLOCK_FLOAT_BYTES: usize = 128 * 4;

/** Σ_i w_i·x_i for one pattern: the sign of x goes straight into the sign bit of w. */
function signedSum(w: usize, pattern: usize, stride: i32): f32 {
  const signBit = i32x4.splat(0x80000000);
  const end = w + (<usize>stride << 2);
  let sum0 = f32x4.splat(0);
  let sum1 = f32x4.splat(0);
  while (w < end) {
    let signs = v128.load(pattern);
    const blockEnd = min(end, w + BLOCK_FLOAT_BYTES);
    while (w < blockEnd) {
      sum0 = f32x4.add(sum0, v128.xor(v128.load(w), v128.and(signs, signBit)));
      sum1 = f32x4.add(sum1, v128.xor(v128.load(w, 16), v128.and(i32x4.shl(signs, 1), signBit)));
      sum0 = f32x4.add(sum0, v128.xor(v128.load(w, 32), v128.and(i32x4.shl(signs, 2), signBit)));
      sum1 = f32x4.add(sum1, v128.xor(v128.load(w, 48), v128.and(i32x4.shl(signs, 3), signBit)));
      signs = i32x4.shl(signs, 4);
      w += 64;
    }
    pattern += BLOCK_BYTES;
  }
  return sumOfLanes(f32x4.add(sum0, sum1));
}

function bytesOf(stride: i32): usize {
  return <usize>((stride + 127) >> 7) * BLOCK_BYTES;
}

/**
 * First pattern in [from, to) with target·(w·x) ≤ 0, or `to`. Targets are floats, ±1.
 *
 * @param stride weights in memory, a multiple of 16
 */
export function firstError(
  w: usize,
  patterns: usize,
  targets: usize,
  stride: i32,
  from: i32,
  to: i32,
): i32 {
  for (let p = from; p < to; p++) {
    const y = signedSum(w, patterns + <usize>p * bytesOf(stride), stride);
    if (y * load<f32>(targets + (<usize>p << 2)) <= 0) return p;
  }
  return to;
}

/**
 * The same for w = l + scale·u, where scale is multiplied by `retention` before each presentation.
 * It does not return the scale: that is scale·retention^(presentations).
 */
export function firstErrorDecaying(
  l: usize,
  u: usize,
  scale: f64,
  retention: f64,
  patterns: usize,
  targets: usize,
  stride: i32,
  from: i32,
  to: i32,
): i32 {
  for (let p = from; p < to; p++) {
    scale *= retention;
    const pattern = patterns + <usize>p * bytesOf(stride);
    const y = signedSum(l, pattern, stride) + <f32>scale * signedSum(u, pattern, stride);
    if (y * load<f32>(targets + (<usize>p << 2)) <= 0) return p;
  }
  return to;
}

/** The inputs of a pattern as floats, ±1. */
export function unpack(pattern: usize, x: usize, inputs: i32): void {
  for (let i: i32 = 0; i < inputs; i++) {
    const word = load<u32>(pattern + <usize>(i >> 7) * BLOCK_BYTES + (<usize>(i & 3) << 2));
    store<f32>(x + (<usize>i << 2), (word << ((i & 127) >> 2)) >>> 31 ? -1 : 1);
  }
}
