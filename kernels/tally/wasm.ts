/**
 * Counts what a proposed change Δw_ji = g_j·x_i writes: L0 (how many are not zero) and L1 (Σ|Δw|) in quanta of
 * 2^-24, each change rounded to the nearest quantum (ties to even). Equations in reference.ts.
 */

const QUANTA_PER_UNIT: f64 = 16777216;

function quanta(change: f32): f64 {
  return nearest(<f64>abs(change) * QUANTA_PER_UNIT);
}

/** Σ_ji of the quanta of |g_j·x_i|. `largest` is at least every |x_i|. */
export function outerL1(x: usize, g: usize, targets: i32, stride: i32, largest: f32): f64 {
  let sum: f64 = 0;
  for (let j: i32 = 0; j < targets; j++) {
    const factor = load<f32>(g + ((<usize>j) << 2));
    if (factor === 0) continue;
    if (abs(factor) * largest < 0.25 && stride <= 512 * 4) sum += <f64>rowQuantaOfSmall(x, factor, stride);
    else sum += rowQuanta(x, factor, stride);
  }
  return sum;
}

function rowQuanta(x: usize, factor: f32, stride: i32): f64 {
  const f = f32x4.splat(factor);
  const unit = f64x2.splat(QUANTA_PER_UNIT);
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (let at: usize = 0; at < <usize>stride << 2; at += 16) {
    const size = f32x4.abs(f32x4.mul(f, v128.load(x + at)));
    const upper = i64x2.shuffle(size, size, 1, 1);
    low = f64x2.add(low, f64x2.nearest(f64x2.mul(f64x2.promote_low_f32x4(size), unit)));
    high = f64x2.add(high, f64x2.nearest(f64x2.mul(f64x2.promote_low_f32x4(upper), unit)));
  }
  const sum = f64x2.add(low, high);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/**
 * Changes below 1/4: floats between 1/2 and 1 are 2^-24 apart, so that |Δw| + 1/2 is rounded to a quantum by the
 * addition itself, and its bit pattern counts the quanta above 1/2. Lanes hold 512 of them without overflow.
 */
function rowQuantaOfSmall(x: usize, factor: f32, stride: i32): u64 {
  const f = f32x4.splat(factor);
  const half = f32x4.splat(0.5);
  let lanes = i32x4.splat(0);
  for (let at: usize = 0; at < (<usize>stride) << 2; at += 16) {
    const sum = f32x4.add(f32x4.abs(f32x4.mul(f, v128.load(x + at))), half);
    lanes = i32x4.add(lanes, i32x4.sub(sum, half));
  }
  const pairs = i64x2.add(i64x2.extend_low_i32x4_u(lanes), i64x2.extend_high_i32x4_u(lanes));
  return <u64>(i64x2.extract_lane(pairs, 0) + i64x2.extract_lane(pairs, 1));
}

/** How many of g_j·x_i are not zero. */
export function outerL0(x: usize, g: usize, targets: i32, stride: i32): f64 {
  let count: f64 = 0;
  for (let j: i32 = 0; j < targets; j++) {
    const f = f32x4.splat(load<f32>(g + ((<usize>j) << 2)));
    let lanes = i32x4.splat(0);
    for (let at: usize = 0; at < (<usize>stride) << 2; at += 16) {
      lanes = i32x4.sub(lanes, f32x4.ne(f32x4.mul(f, v128.load(x + at)), f32x4.splat(0)));
    }
    count += <f64>(
      (i32x4.extract_lane(lanes, 0) +
        i32x4.extract_lane(lanes, 1) +
        (i32x4.extract_lane(lanes, 2) + i32x4.extract_lane(lanes, 3)))
    );
  }
  return count;
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

function countAt(index: usize, change: f32, l0: usize, l1: usize): void {
  const count = l0 + (index << 2);
  store<u32>(count, load<u32>(count) + 1);
  const sum = l1 + (index << 3);
  store<f64>(sum, load<f64>(sum) + quanta(change));
}
