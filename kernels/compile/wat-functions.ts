/** Puts a value into a local and gives the text that reads it. */
type Hold = (value: string) => string;

const f32 = (value: number) => `(v128.const f32x4 ${Array(4).fill(value).join(' ')})`;
const add = (a: string, b: string) => `(f32x4.add ${a} ${b})`;
const sub = (a: string, b: string) => `(f32x4.sub ${a} ${b})`;
const mul = (a: string, b: string) => `(f32x4.mul ${a} ${b})`;

/** 1.5 · 2^23: adding it to a number below 2^22 leaves that number, rounded to an integer, in the last bits. */
const ROUNDER = 12582912;

/**
 * e^x in float32, to 2e-7: x = k ln 2 + r, then a polynomial in r (that of Cephes' expf), then k is added to the
 * exponent. Below -87 and above 88 it stays at e^-87 and e^88.
 */
export function exponential(x: string, hold: Hold): string {
  const clamped = hold(`(f32x4.pmax (f32x4.pmin ${x} ${f32(88)}) ${f32(-87)})`);
  const shifted = hold(add(mul(clamped, f32(Math.LOG2E)), f32(ROUNDER)));
  const k = hold(sub(shifted, f32(ROUNDER)));
  const r = hold(sub(sub(clamped, mul(k, f32(0.693359375))), mul(k, f32(-2.1219444e-4))));
  const coefficients = [1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 0.16666665459, 0.5];
  const polynomial = coefficients.map(f32).reduce((sum, coefficient) => add(mul(sum, r), coefficient));
  const mantissa = add(add(mul(mul(polynomial, r), r), r), f32(1));
  return `(i32x4.add ${mantissa} (i32x4.shl ${shifted} (i32.const 23)))`;
}

/** (e^x - 1)/x in float32; within 0.1 of 0 by its series, where the difference would lose digits. */
export function relativeExponential(x: string, hold: Hold): string {
  const direct = `(f32x4.div ${sub(exponential(x, hold), f32(1))} ${x})`;
  const series = [1 / 120, 1 / 24, 1 / 6, 1 / 2, 1].map(f32).reduce((sum, term) => add(mul(sum, x), term));
  return `(v128.bitselect ${series} ${direct} (f32x4.lt (f32x4.abs ${x}) ${f32(0.1)}))`;
}
