/** What a group of sixteen neurons needs to sleep over many steps; state variables are f32 arrays, `stride` bytes apart. */

/**
 * x ← P x + p for all sixteen neurons: many steps of a linear model at once.
 * @param propagator rows of P, each followed by its constant, f32
 * @param scratch room for the old values: 64 bytes a variable
 */
export function leap(state: usize, stride: i32, variables: i32, propagator: usize, scratch: usize): void {
  for (let v = 0; v < variables; v++) memory.copy(scratch + 64 * v, state + v * stride, 64);
  for (let v = 0; v < variables; v++) {
    const row = propagator + 4 * v * (variables + 1);
    for (let lane: usize = 0; lane < 64; lane += 16) {
      let sum = v128.load32_splat(row + 4 * variables);
      for (let j = 0; j < variables; j++) {
        const value = v128.load(scratch + 64 * j + lane);
        sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(row + 4 * j), value));
      }
      v128.store(state + v * stride + lane, sum);
    }
  }
}

/**
 * `missed` steps of a linear model at once, for all sixteen neurons: in at most two leaps where `missed` is below
 * 2^14.
 * @param short propagators over 0, 1 … 127 steps, each of variables·(variables + 1) f32
 * @param long propagators over 0, 128, 256 … 127·128 steps
 */
export function leapOver(
  state: usize, stride: i32, variables: i32, short: usize, long: usize, missed: i32, scratch: usize,
): void {
  const bytes = 4 * variables * (variables + 1);
  for (; missed >= 16384; missed -= 16256) leap(state, stride, variables, long + 127 * bytes, scratch);
  if (missed >= 128) leap(state, stride, variables, long + (missed >> 7) * bytes, scratch);
  if ((missed & 127) != 0) leap(state, stride, variables, short + (missed & 127) * bytes, scratch);
}

/**
 * The first group from `group` on that is due before step `before`, or `groups`: most are not, and to ask each of
 * them from outside would cost more than all that wake.
 * @param due i32[groups][2], first and last step with input
 */
export function nextDue(due: usize, group: i32, groups: i32, before: i32): i32 {
  const limit = i32x4.splat(before);
  for (; group < groups && (group & 7) != 0; group++) if (load<i32>(due + 8 * group) < before) return group;
  // Eight groups at once: their first steps are every other word.
  for (; group + 8 <= groups; group += 8) {
    const at = due + 8 * group;
    const low = i32x4.shuffle(v128.load(at), v128.load(at, 16), 0, 2, 4, 6);
    const high = i32x4.shuffle(v128.load(at, 32), v128.load(at, 48), 0, 2, 4, 6);
    const soon = i32x4.bitmask(i32x4.lt_s(low, limit)) | (i32x4.bitmask(i32x4.lt_s(high, limit)) << 4);
    if (soon != 0) return group + ctz(soon);
  }
  for (; group < groups; group++) if (load<i32>(due + 8 * group) < before) return group;
  return groups;
}

/**
 * Whether no neuron of the group can reach the threshold without input, and none is held at `step` or later.
 * @param most the most that one unit of each variable adds to the potential at any later time, then the constant's
 * @param least the least, for negative values
 */
export function maySleep(
  state: usize,
  stride: i32,
  variables: i32,
  most: usize,
  least: usize,
  threshold: f32,
  step: i32,
): bool {
  const zero = f32x4.splat(0);
  for (let lane: usize = 0; lane < 64; lane += 16) {
    let highest = v128.load32_splat(most + 4 * variables);
    for (let v = 0; v < variables; v++) {
      const value = v128.load(state + v * stride + lane);
      const up = f32x4.mul(f32x4.max(value, zero), v128.load32_splat(most + 4 * v));
      const down = f32x4.mul(f32x4.min(value, zero), v128.load32_splat(least + 4 * v));
      highest = f32x4.add(highest, f32x4.add(up, down));
    }
    const until = v128.load(state + variables * stride + lane);
    // Padding is held for ever: it neither spikes nor keeps the others awake.
    const padding = i32x4.eq(until, i32x4.splat(i32.MAX_VALUE));
    const awake = v128.or(v128.not(f32x4.lt(highest, f32x4.splat(threshold))), i32x4.ge_s(until, i32x4.splat(step)));
    if (v128.any_true(v128.andnot(awake, padding))) return false;
  }
  return true;
}
