/** What both ways of choosing the largest products share. */

/** So many candidates are searched one by one. */
export const GATHERED: i32 = 1024;

/** Bits of |value|: they order like the value itself. */
export function magnitudeBits(at: usize): u32 {
  return load<u32>(at) & 0x7fffffff;
}

/** The `rank`-th largest (from 1) of `count` values, by quickselect; the values change places. */
export function nthLargest(values: usize, count: i32, rank: i32): f64 {
  let first: i32 = 0;
  let last = count - 1;
  const wanted = rank - 1;
  while (first < last) {
    const pivot = load<f64>(values + (<usize>((first + last) >> 1) << 3));
    let i = first;
    let j = last;
    while (i <= j) {
      while (load<f64>(values + (<usize>i << 3)) > pivot) i++;
      while (load<f64>(values + (<usize>j << 3)) < pivot) j--;
      if (i <= j) {
        const held = load<f64>(values + (<usize>i << 3));
        store<f64>(values + (<usize>i << 3), load<f64>(values + (<usize>j << 3)));
        store<f64>(values + (<usize>j << 3), held);
        i++;
        j--;
      }
    }
    if (wanted <= j) last = j;
    else if (wanted >= i) first = i;
    else break;
  }
  return load<f64>(values + (<usize>wanted << 3));
}

/** Writes the entries of the first `count` sources of an order. */
export function listRow(order: usize, count: i32, target: u32, list: usize): void {
  const high = i32x4.splat(target << 16);
  const whole = <usize>(count & ~3) << 2;
  for (let at: usize = 0; at < whole; at += 16) v128.store(list + at, v128.or(v128.load(order + at), high));
  for (let at = whole; at < <usize>count << 2; at += 4) store<u32>(list + at, load<u32>(order + at) | (target << 16));
}

/** Fills the list up from the products that equal the threshold, in the order of the synapses. */
export function listTied(
  x: usize,
  n: i32,
  g: usize,
  targets: i32,
  threshold: f64,
  count: i32,
  listed: i32,
  list: usize,
): i32 {
  for (let i: i32 = 0; i < n; i++) {
    const input = <f64>abs(load<f32>(x + ((<usize>i) << 2)));
    for (let j: i32 = 0; j < targets; j++) {
      if (input * <f64>abs(load<f32>(g + ((<usize>j) << 2))) !== threshold) continue;
      store<u32>(list + ((<usize>listed) << 2), (j << 16) | i);
      listed++;
      if (listed === count) return listed;
    }
  }
  return listed;
}
