import { exponential, ln } from './elementary.wasm';

/** y^ratio. `whole` is the ratio where it is a whole number, else 0. */
// @ts-ignore: decorator
@inline
export function power(y: f64, ratio: f64, whole: i32): f64 {
  if (whole == 4) {
    const square = y * y;
    return square * square;
  }
  if (whole > 0) {
    let product = y;
    for (let n = 1; n < whole; n++) product *= y;
    return product;
  }
  return y == 1.0 ? 1.0 : exponential(ratio * ln(y));
}

/** Newton's steps that a crossing may take; beside a peak that just touches θ each step only halves the distance. */
const MOST_STEPS = 60;

/**
 * When the membrane first reaches θ, as y = exp(-u/τ_m) a time u from now; 0 if not while y > `last`.
 *
 * V = a y - b y^r with r = τ_m/τ_s and V(1) < θ. For r = 2 that is a quadratic. Otherwise Newton's method from y = 1:
 * where b > 0, V is concave in y, so that no step passes the crossing; a step onto the far side of the peak shows
 * that there is none.
 */
export function crossing(a: f64, b: f64, theta: f64, ratio: f64, whole: i32, last: f64): f64 {
  if (a - b >= theta) return 1.0;
  if (whole == 2) {
    const discriminant = a * a - 4.0 * b * theta;
    if (discriminant < 0.0 || a >= 2.0 * b) return 0.0;
    const root = (a + Math.sqrt(discriminant)) / (2.0 * b);
    return root > last ? Math.min(root, 1.0) : 0.0;
  }
  let y: f64 = 1.0;
  for (let step = 0; step < MOST_STEPS; step++) {
    const decayed = b * power(y, ratio, whole);
    const missing = theta - (a * y - decayed);
    if (missing <= 0.0) break;
    const slope = (ratio * decayed) / y - a;
    if (slope <= 0.0) return 0.0;
    const next = y - missing / slope;
    if (!(next > last)) return 0.0;
    if (next == y) break;
    y = next;
  }
  return y;
}
