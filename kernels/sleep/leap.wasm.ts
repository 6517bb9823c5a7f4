/**
 * Vectors of four neurons of a linear model, carried over many steps at once. State variables are f32 arrays, `stride`
 * bytes apart; those that change come first.
 */

/**
 * x ← P x + p.
 * @param moving variables that change; the propagator has a row for each
 * @param propagator rows of P, each followed by its constant, f32
 * @param scratch room for the old values: 16 bytes a variable
 */
export function leapVector(
  state: usize, stride: i32, variables: i32, moving: i32, propagator: usize, scratch: usize,
): void {
  for (let v = 0; v < variables; v++) v128.store(scratch + 16 * v, v128.load(state + v * stride));
  for (let v = 0; v < moving; v++) {
    let sum = v128.load32_splat(propagator + 4 * variables);
    for (let j = 0; j < variables; j++) {
      sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(propagator), v128.load(scratch + 16 * j)));
      propagator += 4;
    }
    propagator += 4;
    v128.store(state + v * stride, sum);
  }
}

/**
 * `missed` steps at once: in at most two leaps where they are fewer than 2^14.
 * @param short propagators over 0, 1 … 127 steps, each of moving·(variables + 1) f32
 * @param long propagators over 0, 128, 256 … 127·128 steps
 */
export function leapOver(
  state: usize, stride: i32, variables: i32, moving: i32, short: usize, long: usize, missed: i32, scratch: usize,
): void {
  const bytes = 4 * moving * (variables + 1);
  for (; missed >= 16384; missed -= 16256) leapVector(state, stride, variables, moving, long + 127 * bytes, scratch);
  if (missed >= 128) leapVector(state, stride, variables, moving, long + (missed >> 7) * bytes, scratch);
  if ((missed & 127) != 0) leapVector(state, stride, variables, moving, short + (missed & 127) * bytes, scratch);
}

/**
 * Which of four neurons might reach the threshold at a later step without input.
 * @param most the most that one unit of each variable adds to the potential at any later time, then the constant's
 * @param least the least, for negative values
 */
export function mightSpike(
  state: usize, stride: i32, variables: i32, most: usize, least: usize, threshold: f32,
): v128 {
  const zero = f32x4.splat(0);
  let highest = v128.load32_splat(most + 4 * variables);
  for (let v = 0; v < variables; v++) {
    const value = v128.load(state + v * stride);
    const up = f32x4.mul(f32x4.max(value, zero), v128.load32_splat(most + 4 * v));
    const down = f32x4.mul(f32x4.min(value, zero), v128.load32_splat(least + 4 * v));
    highest = f32x4.add(highest, f32x4.add(up, down));
  }
  return v128.not(f32x4.lt(highest, f32x4.splat(threshold)));
}
