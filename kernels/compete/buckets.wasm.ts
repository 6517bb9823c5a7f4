/**
 * An order by buckets instead of a sorted one: what it should gain, and gained, in NOTES.md.
 */

// An order by buckets is kept with how it was made, as i32 at its address: the name of the first bucket; the bits of a
// float32 below those that name its bucket (2^(23 - shift) buckets an octave); the last bucket, which all smaller values
// share; 0; then the places where each bucket starts, and where the last one ends; then work space.
export const SHIFT: usize = 4;
export const LAST: usize = 8;
export const STARTS: usize = 16;

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

export function largestOf(x: usize, n: i32): f32 {
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
