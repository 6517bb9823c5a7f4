/** The products that share a bucket with the threshold: they are compared one by one. */
import { GATHERED, nthLargest } from './common.wasm';

/**
 * Goes through what is in no prefix and may be above `low`: from `high` up it is listed, the rest are candidates, their
 * products at `spare`. Stores the lengths of both at out + 8 and out + 12; false if there is no room.
 *
 * Which of them a product is cannot be foreseen: it is written to both, and one of the two lengths grows.
 */
export function gather(
  low: f32, high: f32, order: usize, xs: usize, sizes: usize, targets: i32, prefix: usize, ends: usize,
  count: i32, spare: usize, entries: usize, list: usize, out: usize,
): bool {
  const least = <f64>low;
  const most = <f64>high;
  let listed: i32 = 0;
  let found: i32 = 0;
  for (let j: i32 = 0; j < targets; j++) {
    const end = load<i32>(ends + (<usize>j << 2));
    let k = load<i32>(prefix + (<usize>j << 2));
    if (k >= end) continue;
    const size = <f64>load<f32>(sizes + (<usize>j << 2));
    const row = j << 16;
    for (; k < end; k++) {
      const product = <f64>abs(load<f32>(xs + (<usize>k << 2))) * size;
      const entry = row | load<i32>(order + (<usize>k << 2));
      store<u32>(list + (<usize>listed << 2), entry);
      store<f64>(spare + (<usize>found << 3), product);
      store<u32>(entries + (<usize>found << 2), entry);
      const above = i32(product >= most);
      listed += above;
      found += i32(product >= least) - above;
    }
    if (listed > count || found > GATHERED) return false;
  }
  store<i32>(out + 8, listed);
  store<i32>(out + 12, found);
  return true;
}

/**
 * The `rank`-th largest of products from `low` up to, but not, `high`: they are counted in 64 bins of equal width, and
 * compared only within one.
 *
 * @param work 64 f64 for the counts, and room for all products
 */
export function amongFound(products: usize, found: i32, rank: i32, low: f32, high: f32, work: usize): f64 {
  const perUnit = 64 / (<f64>high - <f64>low);
  memory.fill(work, 0, 512);
  for (let k: i32 = 0; k < found; k++) {
    const counter = work + (<usize>binOf(load<f64>(products + (<usize>k << 3)), low, perUnit) << 2);
    store<i32>(counter, load<i32>(counter) + 1);
  }
  let bin: i32 = 63;
  let left = rank;
  while (bin > 0 && load<i32>(work + (<usize>bin << 2)) < left) {
    left -= load<i32>(work + (<usize>bin << 2));
    bin--;
  }
  const values = work + 512;
  let inBin: i32 = 0;
  for (let k: i32 = 0; k < found; k++) {
    const product = load<f64>(products + (<usize>k << 3));
    store<f64>(values + (<usize>inBin << 3), product);
    inBin += i32(binOf(product, low, perUnit) === bin);
  }
  return nthLargest(values, inBin, left);
}

// @ts-ignore: decorator
@inline
function binOf(product: f64, low: f64, perUnit: f64): i32 {
  return min(<i32>((product - low) * perUnit), 63);
}

/** Lists the candidates above the threshold, those that equal it too or not; returns the new length. */
export function listFound(
  threshold: f64, equal: bool, products: usize, entries: usize, found: i32, list: usize, listed: i32,
): i32 {
  const least = equal ? threshold : reinterpret<f64>(reinterpret<u64>(threshold) + 1);
  for (let k: i32 = 0; k < found; k++) {
    store<u32>(list + (<usize>listed << 2), load<u32>(entries + (<usize>k << 2)));
    listed += i32(load<f64>(products + (<usize>k << 3)) >= least);
  }
  return listed;
}

/** How many products are at least `least`. */
export function countFrom(least: f64, products: usize, found: i32): i32 {
  let count: i32 = 0;
  for (let k: i32 = 0; k < found; k++) count += i32(load<f64>(products + (<usize>k << 3)) >= least);
  return count;
}
