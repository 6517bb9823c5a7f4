/**
 * Marks which groups of sixteen neurons the synapses of some spikes reach, and when: one bit a group, a row of bits
 * for each slot of the accumulators. Synapses are `size` bytes each and begin with the u16 of their target.
 */

// @ts-ignore: decorator
@inline
function mark(bits: usize, synapse: usize): void {
  const target = <u32>load<u16>(synapse);
  const at = bits + ((target >> 9) << 2);
  store<u32>(at, load<u32>(at) | (1 << ((target >> 4) & 31)));
}

/** One delay: rows[source] … rows[source + 1] are indices into `data`. `bits` is the row of the slot that is due. */
export function markRows(spikes: usize, n: i32, rows: usize, data: usize, size: i32, bits: usize): void {
  const end = spikes + 4 * n;
  for (let at = spikes; at < end; at += 4) {
    const row = rows + 4 * load<u32>(at);
    const last = data + size * load<u32>(row, 4);
    for (let synapse = data + size * load<u32>(row); synapse < last; synapse += size) mark(bits, synapse);
  }
}

/**
 * A delay per synapse: rows[2·source] is the first segment, rows[2·source + 1] the first synapse of a row; a segment is
 * slots << 20 | synapses, where `slots` counts from the step of the spike.
 * @param slot slot of the step in which the sources spiked
 * @param bits row of slot 0; `bitBytes` from one to the next
 */
export function markSegments(
  spikes: usize, n: i32, rows: usize, segments: usize, data: usize, size: i32,
  bits: usize, bitBytes: i32, slot: i32, slots: i32,
): void {
  const end = spikes + 4 * n;
  for (let at = spikes; at < end; at += 4) {
    const row = rows + 8 * load<u32>(at);
    let synapse = data + size * load<u32>(row, 4);
    const last = segments + 4 * load<u32>(row, 8);
    for (let segment = segments + 4 * load<u32>(row); segment < last; segment += 4) {
      const word = load<u32>(segment);
      let due = slot + <i32>(word >> 20);
      if (due >= slots) due -= slots;
      for (const next = synapse + size * (word & 0xfffff); synapse < next; synapse += size)
        mark(bits + due * bitBytes, synapse);
    }
  }
}
