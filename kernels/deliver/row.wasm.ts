/**
 * Adds the synapses of one row to the accumulators of its targets. Whoever delivers spikes to i32 accumulators
 * by u16 target lists uses these.
 */

/** acc[target] += weight for the u16 targets in [from, to); the number of targets is a multiple of four. */
// @ts-ignore: decorator
@inline
export function addConstant(acc: usize, from: usize, to: usize, weight: i32): void {
  for (; from < to; from += 8) {
    const a = acc + (<usize>load<u16>(from) << 2);
    const b = acc + (<usize>load<u16>(from, 2) << 2);
    const c = acc + (<usize>load<u16>(from, 4) << 2);
    const d = acc + (<usize>load<u16>(from, 6) << 2);
    store<i32>(a, load<i32>(a) + weight);
    store<i32>(b, load<i32>(b) + weight);
    store<i32>(c, load<i32>(c) + weight);
    store<i32>(d, load<i32>(d) + weight);
  }
}

// @ts-ignore: decorator
@inline
function addOne(acc: usize, synapse: usize, shift: i32): void {
  const at = acc + (<usize>load<u16>(synapse) << 2);
  store<i32>(at, load<i32>(at) + (<i32>load<i16>(synapse, 2) << shift));
}

/** acc[target] += weight << shift for the synapses (u16 target, i16 weight) in [from, to). */
// @ts-ignore: decorator
@inline
export function addPacked(acc: usize, from: usize, to: usize, shift: i32): void {
  for (; from + 16 <= to; from += 16) {
    addOne(acc, from, shift);
    addOne(acc, from + 4, shift);
    addOne(acc, from + 8, shift);
    addOne(acc, from + 12, shift);
  }
  for (; from < to; from += 4) addOne(acc, from, shift);
}
