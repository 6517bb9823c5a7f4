/** The largest products from an order by buckets; the search and what it stands on in the files that it imports. */
import { boundsOf, LEAST_PRODUCT, MOST_PRODUCT } from './bounds.wasm';
import { rangesAt } from './bucket-counts.wasm';
import { largestOf, STARTS } from './buckets.wasm';
import { amongFound, countFrom, gather, listFound } from './candidates.wasm';
import { GATHERED, listRow, listTied } from './common.wasm';

/** So often the bounds are drawn apart where fewer products lie between them than was promised. */
const WIDENINGS: i32 = 4;

/**
 * The same choice as `selectLargest`, from x in the order of its buckets, so that nothing need be sorted:
 * of row j the first `prefix[j]` places of the order, and the entries of a list.
 *
 * A threshold between bounds is searched with counts that buckets give; the products between the bounds (from
 * 160 up to 1024) are compared one by one.
 *
 * @param last where the last search ended, and this one begins: f64 threshold over the largest |x| and the mean |g|,
 *   f64 slope (see boundsOf)
 * @param g readable up to a multiple of four
 * @param sizes targets f32 of work space, a multiple of four
 * @param spare 2·(1024 + n) + 1088 f64 of work space
 * @param prefix i32 of each row, a multiple of four, out; @param ends as many of work space
 * @param list room for `count` + n entries, out
 * @param out [f64: largest |g|, i32: prefixed products, i32: entries of the list, f64: largest |x|]
 * @returns whether it could be done; what buckets are too coarse for must be sorted
 */
export function selectByBuckets(
  x: usize,
  order: usize,
  xs: usize,
  n: i32,
  buckets: usize,
  g: usize,
  targets: i32,
  count: i32,
  last: usize,
  sizes: usize,
  spare: usize,
  prefix: usize,
  ends: usize,
  list: usize,
  out: usize,
): bool {
  const padded = (targets + 3) & ~3;
  const meanSize = sizesOf(g, targets, sizes, out) / <f64>targets;
  const largestX = largestOf(xs, load<i32>(buckets + STARTS + 4));
  const largest = <f64>largestX * load<f64>(out);
  store<f64>(out + 16, largestX);
  if (!(largest > LEAST_PRODUCT && largest < MOST_PRODUCT)) return false;

  const scale = <f64>largestX * meanSize;
  const bounds = boundsOf(largest, scale, last, sizes, padded, n * targets, buckets, count);
  if (bounds === 0) return false;
  let low = reinterpret<f32>(<i32>bounds);
  let high = reinterpret<f32>(<i32>(bounds >> 32));
  const room = <usize>(GATHERED + n);
  const entries = spare + (room << 3);
  let prefixed: i32 = 0;
  let listed: i32 = 0;
  let found: i32 = 0;
  let missing: i32 = 0;
  for (let turn = 0; ; turn++) {
    prefixed = rangesAt(low, high, sizes, padded, buckets, prefix, ends);
    if (!gather(low, high, order, xs, sizes, targets, prefix, ends, count, spare, entries, list, out)) return false;
    listed = load<i32>(out + 8);
    found = load<i32>(out + 12);
    missing = count - prefixed - listed;
    if (missing > 0 && missing <= found) break;
    // The last bucket has no lower end, so that there may be fewer than it promised.
    if (turn === WIDENINGS) return false;
    if (missing > found) low *= <f32>0.97;
    else high *= <f32>1.03;
  }

  const threshold = amongFound(spare, found, missing, low, high, entries + (room << 2));
  if (threshold === 0) return false;
  // More may be tied at the threshold than are wanted.
  const atLeast = countFrom(threshold, spare, found);
  listed = listFound(threshold, atLeast === missing, spare, entries, found, list, listed);
  if (atLeast !== missing) listed = listTied(x, n, g, targets, threshold, count - prefixed, listed, list);
  store<f64>(last, threshold / scale);
  store<i32>(out + 8, prefixed);
  store<i32>(out + 12, listed);
  return prefixed + listed === count;
}

/** sizes = |g|, with zeros up to a multiple of four; returns their sum, and stores the largest at `largest`. */
function sizesOf(g: usize, targets: i32, sizes: usize, largest: usize): f64 {
  let sums = f32x4.splat(0);
  let most = f32x4.splat(0);
  for (let j: i32 = 0; j < targets; j += 4) {
    const within = i32x4.gt_s(i32x4.splat(targets - j), i32x4(0, 1, 2, 3));
    const four = v128.and(f32x4.abs(v128.load(g + (<usize>j << 2))), within);
    v128.store(sizes + (<usize>j << 2), four);
    sums = f32x4.add(sums, four);
    most = f32x4.max(most, four);
  }
  store<f64>(
    largest,
    max(
      max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
      max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
    ),
  );
  return (
    <f64>f32x4.extract_lane(sums, 0) +
    <f64>f32x4.extract_lane(sums, 1) +
    <f64>f32x4.extract_lane(sums, 2) +
    <f64>f32x4.extract_lane(sums, 3)
  );
}

/** Adds the prefixes of all rows to a list; returns its new length. */
export function listPrefixes(order: usize, prefix: usize, targets: i32, list: usize, listed: i32): i32 {
  for (let j: i32 = 0; j < targets; j++) {
    const length = load<i32>(prefix + (<usize>j << 2));
    listRow(order, length, j, list + (<usize>listed << 2));
    listed += length;
  }
  return listed;
}
