/** Logarithm and exponential without the tables of the standard library: a kernel holds no static data. */

const LN2: f64 = 0.6931471805599453;

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
  // 1 + z/3 + z²/5 + …, right to 1e-11 for z below 0.03.
  const high = (1.0 / 9.0) + z * ((1.0 / 11.0) + z * (1.0 / 13.0));
  const sum = 1.0 + z * ((1.0 / 3.0) + z * (0.2 + z * ((1.0 / 7.0) + z * high)));
  return 2.0 * s * sum + <f64>k * LN2;
}

/** e^x: x = k ln 2 + r, and e^r by its series. */
export function exponential(x: f64): f64 {
  if (x > 709.0) return Infinity;
  if (x < -700.0) return 0.0;
  const k = Math.floor(x / LN2 + 0.5);
  const r = x - k * LN2;
  let sum: f64 = 1.0;
  for (let n = 14; n >= 1; n--) sum = 1.0 + (sum * r) / <f64>n;
  return sum * reinterpret<f64>(<u64>(<i64>k + 1023) << 52);
}
