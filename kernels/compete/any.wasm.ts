/** Choosing among changes of any shape, one number a synapse: rows of targets, `stride` floats apart. */
import { nthLargest } from './common.wasm';

const SIZE: u32 = 0x7fffffff;
const INFINITY: u32 = 0x7f800000;

/**
 * What changes are ranked by, as u32: bits of float32 order like its size. A change of 0 has rank 0 and is never kept;
 * so is a ranking of 0 if the largest are wanted.
 *
 * @param ranking the changes themselves, or the weights
 * @param smallest 1: the smallest come first
 */
export function rankKeys(changes: usize, ranking: usize, smallest: i32, keys: usize, n: i32): void {
  const size = i32x4.splat(SIZE);
  for (let at: usize = 0; at < <usize>n << 2; at += 16) {
    const bits = v128.and(v128.load(ranking + at), size);
    const rank = smallest ? i32x4.sub(i32x4.splat(INFINITY), bits) : bits;
    v128.store(keys + at, v128.and(rank, f32x4.ne(v128.load(changes + at), f32x4.splat(0))));
  }
}

/**
 * Sets all changes of the rows from `firstRow` up to `lastRow` to 0 but the `count` of the highest rank; of equal ones
 * those of the lowest source are kept, then of the lowest target. A histogram tells in which bin the lowest rank that is
 * kept lies; only that bin is searched.
 *
 * @param shift bits of a rank below those that name its bin
 * @param bins (2^31 >> shift) u32 of work space; @param candidates as many f64 as there are changes
 */
export function keepLargest(
  changes: usize, keys: usize, stride: i32, firstRow: i32, lastRow: i32, count: i32, shift: i32,
  bins: usize, candidates: usize,
): void {
  const most = INFINITY >> shift;
  memory.fill(bins, 0, (<usize>most + 1) << 2);
  const from = <usize>(firstRow * stride) << 2;
  const to = <usize>(lastRow * stride) << 2;
  for (let at = from; at < to; at += 16) {
    const four = v128.load(keys + at);
    if (!v128.any_true(four)) continue;
    const names = i32x4.shl(i32x4.shr_u(four, shift), 2);
    countUp(bins + i32x4.extract_lane(names, 0));
    countUp(bins + i32x4.extract_lane(names, 1));
    countUp(bins + i32x4.extract_lane(names, 2));
    countUp(bins + i32x4.extract_lane(names, 3));
  }
  // What has rank 0 is in the lowest bin, if it was counted at all, and never a candidate.
  let bin = most;
  let above: i32 = 0;
  while (bin > 0 && above + load<i32>(bins + (<usize>bin << 2)) < count) {
    above += load<i32>(bins + (<usize>bin << 2));
    bin--;
  }
  let found: i32 = 0;
  const name = i32x4.splat(bin);
  for (let at = from; at < to; at += 16) {
    const four = v128.load(keys + at);
    const isIn = v128.and(i32x4.eq(i32x4.shr_u(four, shift), name), i32x4.ne(four, i32x4.splat(0)));
    for (let lanes = i32x4.bitmask(isIn); lanes !== 0; lanes &= lanes - 1) {
      store<f64>(candidates + (<usize>found << 3), <f64>load<u32>(keys + at + (<usize>ctz(lanes) << 2)));
      found++;
    }
  }
  // Fewer than `count` are not 0: all of them are kept.
  if (above + found <= count && bin === 0) return zeroBelow(changes, keys, 1, from, to);
  const threshold = <u32>nthLargest(candidates, found, count - above);
  const least = i32x4.splat(threshold);
  let atLeast = i32x4.splat(0);
  let equal = i32x4.splat(0);
  for (let at = from; at < to; at += 16) {
    const four = v128.load(keys + at);
    atLeast = i32x4.sub(atLeast, i32x4.ge_s(four, least));
    equal = i32x4.sub(equal, i32x4.eq(four, least));
  }
  const kept = sum4(atLeast);
  const tied = sum4(equal);
  zeroBelow(changes, keys, threshold, from, to);
  if (kept > count) dropTies(changes, keys, stride, firstRow, lastRow, threshold, tied - (kept - count));
}

// @ts-ignore: decorator
@inline
function countUp(counter: usize): void {
  store<u32>(counter, load<u32>(counter) + 1);
}

function sum4(v: v128): i32 {
  return (
    i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + (i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3))
  );
}

function zeroBelow(changes: usize, keys: usize, threshold: u32, from: usize, to: usize): void {
  const least = i32x4.splat(threshold);
  for (let at = from; at < to; at += 16) {
    v128.store(changes + at, v128.and(v128.load(changes + at), i32x4.ge_s(v128.load(keys + at), least)));
  }
}

/** Of the changes of rank `threshold` only the first `left` stay. */
function dropTies(
  changes: usize, keys: usize, stride: i32, firstRow: i32, lastRow: i32, threshold: u32, left: i32,
): void {
  for (let i: i32 = 0; i < stride; i++) {
    for (let j = firstRow; j < lastRow; j++) {
      const at = <usize>(j * stride + i) << 2;
      if (load<u32>(keys + at) !== threshold) continue;
      if (left > 0) left--;
      else store<f32>(changes + at, 0);
    }
  }
}

/** Sets all changes to 0 but those of the entries target·2^16 + source of a list. `spare`: an f32 each. */
export function keepListed(changes: usize, n: i32, list: usize, count: i32, stride: i32, spare: usize): void {
  for (let k: usize = 0; k < <usize>count << 2; k += 4) {
    store<f32>(spare + k, load<f32>(changes + placeOf(load<u32>(list + k), stride)));
  }
  memory.fill(changes, 0, <usize>n << 2);
  for (let k: usize = 0; k < <usize>count << 2; k += 4) {
    store<f32>(changes + placeOf(load<u32>(list + k), stride), load<f32>(spare + k));
  }
}

// @ts-ignore: decorator
@inline
function placeOf(entry: u32, stride: i32): usize {
  return <usize>((entry >> 16) * stride + (entry & 0xffff)) << 2;
}

/** Sets all changes to 0 but those of the first `sources` and `targets` of `rows`. */
export function keepBlock(changes: usize, sources: i32, targets: i32, rows: i32, stride: i32): void {
  for (let j: i32 = 0; j < rows; j++) {
    const first = j < targets ? sources : 0;
    memory.fill(changes + (<usize>(j * stride + first) << 2), 0, <usize>(stride - first) << 2);
  }
}
