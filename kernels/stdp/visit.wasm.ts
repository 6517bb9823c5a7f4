/** One row of synapses catches up with the spikes of its targets; equations in reference.ts. */
import { Plastic } from './plastic.wasm';
import { power } from './power.wasm';

// @ts-ignore: decorator
@inline
function raised(p: Plastic, v: v128, exponent: f32): v128 {
  if (exponent == 1) return v;
  const constants = changetype<usize>(p) + offsetof<Plastic>('constants');
  if (exponent == 0) return v128.load32_splat(constants, 12);
  return power(v, f32x4.splat(exponent), constants);
}

/** Four table entries. */
// @ts-ignore: decorator
@inline
function gather(table: usize, k: v128): v128 {
  const at = i32x4.shl(k, 2);
  let v = v128.load32_zero(table + <usize>i32x4.extract_lane(at, 0));
  v = v128.load_lane<f32>(table + <usize>i32x4.extract_lane(at, 1), v, 1);
  v = v128.load_lane<f32>(table + <usize>i32x4.extract_lane(at, 2), v, 2);
  return v128.load_lane<f32>(table + <usize>i32x4.extract_lane(at, 3), v, 3);
}

/** The `entry`-th newest spike of four targets. */
// @ts-ignore: decorator
@inline
function spikesOf(a: usize, b: usize, c: usize, d: usize, entry: usize): v128 {
  let v = i16x8.splat(0);
  v = v128.load_lane<i16>(a + 2 * entry, v, 0);
  v = v128.load_lane<i16>(b + 2 * entry, v, 1);
  v = v128.load_lane<i16>(c + 2 * entry, v, 2);
  v = v128.load_lane<i16>(d + 2 * entry, v, 3);
  return i32x4.extend_low_i16x8_s(v);
}

/** How many spikes after `after` the one of four targets has that has most: records are in falling order. */
// @ts-ignore: decorator
@inline
function mostSpikes(records: usize, four: u64, after: v128): i32 {
  const a = records + ((<usize>four & 0xffff) << 5);
  const b = records + ((<usize>(four >> 16) & 0xffff) << 5);
  const c = records + ((<usize>(four >> 32) & 0xffff) << 5);
  const d = records + (<usize>(four >> 48) << 5);
  const newer = i16x8.max_s(
    i16x8.max_s(v128.load(a), v128.load(b)),
    i16x8.max_s(v128.load(c), v128.load(d)),
  );
  const older = i16x8.max_s(
    i16x8.max_s(v128.load(a, 16), v128.load(b, 16)),
    i16x8.max_s(v128.load(c, 16), v128.load(d, 16)),
  );
  const both = i8x16.narrow_i16x8_s(i16x8.gt_s(newer, after), i16x8.gt_s(older, after));
  return popcnt(i8x16.bitmask(both) & 0x3fff);
}

// @ts-ignore: decorator
@inline
function quantise(w: v128, quanta: f32): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(w, f32x4.splat(quanta))));
}

/** A weight in ledger quanta: from 2^23 on, floats are whole numbers and their bits count them. */
// @ts-ignore: decorator
@inline
function counts(p: Plastic, w: v128): v128 {
  const whole = v128.load32_splat(changetype<usize>(p) + offsetof<Plastic>('constants'), 8);
  return f32x4.add(f32x4.mul(w, f32x4.splat(p.ledgerQuanta)), whole);
}

// @ts-ignore: decorator
@inline
function addUp(sum: v128, words: v128): v128 {
  return i64x2.add(sum, i64x2.add(i64x2.extend_low_i32x4_s(words), i64x2.extend_high_i32x4_s(words)));
}

// @ts-ignore: decorator
@inline
function addTo(at: usize, quanta: i32): void {
  store<i32>(at, load<i32>(at) + quanta);
}

/**
 * Visits a row: potentiation by the targets' spikes after `after` (counted from base), and, with `deliver`,
 * depression at the target step `now` and delivery to `acc`.
 * @param trace pre trace just after the source's last spike
 * @param shift takes a target's step to the steps between that spike and when the synapse sees the target's
 */
// @ts-ignore: decorator
@inline
export function visit(
  p: Plastic,
  from: u32,
  to: u32,
  trace: f32,
  after: i32,
  shift: i32,
  now: i32,
  acc: usize,
  quanta: f32,
  deliver: bool,
): void {
  const afters = i16x8.splat(<i16>after);
  const after4 = i32x4.splat(after);
  const zero = i32x4.splat(0);
  const most = f32x4.splat(p.maxWeight);
  const plus = f32x4.splat(trace * p.plus);
  const plusScale = f32x4.splat(p.plusScale);
  const plusLength = i32x4.splat(p.plusLength);
  const growing = p.growing != 0;
  const summed = i32x4.splat(p.nearest ? 0 : -1);
  let changes = zero;
  let moved = i64x2.splat(0);
  const end = p.targets + 2 * <usize>to;
  let weightAt = p.weights + 4 * <usize>from;
  if (from == to) return;
  let coming = load<u64>(p.targets + 2 * <usize>from);
  let rounds = mostSpikes(p.records, coming, afters);
  for (let at = p.targets + 2 * <usize>from; at < end; at += 8, weightAt += 16) {
    const four = coming;
    let entry = rounds - 1;
    // The next four, early: how often the loop below turns is then known when it is reached.
    if (at + 8 < end) {
      coming = load<u64>(at, 8);
      rounds = mostSpikes(p.records, coming, afters);
    }
    const ta = <usize>four & 0xffff;
    const tb = <usize>(four >> 16) & 0xffff;
    const tc = <usize>(four >> 32) & 0xffff;
    const td = <usize>(four >> 48);
    const a = p.records + (ta << 5);
    const b = p.records + (tb << 5);
    const c = p.records + (tc << 5);
    const d = p.records + (td << 5);
    const before = v128.load(weightAt);
    let w = before;
    for (; entry >= 0; entry--) {
      const spikes = spikesOf(a, b, c, d, entry);
      const k = i32x4.max_s(i32x4.min_s(i32x4.add(spikes, i32x4.splat(shift)), plusLength), zero);
      const x = v128.and(gather(p.plusTable, k), i32x4.gt_s(spikes, after4));
      const share = f32x4.mul(w, plusScale);
      const base = growing ? share : f32x4.sub(f32x4.splat(1), share);
      const raise = f32x4.mul(f32x4.mul(plus, x), raised(p, base, p.muPlus));
      const next = f32x4.min(f32x4.add(w, raise), most);
      changes = i32x4.sub(changes, f32x4.ne(next, w));
      w = next;
    }
    const countBefore = counts(p, before);
    if (deliver) {
      const since = i32x4.sub(i32x4.splat(now), spikesOf(a, b, c, d, 0));
      const decay = gather(p.minusTable, i32x4.min_s(since, i32x4.splat(p.minusLength)));
      let older = v128.load32_zero(a, 28);
      older = v128.load_lane<f32>(b, older, 1, 28);
      older = v128.load_lane<f32>(c, older, 2, 28);
      older = v128.load_lane<f32>(d, older, 3, 28);
      // A spike that arrives just now is no pair: the trace before it counts.
      const meets = i32x4.eq(since, zero);
      const own = v128.andnot(f32x4.splat(1), meets);
      const y = f32x4.mul(decay, f32x4.add(own, v128.and(older, v128.or(summed, meets))));
      const peak = w;
      const share = raised(p, f32x4.mul(w, f32x4.splat(p.minusScale)), p.muMinus);
      w = f32x4.max(f32x4.sub(w, f32x4.mul(f32x4.mul(f32x4.splat(p.minus), y), share)), f32x4.splat(0));
      changes = i32x4.sub(changes, f32x4.ne(w, peak));
      const countPeak = counts(p, peak);
      const up = i32x4.sub(countPeak, countBefore);
      moved = addUp(moved, i32x4.add(up, i32x4.sub(countPeak, counts(p, w))));
      const sent = quantise(w, quanta);
      addTo(acc + (ta << 2), i32x4.extract_lane(sent, 0));
      addTo(acc + (tb << 2), i32x4.extract_lane(sent, 1));
      addTo(acc + (tc << 2), i32x4.extract_lane(sent, 2));
      addTo(acc + (td << 2), i32x4.extract_lane(sent, 3));
    } else moved = addUp(moved, i32x4.sub(counts(p, w), countBefore));
    v128.store(weightAt, w);
  }
  const n = addUp(i64x2.splat(0), changes);
  p.l0 += i64x2.extract_lane(n, 0) + i64x2.extract_lane(n, 1);
  p.l1 += i64x2.extract_lane(moved, 0) + i64x2.extract_lane(moved, 1);
}
