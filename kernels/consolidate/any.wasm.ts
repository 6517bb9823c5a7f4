/** Transients that take changes of any shape, one f32 a synapse, and that may be refused consolidation. */
import { max4, QUANTA_PER_UNIT, RULE_NEURON, RULE_SYNAPSE } from './common.wasm';

/** u += inverse·changes, where inverse = 1/scale; keeps held and peak of the rows. */
export function writeChanges(
  u: usize, changes: usize, inverse: f32, held: usize, peak: usize, targets: i32, stride: i32,
): void {
  const row = (<usize>stride) << 2;
  const f = f32x4.splat(inverse);
  for (let j: i32 = 0; j < targets; j++) {
    let sum = f64x2.splat(0);
    let largest = f32x4.splat(0);
    for (let at: usize = 0; at < row; at += 16) {
      const next = f32x4.add(v128.load(u + at), f32x4.mul(f, v128.load(changes + at)));
      v128.store(u + at, next);
      const size = f32x4.abs(next);
      largest = f32x4.max(largest, size);
      sum = f64x2.add(sum, f64x2.promote_low_f32x4(size));
      sum = f64x2.add(sum, f64x2.promote_low_f32x4(i64x2.shuffle(size, size, 1, 1)));
    }
    store<f64>(held + (<usize>j << 3), f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
    store<f32>(peak + (<usize>j << 2), max4(largest));
    u += row;
    changes += row;
  }
}

/**
 * What the rule would consolidate: to = s there, else 0; rules and threshold as for `consolidate`. Returns whether it is
 * anything. What was refused before is above the threshold still, so every row is looked at.
 */
export function offer(
  u: usize, scale: f32, threshold: f64, rule: i32, held: usize, targets: i32, stride: i32, to: usize,
): bool {
  const row = (<usize>stride) << 2;
  let any = false;
  memory.fill(to, 0, row * <usize>targets);
  for (let j: i32 = 0; j < targets; j++) {
    let measure = <f64>scale * load<f64>(held + (<usize>j << 3));
    if (rule <= RULE_NEURON) {
      let largest = f32x4.splat(0);
      for (let at: usize = 0; at < row; at += 16) largest = f32x4.max(largest, f32x4.abs(v128.load(u + at)));
      measure = <f64>(scale * max4(largest));
    }
    if (measure > threshold) {
      any = true;
      const lower = rule === RULE_SYNAPSE ? threshold : -1;
      for (let at: usize = 0; at < row; at += 4) {
        const change = scale * load<f32>(u + at);
        if (<f64>abs(change) > lower) store<f32>(to + at, change);
      }
    }
    u += row;
    to += row;
  }
  return any;
}

/** Consolidates what was let through of an offer: l += s, s = 0 where `kept` is not 0. Counts as `consolidate` does. */
export function take(
  l: usize, u: usize, kept: usize, held: usize, targets: i32, stride: i32, out: usize, l0: usize, l1: usize,
): void {
  let writes: f64 = 0;
  let sum: f64 = 0;
  let k: usize = 0;
  for (let j: i32 = 0; j < targets; j++) {
    let rest = f64x2.splat(0);
    for (const end = k + <usize>stride; k < end; k += 4) {
      const at = k << 2;
      const changes = v128.load(kept + at);
      const isKept = f32x4.ne(changes, f32x4.splat(0));
      const left = v128.andnot(v128.load(u + at), isKept);
      const size = f32x4.abs(left);
      rest = f64x2.add(rest, f64x2.promote_low_f32x4(size));
      rest = f64x2.add(rest, f64x2.promote_low_f32x4(i64x2.shuffle(size, size, 1, 1)));
      if (!v128.any_true(isKept)) continue;
      v128.store(u + at, left);
      v128.store(l + at, f32x4.add(v128.load(l + at), changes));
      for (let lane: usize = 0; lane < 4; lane++) {
        const change = load<f32>(kept + at + (lane << 2));
        if (change === 0) continue;
        const quanta = nearest(<f64>abs(change) * QUANTA_PER_UNIT);
        writes += 1;
        sum += quanta;
        if (l0 === 0) continue;
        const count = l0 + ((k + lane) << 2);
        store<u32>(count, load<u32>(count) + 1);
        const total = l1 + ((k + lane) << 3);
        store<f64>(total, load<f64>(total) + quanta);
      }
    }
    store<f64>(held + (<usize>j << 3), f64x2.extract_lane(rest, 0) + f64x2.extract_lane(rest, 1));
  }
  store<f64>(out, load<f64>(out) + writes);
  store<f64>(out + 8, load<f64>(out + 8) + sum);
}
