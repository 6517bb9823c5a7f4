/**
 * Counts what a proposed change Δw_ji = g_j·x_i writes: L0 (how many are not zero) and L1 (Σ|Δw|) in quanta of
 * 2^-24, each change rounded to the nearest quantum (ties to even). Equations in reference.ts.
 */

const QUANTA_PER_UNIT: f64 = 16777216;

function quanta(change: f32): f64 {
  return nearest(<f64>abs(change) * QUANTA_PER_UNIT);
}

/**
 * L0 and L1 of all g_j·x_i, added to out[0] and out[1].
 *
 * @param sizes `stride` floats of work space, for |x|
 */
export function outer(x: usize, g: usize, targets: i32, stride: i32, sizes: usize, out: usize): void {
  store<f64>(out, load<f64>(out) + writes(x, g, targets, stride));
  const largest = magnitudes(x, stride, sizes);
  let sum: f64 = 0;
  let j: i32 = 0;
  for (; j + 4 <= targets; j += 4) {
    const rows = f32x4.abs(v128.load(g + (<usize>j << 2)));
    if (v128.any_true(f32x4.ge(f32x4.mul(rows, f32x4.splat(largest)), f32x4.splat(0.25))) || stride > 2048) {
      for (let k: i32 = 0; k < 4; k++) sum += rowQuanta(sizes, abs(load<f32>(g + (<usize>(j + k) << 2))), stride);
    } else {
      sum += <f64>fourRowsOfSmall(sizes, rows, stride);
    }
  }
  for (; j < targets; j++) sum += rowQuanta(sizes, abs(load<f32>(g + (<usize>j << 2))), stride);
  store<f64>(out + 8, load<f64>(out + 8) + sum);
}

/** sizes = |x|; returns the largest. */
function magnitudes(x: usize, stride: i32, sizes: usize): f32 {
  let largest = f32x4.splat(0);
  for (let at: usize = 0; at < <usize>stride << 2; at += 16) {
    const size = f32x4.abs(v128.load(x + at));
    v128.store(sizes + at, size);
    largest = f32x4.max(largest, size);
  }
  return max(
    max(f32x4.extract_lane(largest, 0), f32x4.extract_lane(largest, 1)),
    max(f32x4.extract_lane(largest, 2), f32x4.extract_lane(largest, 3)),
  );
}

function rowQuanta(sizes: usize, factor: f32, stride: i32): f64 {
  const f = f32x4.splat(factor);
  const unit = f64x2.splat(QUANTA_PER_UNIT);
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (let at: usize = 0; at < <usize>stride << 2; at += 16) {
    const size = f32x4.mul(f, v128.load(sizes + at));
    const upper = i64x2.shuffle(size, size, 1, 1);
    low = f64x2.add(low, f64x2.nearest(f64x2.mul(f64x2.promote_low_f32x4(size), unit)));
    high = f64x2.add(high, f64x2.nearest(f64x2.mul(f64x2.promote_low_f32x4(upper), unit)));
  }
  const sum = f64x2.add(low, high);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/**
 * Changes below 1/4, four rows at a time: floats between 1/2 and 1 are 2^-24 apart, so that |Δw| + 1/2 is rounded
 * to a quantum by the addition itself, and its bit pattern counts the quanta above 1/2. Lanes hold the sums of
 * 512 of them; what the bit patterns of 1/2 add to a lane overflows and is taken off at the end.
 */
function fourRowsOfSmall(sizes: usize, rows: v128, stride: i32): u64 {
  const f0 = f32x4.splat(f32x4.extract_lane(rows, 0));
  const f1 = f32x4.splat(f32x4.extract_lane(rows, 1));
  const f2 = f32x4.splat(f32x4.extract_lane(rows, 2));
  const f3 = f32x4.splat(f32x4.extract_lane(rows, 3));
  const half = f32x4.splat(0.5);
  let sum0 = i32x4.splat(0);
  let sum1 = i32x4.splat(0);
  let sum2 = i32x4.splat(0);
  let sum3 = i32x4.splat(0);
  for (let at: usize = 0; at < <usize>stride << 2; at += 16) {
    const size = v128.load(sizes + at);
    sum0 = i32x4.add(sum0, f32x4.add(f32x4.mul(f0, size), half));
    sum1 = i32x4.add(sum1, f32x4.add(f32x4.mul(f1, size), half));
    sum2 = i32x4.add(sum2, f32x4.add(f32x4.mul(f2, size), half));
    sum3 = i32x4.add(sum3, f32x4.add(f32x4.mul(f3, size), half));
  }
  const halves = i32x4.mul(i32x4.splat(stride >> 2), half);
  return (
    lanes(i32x4.sub(sum0, halves)) +
    lanes(i32x4.sub(sum1, halves)) +
    lanes(i32x4.sub(sum2, halves)) +
    lanes(i32x4.sub(sum3, halves))
  );
}

/** Sum of four u32. */
function lanes(v: v128): u64 {
  const pairs = i64x2.add(i64x2.extend_low_i32x4_u(v), i64x2.extend_high_i32x4_u(v));
  return <u64>(i64x2.extract_lane(pairs, 0) + i64x2.extract_lane(pairs, 1));
}

/** How many g_j·x_i are not zero: those with two factors that are not, unless the smallest product underflows. */
function writes(x: usize, g: usize, targets: i32, stride: i32): f64 {
  const xs = nonZero(x, stride);
  const gs = nonZero(g, targets);
  if (smallest(x, stride) * smallest(g, targets) >= f32.MIN_NORMAL_VALUE) return <f64>xs * <f64>gs;
  let count: f64 = 0;
  for (let j: i32 = 0; j < targets; j++) {
    const factor = load<f32>(g + (<usize>j << 2));
    for (let i: i32 = 0; i < stride; i++) if (factor * load<f32>(x + (<usize>i << 2)) !== 0) count += 1;
  }
  return count;
}

function nonZero(values: usize, n: i32): i32 {
  const whole = n & ~3;
  let counts = i32x4.splat(0);
  for (let i: i32 = 0; i < whole; i += 4) {
    counts = i32x4.sub(counts, f32x4.ne(v128.load(values + ((<usize>i) << 2)), f32x4.splat(0)));
  }
  let count = <i32>lanes(counts);
  for (let i = whole; i < n; i++) count += i32(load<f32>(values + ((<usize>i) << 2)) !== 0);
  return count;
}

/** Smallest magnitude that is not zero. */
function smallest(values: usize, n: i32): f32 {
  const whole = n & ~3;
  const none = f32x4.splat(f32.MAX_VALUE);
  let leasts = none;
  for (let i: i32 = 0; i < whole; i += 4) {
    const size = f32x4.abs(v128.load(values + ((<usize>i) << 2)));
    leasts = f32x4.min(leasts, v128.bitselect(none, size, f32x4.eq(size, f32x4.splat(0))));
  }
  let least = min(
    min(f32x4.extract_lane(leasts, 0), f32x4.extract_lane(leasts, 1)),
    min(f32x4.extract_lane(leasts, 2), f32x4.extract_lane(leasts, 3)),
  );
  for (let i = whole; i < n; i++) {
    const size = abs(load<f32>(values + ((<usize>i) << 2)));
    if (size !== 0 && size < least) least = size;
  }
  return least;
}

/**
 * L0 and L1 of the first prefix_j products g_j·xs_k of each row, added to out[0] and out[1]. None of them is 0.
 *
 * @param xs input in some order; readable up to a multiple of four
 * @param largest the largest |x|
 * @param prefix i32 of each row
 */
export function prefixes(xs: usize, largest: f32, prefix: usize, g: usize, targets: i32, out: usize): void {
  let writes: i64 = 0;
  let small = i64x2.splat(0);
  let large: f64 = 0;
  for (let j: i32 = 0; j < targets; j++) {
    const length = load<i32>(prefix + (<usize>j << 2));
    if (length === 0) continue;
    writes += length;
    const factor = abs(load<f32>(g + (<usize>j << 2)));
    if (length > 2048 || factor * largest >= 0.25) {
      for (let k: i32 = 0; k < length; k++) large += quanta(factor * load<f32>(xs + (<usize>k << 2)));
      continue;
    }
    const sum = rowOfSmall(xs, factor, length);
    small = i64x2.add(small, i64x2.extend_low_i32x4_u(sum));
    small = i64x2.add(small, i64x2.extend_high_i32x4_u(sum));
  }
  const sums = <f64>(i64x2.extract_lane(small, 0) + i64x2.extract_lane(small, 1));
  store<f64>(out, load<f64>(out) + <f64>writes);
  store<f64>(out + 8, load<f64>(out + 8) + large + sums);
}

/** Quanta of changes below 1/4, summed in four lanes: as in fourRowsOfSmall. */
// @ts-ignore: decorator
@inline
function rowOfSmall(xs: usize, factor: f32, length: i32): v128 {
  const f = f32x4.splat(factor);
  const half = f32x4.splat(0.5);
  let sum = i32x4.splat(0);
  const whole = length & ~3;
  for (let at: usize = 0; at < <usize>whole << 2; at += 16) {
    sum = i32x4.add(sum, f32x4.add(f32x4.abs(f32x4.mul(f, v128.load(xs + at))), half));
  }
  const mask = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(length - whole));
  const rest = v128.and(v128.load(xs + (<usize>whole << 2)), mask);
  sum = i32x4.add(sum, f32x4.add(f32x4.abs(f32x4.mul(f, rest)), half));
  return i32x4.sub(sum, i32x4.mul(i32x4.splat((whole >> 2) + 1), half));
}

/** The same for each synapse: l0_ji and l1_ji (rows of `stride`) are counted up. */
export function outerDetail(x: usize, g: usize, targets: i32, stride: i32, l0: usize, l1: usize): void {
  for (let j: i32 = 0; j < targets; j++) {
    const factor = load<f32>(g + ((<usize>j) << 2));
    for (let i: i32 = 0; i < stride; i++) {
      const change = factor * load<f32>(x + ((<usize>i) << 2));
      if (change !== 0) countAt(<usize>(j * stride + i), change, l0, l1);
    }
  }
}

/**
 * L0 and L1 of the synapses of a list (an entry is j·2^16 + i); into out[0] and out[1], and, where l0 is not 0,
 * for each synapse.
 */
export function entries(
  x: usize,
  g: usize,
  list: usize,
  count: i32,
  stride: i32,
  out: usize,
  l0: usize,
  l1: usize,
): void {
  let writes: f64 = 0;
  let sum: f64 = 0;
  for (let k: i32 = 0; k < count; k++) {
    const entry = load<u32>(list + ((<usize>k) << 2));
    const i = entry & 0xffff;
    const j = entry >> 16;
    const change = load<f32>(g + ((<usize>j) << 2)) * load<f32>(x + ((<usize>i) << 2));
    if (change === 0) continue;
    writes += 1;
    sum += quanta(change);
    if (l0) countAt(<usize>(j * stride + i), change, l0, l1);
  }
  store<f64>(out, load<f64>(out) + writes);
  store<f64>(out + 8, load<f64>(out + 8) + sum);
}

/**
 * L0 and L1 of any changes, one f32 a synapse, added to out[0] and out[1], and, where l0 is not 0, to each synapse's.
 *
 * @param n a multiple of four
 */
export function all(changes: usize, n: i32, out: usize, l0: usize, l1: usize): void {
  const unit = f64x2.splat(QUANTA_PER_UNIT);
  let writes = i32x4.splat(0);
  let sums = f64x2.splat(0);
  for (let k: i32 = 0; k < n; k += 4) {
    const change = v128.load(changes + (<usize>k << 2));
    const isWritten = f32x4.ne(change, f32x4.splat(0));
    if (!v128.any_true(isWritten)) continue;
    writes = i32x4.sub(writes, isWritten);
    const size = f32x4.abs(change);
    const low = f64x2.nearest(f64x2.mul(f64x2.promote_low_f32x4(size), unit));
    const high = f64x2.nearest(f64x2.mul(f64x2.promote_low_f32x4(i64x2.shuffle(size, size, 1, 1)), unit));
    sums = f64x2.add(sums, f64x2.add(low, high));
    if (l0 === 0) continue;
    const count = l0 + (<usize>k << 2);
    v128.store(count, i32x4.sub(v128.load(count), isWritten));
    const sum = l1 + (<usize>k << 3);
    v128.store(sum, f64x2.add(v128.load(sum), low));
    v128.store(sum, f64x2.add(v128.load(sum, 16), high), 16);
  }
  store<f64>(out, load<f64>(out) + <f64>lanes(writes));
  store<f64>(out + 8, load<f64>(out + 8) + f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1));
}

function countAt(index: usize, change: f32, l0: usize, l1: usize): void {
  const count = l0 + (index << 2);
  store<u32>(count, load<u32>(count) + 1);
  const sum = l1 + (index << 3);
  store<f64>(sum, load<f64>(sum) + quanta(change));
}
