/**
 * The largest changes of an outer product Δw_ji = g_j·x_i, found without forming it.
 * Equations and the rule for ties in reference.ts; why it is fast in NOTES.md.
 */
import { GATHERED, listRow, listTied, magnitudeBits, nthLargest } from './common.wasm';

/**
 * Sorts indices 0 … n-1 by falling |x|, equal ones by rising index: a radix sort, 8 bits a pass.
 *
 * @param order n indices, out
 * @param spare n indices of work space
 * @param bins 256 counters of work space
 */
export function sortByMagnitude(x: usize, n: i32, order: usize, spare: usize, bins: usize): void {
  for (let i: i32 = 0; i < n; i++) store<u32>(order + ((<usize>i) << 2), i);
  radixPass(x, n, 0, order, spare, bins);
  radixPass(x, n, 8, spare, order, bins);
  radixPass(x, n, 16, order, spare, bins);
  radixPass(x, n, 24, spare, order, bins);
}

function radixPass(x: usize, n: i32, shift: u32, from: usize, to: usize, bins: usize): void {
  memory.fill(bins, 0, 256 << 2);
  for (let k: i32 = 0; k < n; k++) {
    const bin = binOf(x, load<u32>(from + ((<usize>k) << 2)), shift, bins);
    store<u32>(bin, load<u32>(bin) + 1);
  }
  let start: u32 = 0;
  for (let b: usize = 0; b < 256 << 2; b += 4) {
    const size = load<u32>(bins + b);
    store<u32>(bins + b, start);
    start += size;
  }
  for (let k: i32 = 0; k < n; k++) {
    const index = load<u32>(from + ((<usize>k) << 2));
    const bin = binOf(x, index, shift, bins);
    const place = load<u32>(bin);
    store<u32>(bin, place + 1);
    store<u32>(to + ((<usize>place) << 2), index);
  }
}

/** Bins in falling order of the key. */
function binOf(x: usize, index: u32, shift: u32, bins: usize): usize {
  const key = (magnitudeBits(x + ((<usize>index) << 2)) >> shift) & 255;
  return bins + ((<usize>(255 - key)) << 2);
}

/** Magnitudes in the order of a sort, as float64, so that their products are exact. */
export function gather(x: usize, order: usize, n: i32, sorted: usize): void {
  for (let k: i32 = 0; k < n; k++) {
    const index = load<u32>(order + ((<usize>k) << 2));
    store<f64>(sorted + ((<usize>k) << 3), <f64>abs(load<f32>(x + ((<usize>index) << 2))));
  }
}

/**
 * How many products of two falling sequences are at least `threshold`: a walk up the stairs, from the smallest g,
 * so that its length is the number of targets and the longest row of what is counted.
 */
function countAtLeast(xs: usize, n: i32, gs: usize, targets: i32, threshold: f64): i32 {
  let count: i32 = 0;
  let i: i32 = 0;
  for (let j = targets - 1; j >= 0; j--) {
    const factor = load<f64>(gs + (<usize>j << 3));
    while (i < n && load<f64>(xs + (<usize>i << 3)) * factor >= threshold) i++;
    count += i;
  }
  return count;
}


/** Writes the products from `low` up to, but not, `high`; returns how many there are. */
function gatherBetween(xs: usize, n: i32, gs: usize, targets: i32, low: f64, high: f64, to: usize): i32 {
  let found: i32 = 0;
  let above: i32 = 0;
  for (let j = targets - 1; j >= 0; j--) {
    const factor = load<f64>(gs + (<usize>j << 3));
    while (above < n && load<f64>(xs + (<usize>above << 3)) * factor >= high) above++;
    for (let i = above; i < n; i++) {
      const product = load<f64>(xs + (<usize>i << 3)) * factor;
      if (product < low) break;
      store<f64>(to + (<usize>found << 3), product);
      found++;
    }
  }
  return found;
}

/**
 * A threshold with at least `count` products at or above it, and fewer than that strictly above (or exactly
 * `count` at or above it). Bisection on the bit patterns, guided by interpolation: they are nearly the logarithm.
 * Returns 0 if fewer than `count` products are positive.
 */
function thresholdFor(xs: usize, n: i32, gs: usize, targets: i32, count: i32, spare: usize): f64 {
  let low: u64 = 1;
  let lowCount = countAtLeast(xs, n, gs, targets, reinterpret<f64>(low));
  if (lowCount <= count) return 0;
  let high = reinterpret<u64>(load<f64>(xs) * load<f64>(gs)) + 1;
  let highCount: i32 = 0;
  // The smallest positive product bounds the search much closer than the smallest number does.
  const least = reinterpret<u64>(smallestPositive(xs, n) * smallestPositive(gs, targets));
  if (least > low) low = least;
  let turn = 0;
  while (high - low > 1) {
    if (lowCount - highCount <= GATHERED) {
      const found = gatherBetween(xs, n, gs, targets, reinterpret<f64>(low), reinterpret<f64>(high), spare);
      return nthLargest(spare, found, count - highCount);
    }
    const width = high - low;
    let step = width >> 1;
    if (turn % 3 !== 2) {
      const share = <f64>(lowCount - count) / <f64>(lowCount - highCount);
      step = min(max(<u64>(share * <f64>width), 1), width - 1);
    }
    turn++;
    const middle = low + step;
    const found = countAtLeast(xs, n, gs, targets, reinterpret<f64>(middle));
    if (found === count) return reinterpret<f64>(middle);
    if (found > count) {
      low = middle;
      lowCount = found;
    } else {
      high = middle;
      highCount = found;
    }
  }
  return reinterpret<f64>(low);
}

function smallestPositive(falling: usize, n: i32): f64 {
  let k = n - 1;
  while (k > 0 && load<f64>(falling + ((<usize>k) << 3)) === 0) k--;
  return load<f64>(falling + ((<usize>k) << 3));
}

/**
 * Lists the `count` largest |g_j·x_i|. Of equal ones those with the lowest index i·targets + j are taken; zeros
 * never. An entry of the list is j·2^16 + i.
 *
 * @param xOrder order of x by falling magnitude; gOrder that of g
 * @param xs sorted magnitudes of x; gs those of g
 * @param spare 1024 float64 of work space
 * @returns how many were listed: `count`, or fewer if fewer are not zero
 */
export function selectLargest(
  x: usize,
  xOrder: usize,
  xs: usize,
  n: i32,
  g: usize,
  gOrder: usize,
  gs: usize,
  targets: i32,
  count: i32,
  spare: usize,
  list: usize,
): i32 {
  const threshold = thresholdFor(xs, n, gs, targets, count, spare);
  const atLeast = threshold > 0 ? countAtLeast(xs, n, gs, targets, threshold) : 0;
  const tied = atLeast > count;
  // At a threshold of 0, or one that is tied, only what is above it is listed here.
  const least = tied || threshold === 0 ? reinterpret<f64>(reinterpret<u64>(threshold) + 1) : threshold;
  let listed: i32 = 0;
  let row: i32 = 0;
  for (let j = targets - 1; j >= 0; j--) {
    const factor = load<f64>(gs + (<usize>j << 3));
    while (row < n && load<f64>(xs + (<usize>row << 3)) * factor >= least) row++;
    listRow(xOrder, row, load<u32>(gOrder + (<usize>j << 2)), list + (<usize>listed << 2));
    listed += row;
  }
  return tied ? listTied(x, n, g, targets, threshold, count, listed, list) : listed;
}

/** Lists, for each target with g_j ≠ 0, its `count` largest |x_i|; of equal ones the lowest i; zeros never. */
export function selectPerTarget(
  xOrder: usize,
  xs: usize,
  n: i32,
  g: usize,
  targets: i32,
  count: i32,
  list: usize,
): i32 {
  let kept = min(count, n);
  while (kept > 0 && load<f64>(xs + (<usize>(kept - 1) << 3)) === 0) kept--;
  let listed: i32 = 0;
  for (let j: i32 = 0; j < targets; j++) {
    if (load<f32>(g + ((<usize>j) << 2)) === 0) continue;
    listRow(xOrder, kept, j, list + (<usize>listed << 2));
    listed += kept;
  }
  return listed;
}

export { bucketByMagnitude } from './buckets.wasm';
export { listPrefixes, selectByBuckets } from './select.wasm';
export { keepBlock, keepLargest, keepListed, rankKeys } from './any.wasm';
