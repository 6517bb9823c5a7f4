/** Counts L0 and L1 of weight changes over several steps; equations in reference.ts. */

const QUANTA_PER_UNIT: f32 = 16777216;

/**
 * Several steps are counted at once, because the memory for the sums is what costs time.
 *
 * @param history `steps` + 1 rows of `count` float32: the weights before, and after each step
 * @param l0 uint32; @param l1 float64: both are counted up
 * @param count a multiple of 4
 */
export function weightChange(history: usize, steps: i32, l0: usize, l1: usize, count: i32): void {
  const scale = f32x4.splat(QUANTA_PER_UNIT);
  const row = (<usize>count) << 2;
  const end = history + row;
  for (let column = history; column < end; column += 16) {
    let before = v128.load(column);
    let changes = i32x4.splat(0);
    let lower = f64x2.splat(0);
    let upper = f64x2.splat(0);
    let at = column;
    for (let step: i32 = 0; step < steps; step++) {
      at += row;
      const after = v128.load(at);
      const quanta = f32x4.nearest(f32x4.mul(f32x4.abs(f32x4.sub(after, before)), scale));
      changes = i32x4.sub(changes, f32x4.ne(before, after));
      lower = f64x2.add(lower, f64x2.promote_low_f32x4(quanta));
      upper = f64x2.add(upper, f64x2.promote_low_f32x4(i32x4.shuffle(quanta, quanta, 2, 3, 2, 3)));
      before = after;
    }
    v128.store(l0, i32x4.add(v128.load(l0), changes));
    v128.store(l1, f64x2.add(v128.load(l1), lower));
    v128.store(l1, f64x2.add(v128.load(l1, 16), upper), 16);
    l0 += 16;
    l1 += 32;
  }
}
