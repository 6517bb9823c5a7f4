/** Powers of four floats at once. */

/**
 * v^exponent for v >= 0, through v^p = 2^(p log2 v); 0 stays 0. Relative error below 1e-6 while the result is a
 * normal number and |exponent| <= 1.
 *
 * log2 m = 2/ln 2 · atanh s with s = (m - 1)/(m + 1), |s| <= 0.172 for m in [√½, √2): four terms of the series
 * leave 3e-8. 2^f for |f| <= ½: seven terms of e^(f ln 2) leave 1.2e-7.
 */
// @ts-ignore: decorator
@inline
export function power(v: v128, exponent: v128): v128 {
  // v = m · 2^k with m in [√½, √2): 0x3f3504f3 are the bits of √½.
  const shifted = i32x4.sub(v, i32x4.splat(0x3f3504f3));
  const k = i32x4.shr_s(shifted, 23);
  const m = i32x4.add(v128.and(shifted, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3));
  const one = f32x4.splat(1);
  const s = f32x4.div(f32x4.sub(m, one), f32x4.add(m, one));
  const s2 = f32x4.mul(s, s);
  let sum = f32x4.add(f32x4.mul(s2, f32x4.splat(0.41219858)), f32x4.splat(0.57707802));
  sum = f32x4.add(f32x4.mul(s2, sum), f32x4.splat(0.96179669));
  sum = f32x4.add(f32x4.mul(s2, sum), f32x4.splat(2.88539008));
  const log2 = f32x4.add(f32x4.mul(s, sum), f32x4.convert_i32x4_s(k));

  const y = f32x4.mul(exponent, log2);
  const whole = f32x4.nearest(y);
  const f = f32x4.sub(y, whole);
  let e = f32x4.add(f32x4.mul(f, f32x4.splat(0.00015403530)), f32x4.splat(0.0013333558));
  e = f32x4.add(f32x4.mul(f, e), f32x4.splat(0.0096181291));
  e = f32x4.add(f32x4.mul(f, e), f32x4.splat(0.055504109));
  e = f32x4.add(f32x4.mul(f, e), f32x4.splat(0.24022651));
  e = f32x4.add(f32x4.mul(f, e), f32x4.splat(0.69314718));
  e = f32x4.add(f32x4.mul(f, e), one);
  const scale = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(whole), i32x4.splat(127)), 23);
  return v128.and(f32x4.mul(e, scale), f32x4.gt(v, f32x4.splat(0)));
}
