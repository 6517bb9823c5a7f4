/** Counts L0 and L1 of weight changes; equations in reference.ts. */

const QUANTA_PER_UNIT: f64 = 16777216;

/**
 * @param previous, now float32, `count` of them
 * @param l0 uint32; @param l1 float64: both are counted up
 * @param count a multiple of 4
 * @returns how many weights changed
 */
export function weightChange(previous: usize, now: usize, l0: usize, l1: usize, count: i32): u32 {
  const scale = f64x2.splat(QUANTA_PER_UNIT);
  let updates = i32x4.splat(0);
  const end = now + ((<usize>count) << 2);
  while (now < end) {
    const before = v128.load(previous);
    const after = v128.load(now);
    const changed = f32x4.ne(before, after);
    if (v128.any_true(changed)) {
      updates = i32x4.sub(updates, changed);
      v128.store(l0, i32x4.sub(v128.load(l0), changed));
      addQuanta(l1, before, after, scale);
      addQuanta(l1 + 16, upperHalf(before), upperHalf(after), scale);
      v128.store(previous, after);
    }
    previous += 16;
    now += 16;
    l0 += 16;
    l1 += 32;
  }
  return (
    i32x4.extract_lane(updates, 0) +
    i32x4.extract_lane(updates, 1) +
    i32x4.extract_lane(updates, 2) +
    i32x4.extract_lane(updates, 3)
  );
}

/** Two sums more; the difference of two float32 is exact in float64 unless their exponents are far apart. */
function addQuanta(l1: usize, before: v128, after: v128, scale: v128): void {
  const difference = f64x2.sub(f64x2.promote_low_f32x4(after), f64x2.promote_low_f32x4(before));
  const quanta = f64x2.nearest(f64x2.mul(f64x2.abs(difference), scale));
  v128.store(l1, f64x2.add(v128.load(l1), quanta));
}

function upperHalf(lanes: v128): v128 {
  return i32x4.shuffle(lanes, lanes, 2, 3, 2, 3);
}
