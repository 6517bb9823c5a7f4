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
