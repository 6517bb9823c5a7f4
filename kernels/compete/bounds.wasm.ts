/** The search for the threshold of the largest products, by counts that buckets give. */
import { countsAt, ROUNDING } from './bucket-counts.wasm';
import { SHIFT } from './buckets.wasm';

/** The search narrows its bounds until so few products are left between them. */
const FEW: i32 = 160;

/** Bits of the count over bits of the threshold, both nearly logarithms: its range. */
const LEAST_SLOPE: f64 = -0.2;
const MOST_SLOPE: f64 = -16;

const QUARTER_OCTAVE: i32 = 1 << 21;
/** Where many products are tied the secant creeps; then the bounds are halved. */
const SECANT_TURNS: i32 = 8;
const MOST_TURNS: i32 = 32;

/** Outside of these float32 might round products too coarsely. */
export const LEAST_PRODUCT: f64 = 7.888609052210118e-31; // 2^-100
export const MOST_PRODUCT: f64 = 1.3292279957849159e36; // 2^120

/**
 * Bounds of the `count`-th largest product as two float32 (low half: the lower one), with few products between them;
 * 0 if they are not found.
 */
export function boundsOf(
  largest: f64, scale: f64, last: usize, sizes: usize, targets: i32, products: i32, buckets: usize, count: i32,
): u64 {
  // Two numbers of neighbouring buckets differ by this share at most.
  const width = <f64>(1 << load<i32>(buckets + SHIFT)) / 8388608 + 0.00001;
  // Bounds as bits of float32, which order like the logarithm: low has at least `count` products, high fewer.
  let low: i32 = 0;
  let high: i32 = bitsOf(largest * (1 + 2 * width));
  let lowCount: i32 = products;
  let highCount: i32 = 0;
  let at: i32 = min(bitsOf(scale * load<f64>(last)), high - QUARTER_OCTAVE);
  let slope = max(min(load<f64>(last, 8), LEAST_SLOPE), MOST_SLOPE);
  let lastAt: i32 = 0;
  let lastSize: i32 = 0;
  for (let turn = 0; ; turn++) {
    if (turn === MOST_TURNS || <f64>reinterpret<f32>(at) < LEAST_PRODUCT) return 0;
    const counts = countsAt(reinterpret<f32>(at), sizes, targets, buckets);
    const sure = <i32>counts;
    const possible = <i32>(counts >> 32);
    if (sure < count && possible >= count) {
      low = bitsOf(<f64>reinterpret<f32>(at) * (1 - width));
      high = bitsOf(<f64>reinterpret<f32>(at) * (1 + width));
      break;
    }
    if (sure >= count) {
      low = at;
      lowCount = possible;
    } else {
      high = at;
      highCount = sure;
    }
    if (lowCount - highCount <= FEW || high - low < 2) {
      // Counts are right up to the rounding of quotients.
      low = max(low - 2 * ROUNDING, 0);
      high += 2 * ROUNDING;
      break;
    }
    // A step of the secant through the last two points, while that stays between the bounds.
    const size = bitsOf(<f64>max((sure + possible) >> 1, 1));
    if (lastAt !== 0) slope = max(min(<f64>(size - lastSize) / <f64>(at - lastAt), LEAST_SLOPE), MOST_SLOPE);
    lastAt = at;
    lastSize = size;
    at += <i32>(<f64>(bitsOf(<f64>count) - size) / slope);
    if (low === 0) at = min(at, high - QUARTER_OCTAVE);
    else if (at <= low || at >= high || turn % 4 === 3 || turn >= SECANT_TURNS) at = low + ((high - low) >> 1);
  }
  store<f64>(last, slope, 8);
  return (<u64>high << 32) | <u64>low;
}

function bitsOf(value: f64): i32 {
  return reinterpret<i32>(<f32>value);
}
