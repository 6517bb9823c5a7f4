/** Random numbers inside the engine: raw Philox blocks, and the Poisson input of whole populations. */
import { philoxPair, philoxX4, writeSchedule } from './philox.wasm';

/** Writes 16·`blocks` random words at `out`: block b holds the counters 4b … 4b+3 of word 0, the others as given. */
export function philoxFill(
  out: usize,
  firstBlock: u32,
  blocks: i32,
  c1: u32,
  c2: u32,
  c3: u32,
  key0: u32,
  key1: u32,
): void {
  for (let b = 0; b < blocks; b++) {
    const c0 = i32x4.add(i32x4.splat(4 * (firstBlock + b)), i32x4(0, 1, 2, 3));
    philoxX4(c0, i32x4.splat(c1), i32x4.splat(c2), i32x4.splat(c3), key0, key1, out);
    out += 64;
  }
}

/**
 * Poisson counts of 16·`groups` neurons for the four steps 4·quad … 4·quad+3, as bytes at counts + s·stride.
 *
 * A draw takes two random bytes: four bits choose a column of an alias table (Walker 1977), twelve are its coin.
 * Where a coin equals the first twelve bits of its threshold (once in 4096), a third byte decides.
 * `table` holds four vectors: the thresholds (high nibble, middle byte, low byte) and the aliases.
 * `parts` draws are added to one count: Poisson(λ) as the sum of `parts` draws of Poisson(λ/parts).
 */
export function poissonCounts(
  counts: usize,
  stride: i32,
  firstGroup: u32,
  groups: i32,
  quad: u32,
  parts: u32,
  key0: u32,
  key1: u32,
  table: usize,
  scratch: usize,
): void {
  const high = v128.load(table);
  const middle = v128.load(table, 16);
  const low = v128.load(table, 32);
  const alias = v128.load(table, 48);
  const fifteen = i8x16.splat(15);
  const lanes = i32x4(0, 1, 2, 3);
  const c1 = i32x4.splat(quad);
  const schedule = scratch + 192;
  writeSchedule(key0, key1, schedule);
  for (let part: u32 = 0; part < parts; part++) {
    const c3 = i32x4.splat(part);
    for (let group = 0; group < groups; group++) {
      const c0 = i32x4.splat(firstGroup + group);
      philoxPair(c0, c1, lanes, i32x4.add(lanes, i32x4.splat(4)), c3, schedule, scratch);
      let thirdBytes = false;
      let out = counts + 16 * group;
      for (let s: u32 = 0; s < 4; s++) {
        const first = v128.load(scratch + 32 * s);
        const column = v128.and(first, fifteen);
        const coin0 = v128.andnot(first, fifteen);
        const coin1 = v128.load(scratch + 32 * s, 16);
        const p0 = i8x16.swizzle(high, column);
        const p1 = i8x16.swizzle(middle, column);
        const equal0 = i8x16.eq(coin0, p0);
        const equal1 = v128.and(equal0, i8x16.eq(coin1, p1));
        let below = v128.or(i8x16.lt_u(coin0, p0), v128.and(equal0, i8x16.lt_u(coin1, p1)));
        if (v128.any_true(equal1)) {
          if (!thirdBytes) {
            thirdBytes = true;
            philoxX4(c0, c1, i32x4.add(lanes, i32x4.splat(8)), c3, key0, key1, scratch + 128);
          }
          const coin2 = v128.load(scratch + 16 * s, 128);
          below = v128.or(below, v128.and(equal1, i8x16.lt_u(coin2, i8x16.swizzle(low, column))));
        }
        let count = v128.bitselect(column, i8x16.swizzle(alias, column), below);
        if (part > 0) count = i8x16.add_sat_u(count, v128.load(out));
        v128.store(out, count);
        out += stride;
      }
    }
  }
}

/** acc[i] += weight · counts[i] for 16·`groups` neurons; the weight in quanta of the accumulator. */
export function addCounts(acc: usize, counts: usize, groups: i32, weight: i32): void {
  const w = i32x4.splat(weight);
  for (let group = 0; group < groups; group++) {
    const count = v128.load(counts);
    const low = i16x8.extend_low_i8x16_u(count);
    const high = i16x8.extend_high_i8x16_u(count);
    addProduct(acc, i32x4.extend_low_i16x8_u(low), w);
    addProduct(acc + 16, i32x4.extend_high_i16x8_u(low), w);
    addProduct(acc + 32, i32x4.extend_low_i16x8_u(high), w);
    addProduct(acc + 48, i32x4.extend_high_i16x8_u(high), w);
    counts += 16;
    acc += 64;
  }
}

// @ts-ignore: decorator
@inline
function addProduct(acc: usize, count: v128, weight: v128): void {
  v128.store(acc, i32x4.add(v128.load(acc), i32x4.mul(count, weight)));
}
