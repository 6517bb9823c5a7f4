/** Logarithm and exponential to the last bits of float64, without tables: a kernel holds no static data. */

const LN2_HIGH: f64 = 0.693147180369123816490;
const LN2_LOW: f64 = 1.90821492927058770002e-10;

/** ln x of a positive normal number: x = 2^k m, and ln m = 2 artanh((m - 1)/(m + 1)) by its series. */
export function ln(x: f64): f64 {
  const bits = reinterpret<u64>(x);
  let k = <i32>(bits >> 52) - 1023;
  let m = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    k++;
  }
  const s = (m - 1.0) / (m + 1.0);
  const z = s * s;
  // z is below 0.0295: the first term left out is below 1e-18.
  let sum: f64 = 0;
  for (let n = 21; n >= 3; n -= 2) sum = z * (1.0 / <f64>n + sum);
  return <f64>k * LN2_HIGH + (2.0 * s + (2.0 * s * sum + <f64>k * LN2_LOW));
}

/** e^x for |x| below 700: x = k ln 2 + r, and e^r by its series. */
export function exponential(x: f64): f64 {
  const k = Math.floor(x / LN2_HIGH + 0.5);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let sum: f64 = 1.0;
  for (let n = 14; n >= 1; n--) sum = 1.0 + (sum * r) / <f64>n;
  return sum * reinterpret<f64>(<u64>(<i64>k + 1023) << 52);
}
