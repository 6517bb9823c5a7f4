/**
 * Adds the synapses of one row to the accumulators of its targets. Whoever delivers spikes to i32 accumulators
 * by u16 target lists uses these.
 */

/** acc[target] += weight for the u16 targets in [from, to); the number of targets is a multiple of four. */
// @ts-ignore: decorator
@inline
export function addConstant(acc: usize, from: usize, to: usize, weight: i32): void {
  while (from < to) {
    const four = load<u64>(from);
    const a = acc + ((<usize>four & 0xffff) << 2);
    const b = acc + (<usize>(four >> 14) & 0x3fffc);
    const c = acc + (<usize>(four >> 30) & 0x3fffc);
    const d = acc + (<usize>(four >> 48) << 2);
    store<i32>(a, load<i32>(a) + weight);
    store<i32>(b, load<i32>(b) + weight);
    store<i32>(c, load<i32>(c) + weight);
    store<i32>(d, load<i32>(d) + weight);
    from += 8;
  }
}

// @ts-ignore: decorator
@inline
function addOne(acc: usize, synapse: u32, shift: i32): void {
  const at = acc + ((synapse & 0xffff) << 2);
  store<i32>(at, load<i32>(at) + ((<i32>synapse >> 16) << shift));
}

/** acc[target] += weight << shift for the synapses (target | weight << 16) in [from, to). */
// @ts-ignore: decorator
@inline
export function addPacked(acc: usize, from: usize, to: usize, shift: i32): void {
  for (; from + 16 <= to; from += 16) {
    const two = load<u64>(from);
    const other = load<u64>(from, 8);
    addOne(acc, <u32>two, shift);
    addOne(acc, <u32>(two >> 32), shift);
    addOne(acc, <u32>other, shift);
    addOne(acc, <u32>(other >> 32), shift);
  }
  for (; from < to; from += 4) addOne(acc, load<u32>(from), shift);
}
