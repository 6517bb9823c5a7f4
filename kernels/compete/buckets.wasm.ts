/**
 * The largest products again, from an order by buckets instead of a sorted one: what it should gain, and gained, in
 * NOTES.md.
 */
import { GATHERED, listRow, listTied, magnitudeBits, nthLargest } from './common.wasm';

// An order by buckets is kept with how it was made, as i32 at its address: the name of the first bucket; the bits of a
// float32 below those that name its bucket (2^(23 - shift) buckets an octave); the last bucket, which all smaller values
// share; unused; then the places where each bucket starts, and where the last one ends.
const SHIFT: usize = 4;
const LAST: usize = 8;
const STARTS: usize = 16;

/** The quotient of two float32 is this near to the true one, in units of its last place, and nearer. */
const ROUNDING: i32 = 4;

/** The search narrows its bounds until so few products are left between them. */
const FEW: i32 = 160;

/** Bits of the count over bits of the threshold, both nearly logarithms: where the search begins, and its range. */
const SLOPE: f64 = -1.5;
const LEAST_SLOPE: f64 = -0.2;
const MOST_SLOPE: f64 = -16;

const QUARTER_OCTAVE: i32 = 1 << 21;
const MOST_TURNS: i32 = 24;

/** Outside of these float32 might round products too coarsely. */
const LEAST_PRODUCT: f64 = 7.888609052210118e-31; // 2^-100
const MOST_PRODUCT: f64 = 1.3292279957849159e36; // 2^120

/**
 * Puts x in the order of its buckets, the largest first; within a bucket the order is that of the index.
 *
 * @param order n indices, out
 * @param xs x in this order, out
 * @param buckets how many, and @param shift how wide: see above
 * @param to where the order's buckets are kept, 5 + `buckets` words, out
 * @param keys n u16 of work space
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
  const starts = to + STARTS;
  memory.fill(starts, 0, (buckets + 1) << 2);
  for (let i: i32 = 0; i < n; i++) {
    const key = min(top - <i32>(magnitudeBits(x + (<usize>i << 2)) >> shift), buckets - 1);
    store<u16>(keys + (<usize>i << 1), <u16>key);
    const size = starts + (<usize>key << 2) + 4;
    store<i32>(size, load<i32>(size) + 1);
  }
  // starts[b + 1] was the size of bucket b; summed up, starts[b] is its first place.
  let place: i32 = 0;
  for (let at = starts; at <= starts + (buckets << 2); at += 4) {
    place += load<i32>(at);
    store<i32>(at, place);
  }
  for (let i: i32 = 0; i < n; i++) {
    const start = starts + (<usize>load<u16>(keys + (<usize>i << 1)) << 2);
    const at = <usize>load<i32>(start) << 2;
    store<i32>(start, <i32>(at >> 2) + 1);
    store<i32>(order + at, i);
    store<f32>(xs + at, load<f32>(x + (<usize>i << 2)));
  }
  // Filling a bucket has moved its start to its end, where the next one begins.
  memory.copy(starts + 4, starts, buckets << 2);
  store<i32>(starts, 0);
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

/** How many places of the order certainly hold |x| > q. `bits`: those of q as it was rounded. */
function surely(bits: i32, buckets: usize): i32 {
  const key = load<i32>(buckets) - ((bits + ROUNDING) >> load<i32>(buckets + SHIFT));
  return load<i32>(buckets + STARTS + (<usize>min(max(key, 0), load<i32>(buckets + LAST)) << 2));
}

/** Behind how many places certainly none holds |x| ≥ q. */
function possibly(bits: i32, buckets: usize): i32 {
  const key = load<i32>(buckets) - ((bits - ROUNDING) >> load<i32>(buckets + SHIFT));
  return load<i32>(buckets + STARTS + (<usize>(min(max(key, -1), load<i32>(buckets + LAST)) + 1) << 2));
}

/** For how many products a threshold is surely passed (high half) and possibly (low half). */
function countsAt(threshold: f32, sizes: usize, targets: i32, buckets: usize): u64 {
  const top = i32x4.splat(load<i32>(buckets));
  const shift = load<i32>(buckets + SHIFT);
  const last = i32x4.splat(load<i32>(buckets + LAST));
  const starts = buckets + STARTS;
  const t = f32x4.splat(threshold);
  let sure: i32 = 0;
  let possible: i32 = 0;
  for (let j: i32 = 0; j < targets; j += 4) {
    const bits = f32x4.div(t, v128.load(sizes + (<usize>j << 2)));
    const above = i32x4.add(bits, i32x4.splat(ROUNDING));
    const below = i32x4.sub(bits, i32x4.splat(ROUNDING));
    const keys = i32x4.sub(top, i32x4.shr_s(above, shift));
    const ends = i32x4.sub(top, i32x4.shr_s(below, shift));
    const from = i32x4.shl(i32x4.min_s(i32x4.max_s(keys, i32x4.splat(0)), last), 2);
    const to = i32x4.shl(i32x4.min_s(i32x4.max_s(ends, i32x4.splat(-1)), last), 2);
    sure +=
      load<i32>(starts + <usize>i32x4.extract_lane(from, 0)) +
      load<i32>(starts + <usize>i32x4.extract_lane(from, 1)) +
      load<i32>(starts + <usize>i32x4.extract_lane(from, 2)) +
      load<i32>(starts + <usize>i32x4.extract_lane(from, 3));
    const next = starts + 4;
    possible +=
      load<i32>(next + <usize>i32x4.extract_lane(to, 0)) +
      load<i32>(next + <usize>i32x4.extract_lane(to, 1)) +
      load<i32>(next + <usize>i32x4.extract_lane(to, 2)) +
      load<i32>(next + <usize>i32x4.extract_lane(to, 3));
  }
  return (<u64>sure << 32) | <u64>possible;
}

/**
 * The same choice as `selectLargest`, from x in the order of its buckets, so that nothing need be sorted:
 * of row j the first `prefix[j]` places of the order, and the entries of a list.
 *
 * A threshold between bounds is searched with counts that buckets give; the products between the bounds (from
 * `FEW` up to 1024) are compared one by one.
 *
 * @param guess where to begin: the threshold over the largest product
 * @param sizes targets f32 of work space, a multiple of four
 * @param spare 1024 f64 of work space
 * @param prefix i32 of each row, out
 * @param list room for `count` entries, out
 * @param out [f64: threshold over the largest product, i32: prefixed products, i32: entries of the list, f64: largest |x|]
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
  guess: f64,
  sizes: usize,
  spare: usize,
  prefix: usize,
  list: usize,
  out: usize,
): bool {
  const padded = (targets + 3) & ~3;
  let most: f32 = 0;
  for (let j: i32 = 0; j < padded; j++) {
    const size: f32 = j < targets ? abs(load<f32>(g + (<usize>j << 2))) : 0;
    store<f32>(sizes + (<usize>j << 2), size);
    most = max(most, size);
  }
  const largestX = largestOf(xs, load<i32>(buckets + STARTS + 4));
  store<f64>(out + 16, largestX);
  const largest = <f64>largestX * <f64>most;
  if (!(largest > LEAST_PRODUCT && largest < MOST_PRODUCT)) return false;

  // Two numbers of neighbouring buckets differ by this share at most.
  const width = <f64>(1 << load<i32>(buckets + SHIFT)) / 8388608 + 0.00001;
  // Bounds as bits of float32, which order like the logarithm: low has at least `count` products, high fewer.
  let low: i32 = 0;
  let high: i32 = bitsOf(largest * (1 + 2 * width));
  let lowCount: i32 = n * targets;
  let highCount: i32 = 0;
  let at: i32 = bitsOf(largest * guess);
  let slope = SLOPE;
  let lastAt: i32 = 0;
  let lastSize: i32 = 0;
  for (let turn = 0; ; turn++) {
    if (turn === MOST_TURNS || <f64>reinterpret<f32>(at) < LEAST_PRODUCT) return false;
    const counts = countsAt(reinterpret<f32>(at), sizes, padded, buckets);
    const sure = <i32>(counts >> 32);
    const possible = <i32>counts;
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
    if (lowCount - highCount <= FEW || high - low < 2) break;
    // A step of the secant through the last two points, while that stays between the bounds.
    const size = bitsOf(<f64>max((sure + possible) >> 1, 1));
    if (lastAt !== 0) slope = max(min(<f64>(size - lastSize) / <f64>(at - lastAt), LEAST_SLOPE), MOST_SLOPE);
    lastAt = at;
    lastSize = size;
    at += <i32>(<f64>(bitsOf(<f64>count) - size) / slope);
    if (low === 0) at = min(at, high - QUARTER_OCTAVE);
    else if (at <= low || at >= high || turn % 4 === 3) at = low + ((high - low) >> 1);
  }

  const threshold = thresholdBetween(
    reinterpret<f32>(low), reinterpret<f32>(high), xs, buckets, sizes, targets, count, spare,
  );
  if (threshold === 0) return false;
  store<f64>(out, threshold / largest);
  const bounded = prefixesAt(threshold, xs, buckets, sizes, targets, prefix, order, list, count);
  if (bounded < 0) return false;
  let prefixed: i32 = 0;
  for (let j: i32 = 0; j < targets; j++) prefixed += load<i32>(prefix + (<usize>j << 2));
  let listed = bounded;
  if (prefixed + listed > count) {
    // More are tied at the threshold than are wanted.
    listed = listAbove(threshold, xs, buckets, sizes, targets, order, list);
    listed = listTied(x, n, g, targets, threshold, count - prefixed, listed, list);
  }
  store<i32>(out + 8, prefixed);
  store<i32>(out + 12, listed);
  return prefixed + listed === count;
}

function bitsOf(value: f64): i32 {
  return reinterpret<i32>(<f32>value);
}

/** Bits of threshold / size as float32 rounds it. */
function quotient(threshold: f64, size: f32): i32 {
  return reinterpret<i32>(<f32>threshold / size);
}

/** The `count`-th largest product, if it lies from `low` up to, but not, `high`; else 0. */
function thresholdBetween(
  low: f32, high: f32, xs: usize, buckets: usize, sizes: usize, targets: i32, count: i32, spare: usize,
): f64 {
  let above: i32 = 0;
  let found: i32 = 0;
  for (let j: i32 = 0; j < targets; j++) {
    const size = load<f32>(sizes + (<usize>j << 2));
    if (size === 0) continue;
    const from = surely(quotient(high, size), buckets);
    const to = possibly(quotient(low, size), buckets);
    above += from;
    for (let k = from; k < to; k++) {
      const product = <f64>abs(load<f32>(xs + (<usize>k << 2))) * <f64>size;
      if (product >= high) above++;
      else if (product >= low) {
        if (found === GATHERED) return 0;
        store<f64>(spare + (<usize>found << 3), product);
        found++;
      }
    }
  }
  if (above >= count || above + found < count) return 0;
  return nthLargest(spare, found, count - above);
}

/** prefix_j = places of the order that are surely above; lists what else is not below. Returns how many, or -1. */
function prefixesAt(
  threshold: f64, xs: usize, buckets: usize, sizes: usize, targets: i32,
  prefix: usize, order: usize, list: usize, room: i32,
): i32 {
  let listed: i32 = 0;
  for (let j: i32 = 0; j < targets; j++) {
    const size = load<f32>(sizes + (<usize>j << 2));
    let from: i32 = 0;
    if (size > 0) {
      const bits = quotient(threshold, size);
      from = surely(bits, buckets);
      const to = possibly(bits, buckets);
      for (let k = from; k < to; k++) {
        if (<f64>abs(load<f32>(xs + (<usize>k << 2))) * <f64>size < threshold) continue;
        if (listed === room) return -1;
        store<u32>(list + (<usize>listed << 2), (j << 16) | load<i32>(order + (<usize>k << 2)));
        listed++;
      }
    }
    store<i32>(prefix + (<usize>j << 2), from);
  }
  return listed;
}

/** Lists what is above the threshold and in no prefix. */
function listAbove(
  threshold: f64, xs: usize, buckets: usize, sizes: usize, targets: i32, order: usize, list: usize,
): i32 {
  let listed: i32 = 0;
  for (let j: i32 = 0; j < targets; j++) {
    const size = load<f32>(sizes + (<usize>j << 2));
    if (size === 0) continue;
    const bits = quotient(threshold, size);
    const to = possibly(bits, buckets);
    for (let k = surely(bits, buckets); k < to; k++) {
      if (<f64>abs(load<f32>(xs + (<usize>k << 2))) * <f64>size <= threshold) continue;
      store<u32>(list + (<usize>listed << 2), (j << 16) | load<i32>(order + (<usize>k << 2)));
      listed++;
    }
  }
  return listed;
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
