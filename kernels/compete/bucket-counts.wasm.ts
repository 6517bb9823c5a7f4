/** How many products |x|·|g| are above a threshold, and which places of the order they take, as the buckets tell. */
import { LAST, SHIFT, STARTS } from './buckets.wasm';

/** The quotient of two float32 is this near to the true one, in units of its last place, and nearer. */
export const ROUNDING: i32 = 4;

/**
 * For about how many products a threshold is surely passed (low half) and possibly (high half): the ends of the buckets
 * that it falls into, up to the rounding of quotients. Where bucket b starts and where it ends lie side by side, so
 * that one load adds both.
 */
export function countsAt(threshold: f32, sizes: usize, targets: i32, buckets: usize): u64 {
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
export function rangesAt(
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
