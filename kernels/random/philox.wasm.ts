/**
 * Philox 4x32-10 (Salmon, Moraes, Dror and Shaw 2011, doi:10.1145/2063384.2063405) on four counters at once.
 *
 * Lane l of c0 … c3 is one counter. Four vectors of four random words are written at `out`: lane l of vector
 * w is word w of counter l.
 */
const M0: u32 = 0xd2511f53;
const M1: u32 = 0xcd9e8d57;
const W0: u32 = 0x9e3779b9;
const W1: u32 = 0xbb67ae85;

// @ts-ignore: decorator
@inline
export function philoxX4(c0: v128, c1: v128, c2: v128, c3: v128, key0: u32, key1: u32, out: usize): void {
  const m0 = i32x4.splat(M0);
  const m1 = i32x4.splat(M1);
  const w0 = i32x4.splat(W0);
  const w1 = i32x4.splat(W1);
  let k0 = i32x4.splat(key0);
  let k1 = i32x4.splat(key1);
  for (let round = 0; round < 10; round++) {
    const a01 = i64x2.extmul_low_i32x4_u(c0, m0);
    const a23 = i64x2.extmul_high_i32x4_u(c0, m0);
    const b01 = i64x2.extmul_low_i32x4_u(c2, m1);
    const b23 = i64x2.extmul_high_i32x4_u(c2, m1);
    const highA = v128.shuffle<i32>(a01, a23, 1, 3, 5, 7);
    const highB = v128.shuffle<i32>(b01, b23, 1, 3, 5, 7);
    c0 = v128.xor(v128.xor(highB, c1), k0);
    c1 = v128.shuffle<i32>(b01, b23, 0, 2, 4, 6);
    c2 = v128.xor(v128.xor(highA, c3), k1);
    c3 = v128.shuffle<i32>(a01, a23, 0, 2, 4, 6);
    k0 = i32x4.add(k0, w0);
    k1 = i32x4.add(k1, w1);
  }
  v128.store(out, c0);
  v128.store(out, c1, 16);
  v128.store(out, c2, 32);
  v128.store(out, c3, 48);
}

/** Bytes of what `writeSchedule` writes. */
export const SCHEDULE_BYTES = 16 * 22;

/**
 * The multipliers and the keys of all rounds as vectors, for `philoxPair`: read from memory they cost one operand;
 * constants would be made anew from three instructions each in every round.
 */
export function writeSchedule(key0: u32, key1: u32, at: usize): void {
  v128.store(at, i32x4.splat(M0));
  v128.store(at, i32x4.splat(M1), 16);
  for (let round = 0; round < 10; round++) {
    v128.store(at + 32 * round, i32x4.splat(key0 + round * W0), 32);
    v128.store(at + 32 * round, i32x4.splat(key1 + round * W1), 48);
  }
}

/**
 * Two calls that differ in c2 alone, their rounds interleaved: the multiplications of one hide the latency of the
 * other. Eight vectors are written at `out`, the words of the first call, then those of the second.
 */
// @ts-ignore: decorator
@inline
export function philoxPair(
  c0: v128,
  c1: v128,
  c2: v128,
  otherC2: v128,
  c3: v128,
  schedule: usize,
  out: usize,
): void {
  const m0 = v128.load(schedule);
  const m1 = v128.load(schedule, 16);
  let d0 = c0;
  let d1 = c1;
  let d2 = otherC2;
  let d3 = c3;
  const end = schedule + SCHEDULE_BYTES;
  for (let round = schedule + 32; round < end; round += 32) {
    const k0 = v128.load(round);
    const k1 = v128.load(round, 16);
    let a01 = i64x2.extmul_low_i32x4_u(c0, m0);
    let a23 = i64x2.extmul_high_i32x4_u(c0, m0);
    let b01 = i64x2.extmul_low_i32x4_u(c2, m1);
    let b23 = i64x2.extmul_high_i32x4_u(c2, m1);
    c0 = v128.xor(v128.xor(v128.shuffle<i32>(b01, b23, 1, 3, 5, 7), c1), k0);
    c1 = v128.shuffle<i32>(b01, b23, 0, 2, 4, 6);
    c2 = v128.xor(v128.xor(v128.shuffle<i32>(a01, a23, 1, 3, 5, 7), c3), k1);
    c3 = v128.shuffle<i32>(a01, a23, 0, 2, 4, 6);
    a01 = i64x2.extmul_low_i32x4_u(d0, m0);
    a23 = i64x2.extmul_high_i32x4_u(d0, m0);
    b01 = i64x2.extmul_low_i32x4_u(d2, m1);
    b23 = i64x2.extmul_high_i32x4_u(d2, m1);
    d0 = v128.xor(v128.xor(v128.shuffle<i32>(b01, b23, 1, 3, 5, 7), d1), k0);
    d1 = v128.shuffle<i32>(b01, b23, 0, 2, 4, 6);
    d2 = v128.xor(v128.xor(v128.shuffle<i32>(a01, a23, 1, 3, 5, 7), d3), k1);
    d3 = v128.shuffle<i32>(a01, a23, 0, 2, 4, 6);
  }
  v128.store(out, c0);
  v128.store(out, c1, 16);
  v128.store(out, c2, 32);
  v128.store(out, c3, 48);
  v128.store(out, d0, 64);
  v128.store(out, d1, 80);
  v128.store(out, d2, 96);
  v128.store(out, d3, 112);
}
