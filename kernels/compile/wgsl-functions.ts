/**
 * Functions that WGSL lacks, in the arithmetic of wat-functions.ts.
 *
 * WGSL lets a compiler fuse a product and a sum into one operation with one rounding, where WebAssembly rounds twice.
 * `rounded` keeps it from that: what has been through an exclusive or with `zero`, a number that the compiler does not
 * know, is rounded by then. With it the four operations but division yield the bits of the other engines on a device
 * that rounds to nearest; division may be off by 2.5 units in the last place, and numbers below 2^-126 may become 0.
 */
export const FUNCTIONS_WGSL = `
var<private> zero : u32;

fn rounded(x : f32) -> f32 {
  return bitcast<f32>(bitcast<u32>(x) ^ zero);
}

fn power(base : f32, exponent : i32) -> f32 {
  var product = base;
  for (var i = 1; i < exponent; i++) {
    product = rounded(product * base);
  }
  return product;
}

/** a·b + c, rounded twice. */
fn linear(a : f32, b : f32, c : f32) -> f32 {
  return rounded(rounded(a * b) + c);
}

fn exponential(x : f32) -> f32 {
  let clamped = clamp(x, -87.0, 88.0);
  let shifted = linear(clamped, ${Math.LOG2E}, 12582912.0);
  let k = rounded(shifted - 12582912.0);
  let r = rounded(rounded(clamped - rounded(k * 0.693359375)) - rounded(k * -2.1219444e-4));
  var sum = 1.98756915e-4;
  sum = linear(sum, r, 1.3981999507e-3);
  sum = linear(sum, r, 8.3334519073e-3);
  sum = linear(sum, r, 4.1665795894e-2);
  sum = linear(sum, r, 0.16666665459);
  sum = linear(sum, r, 0.5);
  let mantissa = rounded(linear(rounded(sum * r), r, r) + 1.0);
  return bitcast<f32>(bitcast<u32>(mantissa) + (bitcast<u32>(shifted) << 23u));
}

fn relativeExponential(x : f32) -> f32 {
  let square = rounded(x * x);
  if (square > 0.25) {
    return rounded(rounded(exponential(x) - 1.0) / x);
  }
  let lower = linear(linear(x, ${1 / 24}, ${1 / 6}), square, linear(x, 0.5, 1.0));
  let upper = rounded(linear(x, ${1 / 720}, ${1 / 120}) + rounded(square * ${1 / 5040}));
  return rounded(lower + rounded(upper * rounded(square * square)));
}`;
