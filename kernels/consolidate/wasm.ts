/**
 * Synaptic caching on rows of synapses, one row a target: w = l + s. Equations in reference.ts.
 *
 * What is stored is u = s/scale, where `scale` is what decay has left of a transient written at time 0. So decay
 * is one multiplication for the whole layer, and a synapse is touched only when it is written or consolidated.
 * held_j = Σ_i |u_ji| and peak_j ≥ max_i |u_ji| of the synapses written since the last consolidation test.
 */

import { max4, QUANTA_PER_UNIT, RULE_NEURON, RULE_SYNAPSE, sum4 } from './common.wasm';

/** u_ji += inverse·g_j·x_i for the rows with g_j ≠ 0, where inverse = 1/scale; keeps held and peak. */
export function writeOuter(
  u: usize,
  x: usize,
  g: usize,
  inverse: f32,
  held: usize,
  peak: usize,
  targets: i32,
  stride: i32,
): void {
  const row = (<usize>stride) << 2;
  for (let j: i32 = 0; j < targets; j++) {
    const factor = load<f32>(g + ((<usize>j) << 2));
    if (factor !== 0) {
      const f = f32x4.splat(inverse * factor);
      let sum = f32x4.splat(0);
      let largest = f32x4.splat(0);
      for (let at: usize = 0; at < row; at += 16) {
        const next = f32x4.add(v128.load(u + at), f32x4.mul(f, v128.load(x + at)));
        v128.store(u + at, next);
        const size = f32x4.abs(next);
        sum = f32x4.add(sum, size);
        largest = f32x4.max(largest, size);
      }
      store<f64>(held + ((<usize>j) << 3), sum4(sum));
      store<f32>(peak + ((<usize>j) << 2), max4(largest));
    }
    u += row;
  }
}

/** The same for the synapses of a list; an entry is j·2^16 + i. */
export function writeEntries(
  u: usize,
  x: usize,
  g: usize,
  inverse: f32,
  held: usize,
  peak: usize,
  list: usize,
  count: i32,
  stride: i32,
): void {
  for (let k: i32 = 0; k < count; k++) {
    const entry = load<u32>(list + ((<usize>k) << 2));
    const i = <usize>(entry & 0xffff);
    const j = <usize>(entry >> 16);
    const at = u + ((j * <usize>stride + i) << 2);
    const before = load<f32>(at);
    const after = before + inverse * load<f32>(g + (j << 2)) * load<f32>(x + (i << 2));
    store<f32>(at, after);
    const sum = held + (j << 3);
    store<f64>(sum, load<f64>(sum) + (<f64>abs(after) - <f64>abs(before)));
    const largest = peak + (j << 2);
    store<f32>(largest, max(load<f32>(largest), abs(after)));
  }
}

/**
 * Consolidates where the rule asks for it: l += s, s = 0. Adds to out[0] how many l were written, to out[1] the
 * quanta of |Δl|, each rounded to the nearest, to out[2] how many rows were consolidated; where l0 is not 0 also
 * counts each synapse's writes (l0) and quanta (l1).
 *
 * @param rule 0: the synapses above threshold; 1: the rows with such a synapse; 2: the rows with Σ|s| above it
 */
export function consolidate(
  l: usize,
  u: usize,
  scale: f32,
  threshold: f64,
  rule: i32,
  held: usize,
  peak: usize,
  targets: i32,
  stride: i32,
  out: usize,
  l0: usize,
  l1: usize,
): void {
  for (let j: i32 = 0; j < targets; j++) {
    const sum = held + ((<usize>j) << 3);
    const largest = peak + ((<usize>j) << 2);
    const measure = rule <= RULE_NEURON ? <f64>(scale * load<f32>(largest)) : <f64>scale * load<f64>(sum);
    if (measure > threshold) {
      const lower = rule === RULE_SYNAPSE ? threshold : -1;
      store<f64>(sum, consolidateRow(<usize>(j * stride), stride, l, u, scale, lower, out, l0, l1));
      store<f64>(out + 16, load<f64>(out + 16) + 1);
    }
    store<f32>(largest, 0);
  }
}

/** l += s, s = 0 for the synapses of a row with |s| > lower; returns Σ|u| of the others. */
function consolidateRow(
  start: usize,
  stride: i32,
  l: usize,
  u: usize,
  scale: f32,
  lower: f64,
  out: usize,
  l0: usize,
  l1: usize,
): f64 {
  let writes: f64 = 0;
  let sum: f64 = 0;
  let rest: f64 = 0;
  for (let k = start; k < start + <usize>stride; k++) {
    const at = u + (k << 2);
    const cached = load<f32>(at);
    const change = scale * cached;
    if (<f64>abs(change) <= lower) {
      rest += <f64>abs(cached);
      continue;
    }
    if (change === 0) continue;
    const weight = l + (k << 2);
    store<f32>(weight, load<f32>(weight) + change);
    store<f32>(at, 0);
    const size = nearest(<f64>abs(change) * QUANTA_PER_UNIT);
    writes += 1;
    sum += size;
    if (l0) {
      const count = l0 + (k << 2);
      store<u32>(count, load<u32>(count) + 1);
      const total = l1 + (k << 3);
      store<f64>(total, load<f64>(total) + size);
    }
  }
  store<f64>(out, load<f64>(out) + writes);
  store<f64>(out + 8, load<f64>(out + 8) + sum);
  return rest;
}

/** u *= factor: moves the origin of `scale` before it becomes too small. */
export function rescale(u: usize, factor: f32, length: i32): void {
  const f = f32x4.splat(factor);
  for (let at: usize = 0; at < (<usize>length) << 2; at += 16) {
    v128.store(u + at, f32x4.mul(f, v128.load(u + at)));
  }
}

/**
 * Maintenance of each synapse up to now: maintained += quanta of |u|·(clock - since), then since = clock,
 * where `clock` is Σ scale over the presentations so far; 4 divides `length`.
 */
export function settleMaintenance(u: usize, since: usize, maintained: usize, clock: f64, length: i32): void {
  const now = f64x2.splat(clock);
  const unit = f64x2.splat(QUANTA_PER_UNIT);
  for (let k: i32 = 0; k < length; k += 4) {
    const times = since + (<usize>k << 3);
    const cached = f32x4.abs(v128.load(u + (<usize>k << 2)));
    if (v128.any_true(cached)) {
      const total = maintained + (<usize>k << 3);
      const low = f64x2.mul(f64x2.promote_low_f32x4(cached), f64x2.sub(now, v128.load(times)));
      const upper = f64x2.promote_low_f32x4(i64x2.shuffle(cached, cached, 1, 1));
      const high = f64x2.mul(upper, f64x2.sub(now, v128.load(times, 16)));
      v128.store(total, f64x2.add(v128.load(total), f64x2.nearest(f64x2.mul(low, unit))));
      v128.store(total, f64x2.add(v128.load(total, 16), f64x2.nearest(f64x2.mul(high, unit))), 16);
    }
    v128.store(times, now);
    v128.store(times, now, 16);
  }
}

/** The same for the synapses of a list. */
export function settleEntries(
  u: usize,
  since: usize,
  maintained: usize,
  clock: f64,
  list: usize,
  count: i32,
  stride: i32,
): void {
  for (let k: i32 = 0; k < count; k++) {
    const entry = load<u32>(list + ((<usize>k) << 2));
    settleOne(<usize>((entry >> 16) * stride + (entry & 0xffff)), u, since, maintained, clock);
  }
}

function settleOne(k: usize, u: usize, since: usize, maintained: usize, clock: f64): void {
  const cached = load<f32>(u + (k << 2));
  const last = since + (k << 3);
  if (cached !== 0) {
    const total = maintained + (k << 3);
    store<f64>(
      total,
      load<f64>(total) + nearest(<f64>abs(cached) * (clock - load<f64>(last)) * QUANTA_PER_UNIT),
    );
  }
  store<f64>(last, clock);
}

export { offer, take, writeChanges } from './any.wasm';
