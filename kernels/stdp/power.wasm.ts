/** Powers of four floats at once. */

/**
 * v^exponent for v >= 0, through v^p = 2^(p log2 v); 0 stays 0. Relative error below 1e-6 while the result is a
 * normal number and 0 <= exponent <= 1.
 *
 * With s = (m - 1)/(m + 1), |s| <= 0.172 for m in [√½, √2): log2 m = s (a + b s² + c s⁴) leaves 3e-8. 2^f for
 * |f| <= ½ is a polynomial of degree 5 that leaves 9e-8. Both are summed in pairs: the loop waits for the chain of
 * these operations, not for their number.
 * @param constants address of POWER_CONSTANTS (index.ts): a constant from memory is one instruction, one in the code
 *   is three or four, in every round of the loop
 */
// @ts-ignore: decorator
@inline
export function power(v: v128, exponent: v128, constants: usize): v128 {
  // v = m · 2^k with m in [√½, √2).
  const root = v128.load32_splat(constants);
  const one = v128.load32_splat(constants, 12);
  const shifted = i32x4.sub(v, root);
  const k = f32x4.convert_i32x4_s(i32x4.shr_s(shifted, 23));
  const m = i32x4.add(v128.and(shifted, v128.load32_splat(constants, 4)), root);
  const s = f32x4.div(f32x4.sub(m, one), f32x4.add(m, one));
  const s2 = f32x4.mul(s, s);
  const low = f32x4.add(f32x4.mul(s2, v128.load32_splat(constants, 24)), v128.load32_splat(constants, 20));
  const sum = f32x4.add(f32x4.mul(f32x4.mul(s2, s2), v128.load32_splat(constants, 28)), low);
  const y = f32x4.mul(exponent, f32x4.add(f32x4.mul(s, sum), k));

  // Adding 1.5·2^23 rounds to a whole number, which is then in the lowest bits.
  const magic = v128.load32_splat(constants, 16);
  const rounded = f32x4.add(y, magic);
  const f = f32x4.sub(y, f32x4.sub(rounded, magic));
  const f2 = f32x4.mul(f, f);
  const e01 = f32x4.add(f32x4.mul(f, v128.load32_splat(constants, 32)), one);
  const e23 = f32x4.add(f32x4.mul(f, v128.load32_splat(constants, 40)), v128.load32_splat(constants, 36));
  const e45 = f32x4.add(f32x4.mul(f, v128.load32_splat(constants, 48)), v128.load32_splat(constants, 44));
  const e = f32x4.add(e01, f32x4.mul(f2, f32x4.add(e23, f32x4.mul(f2, e45))));
  // 2^whole, by its exponent bits.
  const scale = i32x4.add(i32x4.shl(rounded, 23), one);
  return v128.and(f32x4.mul(e, scale), f32x4.gt(v, f32x4.splat(0)));
}
