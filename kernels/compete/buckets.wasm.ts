/**
 * The largest products again, from an order by buckets instead of a sorted one: what it should gain, and gained, in
 * NOTES.md.
 */
import { GATHERED, listRow, listTied, nthLargest } from './common.wasm';

// An order by buckets is kept with how it was made, as i32 at its address: the name of the first bucket; the bits of a
// float32 below those that name its bucket (2^(23 - shift) buckets an octave); the last bucket, which all smaller values
// share; 0; then the places where each bucket starts, and where the last one ends; then work space.
const SHIFT: usize = 4;
const LAST: usize = 8;
const STARTS: usize = 16;

/** The quotient of two float32 is this near to the true one, in units of its last place, and nearer. */
const ROUNDING: i32 = 4;

/** The search narrows its bounds until so few products are left between them. */
const FEW: i32 = 160;

/** Bits of the count over bits of the threshold, both nearly logarithms: its range. */
const LEAST_SLOPE: f64 = -0.2;
const MOST_SLOPE: f64 = -16;

const QUARTER_OCTAVE: i32 = 1 << 21;
/** Where many products are tied the secant creeps; then the bounds are halved. */
const SECANT_TURNS: i32 = 8;
const MOST_TURNS: i32 = 32;
const WIDENINGS: i32 = 4;

/** Outside of these float32 might round products too coarsely. */
const LEAST_PRODUCT: f64 = 7.888609052210118e-31; // 2^-100
const MOST_PRODUCT: f64 = 1.3292279957849159e36; // 2^120

/**
 * Puts x in the order of its buckets, the largest first; within a bucket the order is that of the index.
 *
 * @param x readable up to a multiple of eight
 * @param n below 2^16
 * @param order n indices, out
 * @param xs x in this order, out
 * @param buckets how many (a multiple of eight), and @param shift how wide: see above
 * @param to where the order's buckets are kept, 5 + 1.5·`buckets` words, out
 * @param keys n u16 of work space, up to a multiple of eight
 */
export function bucketByMagnitude(
  x: usize,
  n: i32,
  buckets: i32,
  shift: i32,
  order: usize,
  xs: usize,
  to: usize,
  keys: usize,
): void {
  const top = <i32>(reinterpret<u32>(largestOf(x, n)) >> shift);
  store<i32>(to, top);
  store<i32>(to + SHIFT, shift);
  store<i32>(to + LAST, buckets - 1);
  store<i32>(to + STARTS - 4, 0);
  const starts = to + STARTS;
  const sizes = starts + (<usize>(buckets + 1) << 2);
  memory.fill(sizes, 0, buckets << 1);
  nameBuckets(x, n, top, buckets - 1, shift, keys);
  for (let i: i32 = 0; i < n; i++) {
    const size = sizes + (<usize>load<u16>(keys + (<usize>i << 1)) << 1);
    store<u16>(size, load<u16>(size) + 1);
  }
  startsOf(sizes, buckets, starts);
  store<i32>(starts + (<usize>buckets << 2), n);
  for (let i: i32 = 0; i < n; i++) {
    const next = sizes + (<usize>load<u16>(keys + (<usize>i << 1)) << 1);
    const place = load<u16>(next);
    store<u16>(next, place + 1);
    store<i32>(order + (<usize>place << 2), i);
    store<f32>(xs + (<usize>place << 2), load<f32>(x + (<usize>i << 2)));
  }
}

/** Sums sizes (u16) up to the place where each bucket starts: in `starts` (i32), and in place of its size. */
function startsOf(sizes: usize, buckets: i32, starts: usize): void {
  const none = i16x8.splat(0);
  let before = none;
  for (const end = sizes + (<usize>buckets << 1); sizes < end; sizes += 16) {
    const eight = v128.load(sizes);
    let sum = i16x8.add(eight, i8x16.shuffle(none, eight, 0, 1, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29));
    sum = i16x8.add(sum, i8x16.shuffle(none, sum, 0, 1, 2, 3, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27));
    sum = i16x8.add(sum, i8x16.shuffle(none, sum, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23));
    const places = i16x8.add(before, i16x8.sub(sum, eight));
    v128.store(sizes, places);
    v128.store(starts, i32x4.extend_low_i16x8_u(places));
    v128.store(starts, i32x4.extend_high_i16x8_u(places), 16);
    before = i16x8.add(before, i8x16.shuffle(sum, sum, 14, 15, 14, 15, 14, 15, 14, 15, 14, 15, 14, 15, 14, 15, 14, 15));
    starts += 32;
  }
}

/** Buckets of eight inputs at a time, as u16. */
function nameBuckets(x: usize, n: i32, top: i32, last: i32, shift: i32, keys: usize): void {
  const sign = i32x4.splat(0x7fffffff);
  const first = i32x4.splat(top);
  const most = i32x4.splat(last);
  for (let i: i32 = 0; i < n; i += 8) {
    const low = i32x4.shr_u(v128.and(v128.load(x), sign), shift);
    const high = i32x4.shr_u(v128.and(v128.load(x, 16), sign), shift);
    v128.store(
      keys,
      i16x8.narrow_i32x4_u(i32x4.min_s(i32x4.sub(first, low), most), i32x4.min_s(i32x4.sub(first, high), most)),
    );
    x += 32;
    keys += 16;
  }
}

function largestOf(x: usize, n: i32): f32 {
  let largest = f32x4.splat(0);
  const whole = <usize>(n & ~3) << 2;
  for (let at: usize = 0; at < whole; at += 16) largest = f32x4.max(largest, f32x4.abs(v128.load(x + at)));
  let most = max(
    max(f32x4.extract_lane(largest, 0), f32x4.extract_lane(largest, 1)),
    max(f32x4.extract_lane(largest, 2), f32x4.extract_lane(largest, 3)),
  );
  for (let at = whole; at < <usize>n << 2; at += 4) most = max(most, abs(load<f32>(x + at)));
  return most;
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

/**
 * For about how many products a threshold is surely passed (low half) and possibly (high half): the ends of the buckets
 * that it falls into, up to the rounding of quotients. Where bucket b starts and where it ends lie side by side, so
 * that one load adds both.
 */
function countsAt(threshold: f32, sizes: usize, targets: i32, buckets: usize): u64 {
  const top = i32x4.splat(load<i32>(buckets));
  const shift = load<i32>(buckets + SHIFT);
  const last = i32x4.splat(load<i32>(buckets + LAST));
  const none = i32x4.splat(-1);
  const starts = buckets + STARTS;
  const t = f32x4.splat(threshold);
  let even: u64 = 0;
  let odd: u64 = 0;
  for (let j: i32 = 0; j < targets; j += 4) {
    const bits = f32x4.div(t, v128.load(sizes + (<usize>j << 2)));
    const keys = i32x4.sub(top, i32x4.shr_s(bits, shift));
    const at = i32x4.shl(i32x4.min_s(i32x4.max_s(keys, none), last), 2);
    even += load<u64>(starts + <usize>i32x4.extract_lane(at, 0));
    odd += load<u64>(starts + <usize>i32x4.extract_lane(at, 1));
    even += load<u64>(starts + <usize>i32x4.extract_lane(at, 2));
    odd += load<u64>(starts + <usize>i32x4.extract_lane(at, 3));
  }
  return even + odd;
}

/**
 * Places of the order, for each row: before `from` |x|·size is certainly at least `high`, from `to` on certainly below
 * `low`. Returns the sum of `from`.
 */
function rangesAt(
  low: f32, high: f32, sizes: usize, targets: i32, buckets: usize, from: usize, to: usize,
): i32 {
  const top = i32x4.splat(load<i32>(buckets));
  const shift = load<i32>(buckets + SHIFT);
  const last = i32x4.splat(load<i32>(buckets + LAST));
  const starts = buckets + STARTS;
  const margin = i32x4.splat(ROUNDING);
  let sure: i32 = 0;
  for (let j: i32 = 0; j < targets; j += 4) {
    const size = v128.load(sizes + (<usize>j << 2));
    const above = i32x4.add(f32x4.div(f32x4.splat(high), size), margin);
    const below = i32x4.sub(f32x4.div(f32x4.splat(low), size), margin);
    const first = i32x4.sub(top, i32x4.shr_s(above, shift));
    const end = i32x4.sub(top, i32x4.shr_s(below, shift));
    const a = i32x4.shl(i32x4.min_s(i32x4.max_s(first, i32x4.splat(0)), last), 2);
    const b = i32x4.shl(i32x4.min_s(i32x4.max_s(end, i32x4.splat(-1)), last), 2);
    const places = i32x4(
      load<i32>(starts + <usize>i32x4.extract_lane(a, 0)),
      load<i32>(starts + <usize>i32x4.extract_lane(a, 1)),
      load<i32>(starts + <usize>i32x4.extract_lane(a, 2)),
      load<i32>(starts + <usize>i32x4.extract_lane(a, 3)),
    );
    v128.store(from + (<usize>j << 2), places);
    v128.store(
      to + (<usize>j << 2),
      i32x4(
        load<i32>(starts + <usize>i32x4.extract_lane(b, 0), 4),
        load<i32>(starts + <usize>i32x4.extract_lane(b, 1), 4),
        load<i32>(starts + <usize>i32x4.extract_lane(b, 2), 4),
        load<i32>(starts + <usize>i32x4.extract_lane(b, 3), 4),
      ),
    );
    sure += i32x4.extract_lane(places, 0) + i32x4.extract_lane(places, 1);
    sure += i32x4.extract_lane(places, 2) + i32x4.extract_lane(places, 3);
  }
  return sure;
}

/**
 * The same choice as `selectLargest`, from x in the order of its buckets, so that nothing need be sorted:
 * of row j the first `prefix[j]` places of the order, and the entries of a list.
 *
 * A threshold between bounds is searched with counts that buckets give; the products between the bounds (from
 * `FEW` up to 1024) are compared one by one.
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

/**
 * Goes through what is in no prefix and may be above `low`: from `high` up it is listed, the rest are candidates, their
 * products at `spare`. Stores the lengths of both at out + 8 and out + 12; false if there is no room.
 *
 * Which of them a product is cannot be foreseen: it is written to both, and one of the two lengths grows.
 */
function gather(
  low: f32, high: f32, order: usize, xs: usize, sizes: usize, targets: i32, prefix: usize, ends: usize,
  count: i32, spare: usize, entries: usize, list: usize, out: usize,
): bool {
  const least = <f64>low;
  const most = <f64>high;
  let listed: i32 = 0;
  let found: i32 = 0;
  for (let j: i32 = 0; j < targets; j++) {
    const end = load<i32>(ends + (<usize>j << 2));
    let k = load<i32>(prefix + (<usize>j << 2));
    if (k >= end) continue;
    const size = <f64>load<f32>(sizes + (<usize>j << 2));
    const row = j << 16;
    for (; k < end; k++) {
      const product = <f64>abs(load<f32>(xs + (<usize>k << 2))) * size;
      const entry = row | load<i32>(order + (<usize>k << 2));
      store<u32>(list + (<usize>listed << 2), entry);
      store<f64>(spare + (<usize>found << 3), product);
      store<u32>(entries + (<usize>found << 2), entry);
      const above = i32(product >= most);
      listed += above;
      found += i32(product >= least) - above;
    }
    if (listed > count || found > GATHERED) return false;
  }
  store<i32>(out + 8, listed);
  store<i32>(out + 12, found);
  return true;
}

/**
 * The `rank`-th largest of products from `low` up to, but not, `high`: they are counted in 64 bins of equal width, and
 * compared only within one.
 *
 * @param work 64 f64 for the counts, and room for all products
 */
function amongFound(products: usize, found: i32, rank: i32, low: f32, high: f32, work: usize): f64 {
  const perUnit = 64 / (<f64>high - <f64>low);
  memory.fill(work, 0, 512);
  for (let k: i32 = 0; k < found; k++) {
    const counter = work + (<usize>binOf(load<f64>(products + (<usize>k << 3)), low, perUnit) << 2);
    store<i32>(counter, load<i32>(counter) + 1);
  }
  let bin: i32 = 63;
  let left = rank;
  while (bin > 0 && load<i32>(work + (<usize>bin << 2)) < left) {
    left -= load<i32>(work + (<usize>bin << 2));
    bin--;
  }
  const values = work + 512;
  let inBin: i32 = 0;
  for (let k: i32 = 0; k < found; k++) {
    const product = load<f64>(products + (<usize>k << 3));
    store<f64>(values + (<usize>inBin << 3), product);
    inBin += i32(binOf(product, low, perUnit) === bin);
  }
  return nthLargest(values, inBin, left);
}

// @ts-ignore: decorator
@inline
function binOf(product: f64, low: f64, perUnit: f64): i32 {
  return min(<i32>((product - low) * perUnit), 63);
}

/**
 * Bounds of the `count`-th largest product as two float32 (low half: the lower one), with few products between them;
 * 0 if they are not found.
 */
function boundsOf(
  largest: f64, scale: f64, last: usize, sizes: usize, targets: i32, products: i32, buckets: usize, count: i32,
): u64 {
  // Two numbers of neighbouring buckets differ by this share at most.
  const width = <f64>(1 << load<i32>(buckets + SHIFT)) / 8388608 + 0.00001;
  // Bounds as bits of float32, which order like the logarithm: low has at least `count` products, high fewer.
  let low: i32 = 0;
  let high: i32 = bitsOf(largest * (1 + 2 * width));
  let lowCount: i32 = products;
  let highCount: i32 = 0;
  let at: i32 = min(bitsOf(scale * load<f64>(last)), high - QUARTER_OCTAVE);
  let slope = max(min(load<f64>(last, 8), LEAST_SLOPE), MOST_SLOPE);
  let lastAt: i32 = 0;
  let lastSize: i32 = 0;
  for (let turn = 0; ; turn++) {
    if (turn === MOST_TURNS || <f64>reinterpret<f32>(at) < LEAST_PRODUCT) return 0;
    const counts = countsAt(reinterpret<f32>(at), sizes, targets, buckets);
    const sure = <i32>counts;
    const possible = <i32>(counts >> 32);
    if (sure < count && possible >= count) {
      low = bitsOf(<f64>reinterpret<f32>(at) * (1 - width));
      high = bitsOf(<f64>reinterpret<f32>(at) * (1 + width));
      break;
    }
    if (sure >= count) {
      low = at;
      lowCount = possible;
    } else {
      high = at;
      highCount = sure;
    }
    if (lowCount - highCount <= FEW || high - low < 2) {
      // Counts are right up to the rounding of quotients.
      low = max(low - 2 * ROUNDING, 0);
      high += 2 * ROUNDING;
      break;
    }
    // A step of the secant through the last two points, while that stays between the bounds.
    const size = bitsOf(<f64>max((sure + possible) >> 1, 1));
    if (lastAt !== 0) slope = max(min(<f64>(size - lastSize) / <f64>(at - lastAt), LEAST_SLOPE), MOST_SLOPE);
    lastAt = at;
    lastSize = size;
    at += <i32>(<f64>(bitsOf(<f64>count) - size) / slope);
    if (low === 0) at = min(at, high - QUARTER_OCTAVE);
    else if (at <= low || at >= high || turn % 4 === 3 || turn >= SECANT_TURNS) at = low + ((high - low) >> 1);
  }
  store<f64>(last, slope, 8);
  return (<u64>high << 32) | <u64>low;
}

function bitsOf(value: f64): i32 {
  return reinterpret<i32>(<f32>value);
}

/** Lists the candidates above the threshold, those that equal it too or not; returns the new length. */
function listFound(
  threshold: f64, equal: bool, products: usize, entries: usize, found: i32, list: usize, listed: i32,
): i32 {
  const least = equal ? threshold : reinterpret<f64>(reinterpret<u64>(threshold) + 1);
  for (let k: i32 = 0; k < found; k++) {
    store<u32>(list + (<usize>listed << 2), load<u32>(entries + (<usize>k << 2)));
    listed += i32(load<f64>(products + (<usize>k << 3)) >= least);
  }
  return listed;
}

/** How many products are at least `least`. */
function countFrom(least: f64, products: usize, found: i32): i32 {
  let count: i32 = 0;
  for (let k: i32 = 0; k < found; k++) count += i32(load<f64>(products + (<usize>k << 3)) >= least);
  return count;
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
