/**
 * Groups of sixteen neurons of a linear model that sleep: input is added to the four neurons that it reaches, after a
 * leap over the time that they have missed. Only a group that might spike then is woken.
 */
import { leapOver, mightSpike } from './leap.wasm';

/** One population's part of a slice; addresses are in the slice's memory. See index.ts for the order of the words. */
@unmanaged
class Sleepers {
  /** State variables, f32, and behind them the step until which a neuron is held: `stride` bytes from one to the next. */
  state: usize;
  stride: i32;
  variables: i32;
  /** Variables that change; they come first. */
  moving: i32;
  groups: i32;
  /** Neurons; the last group may be filled up with others. */
  count: i32;
  /** One bit a group of the slice for each slot: whether it has input there. The part's first group, bytes of a slot. */
  due: usize;
  firstGroup: i32;
  dueBytes: i32;
  /** Accumulators of the part's first neuron, in slot 0 of receptor 0. */
  ring: usize;
  rowBytes: i32;
  channelBytes: i32;
  slots: i32;
  /** Two words for each receptor: the variable that it adds to, and how much of it a quantum is (f32). */
  receptors: i32;
  inputs: usize;
  short: usize;
  long: usize;
  scratch: usize;
  most: usize;
  least: usize;
  /** Step up to which the state of each vector of four is current: its input in that step is in it already. */
  current: usize;
  /** One byte a group. */
  awake: usize;
  /** Room for BATCH notes: a group, and the step in which it has input. */
  notes: usize;
  threshold: f32;
  /** Without meaning: what was read only to have it in the cache goes here, or it would not be read. */
  touched: i32;
}

/** Groups whose lines are asked for at once: they lie anywhere in memory. */
const BATCH = 64;

/**
 * Gives those that sleep their input of some steps, and wakes the groups that might spike: from the step on in which
 * they got it (`current`). Returns how many neurons were advanced.
 */
export function receive(p: Sleepers, step: i32, steps: i32): i32 {
  let noted = 0;
  let advanced = 0;
  for (let now = step; now < step + steps; now++) {
    const row = p.due + (now % p.slots) * p.dueBytes;
    const last = (p.firstGroup + p.groups - 1) >> 6;
    for (let word = p.firstGroup >> 6; word <= last; word++) {
      const all = load<u64>(row + 8 * word);
      if (all == 0) continue;
      // The group of bit 0; the first and the last word may have bits of other parts.
      const base = (word << 6) - p.firstGroup;
      let own = <u64>~0;
      if (base < 0) own <<= <u64>-base;
      if (base + 64 > p.groups) own &= <u64>~0 >> <u64>(base + 64 - p.groups);
      store<u64>(row + 8 * word, all & ~own);
      for (let bits = all & own; bits != 0; bits &= bits - 1) {
        const group = base + <i32>ctz(bits);
        if (load<u8>(p.awake + group) != 0) continue;
        store<i32>(p.notes + 8 * noted, group);
        store<i32>(p.notes + 8 * noted, now, 4);
        if (++noted < BATCH) continue;
        advanced += receiveNoted(p, noted);
        noted = 0;
      }
    }
  }
  return advanced + receiveNoted(p, noted);
}

function receiveNoted(p: Sleepers, noted: i32): i32 {
  let advanced = 0;
  touch(p, noted);
  for (let k = 0; k < noted; k++) {
    const group = load<i32>(p.notes + 8 * k);
    if (load<u8>(p.awake + group) != 0) continue;
    advanced += receiveInput(p, group, load<i32>(p.notes + 8 * k, 4));
  }
  return advanced;
}

/** Reads all lines that these groups need: to wait for all of a batch is hardly longer than to wait for one. */
// @ts-ignore: decorator
@inline
function touch(p: Sleepers, noted: i32): void {
  let sum = 0;
  for (let k = 0; k < noted; k++) {
    const group = load<i32>(p.notes + 8 * k);
    const row = p.ring + (load<i32>(p.notes + 8 * k, 4) % p.slots) * p.rowBytes + 64 * group;
    sum += load<i32>(p.current + 16 * group);
    for (let r = 0; r < p.receptors; r++) sum += load<i32>(row + r * p.channelBytes);
    for (let v = 0; v < p.variables; v++) sum += load<i32>(p.state + v * p.stride + 64 * group);
  }
  p.touched = sum;
}

function receiveInput(p: Sleepers, group: i32, now: i32): i32 {
  const row = p.ring + (now % p.slots) * p.rowBytes + 64 * group;
  let advanced = 0;
  let wake = false;
  for (let v = 0; v < 4; v++) {
    let any = v128.load(row + 16 * v);
    for (let r = 1; r < p.receptors; r++) any = v128.or(any, v128.load(row + 16 * v + r * p.channelBytes));
    if (!v128.any_true(any)) continue;
    const state = p.state + 64 * group + 16 * v;
    catchUp(p, 4 * group + v, now);
    for (let r = 0; r < p.receptors; r++) {
      const quanta = row + 16 * v + r * p.channelBytes;
      const variable = state + load<i32>(p.inputs + 8 * r) * p.stride;
      const input = f32x4.mul(v128.load32_splat(p.inputs + 8 * r, 4), f32x4.convert_i32x4_s(v128.load(quanta)));
      v128.store(variable, f32x4.add(v128.load(variable), input));
      v128.store(quanta, i32x4.splat(0));
    }
    wake = wake || anyMightSpike(p, state);
    advanced += max(0, min(4, p.count - 16 * group - 4 * v));
  }
  if (!wake) return advanced;
  for (let v = 0; v < 4; v++) catchUp(p, 4 * group + v, now);
  store<u8>(p.awake + group, 1);
  return advanced;
}

/** Brings a vector of four that slept up to step `now`. */
// @ts-ignore: decorator
@inline
function catchUp(p: Sleepers, vector: i32, now: i32): void {
  const missed = now - load<i32>(p.current + 4 * vector);
  leapOver(p.state + 16 * vector, p.stride, p.variables, p.moving, p.short, p.long, missed, p.scratch);
  store<i32>(p.current + 4 * vector, now);
}

/** Padding is held for ever: it neither spikes nor keeps the others awake. */
// @ts-ignore: decorator
@inline
function anyMightSpike(p: Sleepers, state: usize): bool {
  const might = mightSpike(state, p.stride, p.variables, p.most, p.least, p.threshold);
  if (!v128.any_true(might)) return false;
  const padding = i32x4.eq(v128.load(state + p.variables * p.stride), i32x4.splat(i32.MAX_VALUE));
  return v128.any_true(v128.andnot(might, padding));
}

/** The first group from `group` on that is awake, or `groups`. */
export function nextAwake(p: Sleepers, group: i32): i32 {
  const groups = p.groups;
  for (; group < groups && (group & 15) != 0; group++) if (load<u8>(p.awake + group) != 0) return group;
  for (; group < groups; group += 16) {
    const bits = i8x16.bitmask(i8x16.ne(v128.load(p.awake + group), i8x16.splat(0)));
    if (bits != 0) return min(groups, group + ctz(bits));
  }
  return groups;
}

/** How many groups from `group` on are awake and current up to the same step. */
export function alike(p: Sleepers, group: i32): i32 {
  const step = load<i32>(p.current + 16 * group);
  let next = group + 1;
  while (next < p.groups && load<u8>(p.awake + next) != 0 && load<i32>(p.current + 16 * next) == step) next++;
  return next - group;
}

/** Notes that some groups that are awake have come to step `end`; those that can do nothing by themselves fall asleep. */
export function settle(p: Sleepers, group: i32, groups: i32, end: i32): void {
  for (const last = group + groups; group < last; group++) {
    v128.store(p.current + 16 * group, i32x4.splat(end));
    if (maySleep(p, group, end)) store<u8>(p.awake + group, 0);
  }
}

/** Whether no neuron of the group can reach the threshold without input, and none is held at `step` or later. */
export function maySleep(p: Sleepers, group: i32, step: i32): bool {
  for (let v = 0; v < 4; v++) {
    const state = p.state + 64 * group + 16 * v;
    const until = v128.load(state + p.variables * p.stride);
    const padding = i32x4.eq(until, i32x4.splat(i32.MAX_VALUE));
    const held = i32x4.ge_s(until, i32x4.splat(step));
    if (v128.any_true(v128.andnot(held, padding)) || anyMightSpike(p, state)) return false;
  }
  return true;
}

export { leapOver } from './leap.wasm';
export { markRows, markSegments } from './mark.wasm';
