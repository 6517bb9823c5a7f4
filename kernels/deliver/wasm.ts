/** Delivers spikes: for each, the row of its source is added to a ring of accumulators, one slot a step. */
import { addConstant, addPacked, touch } from './row.wasm';

/** The limit of delivery: reads a list of u16 targets and adds to their accumulators, no rows, no spikes. */
export function scatter(acc: usize, targets: usize, n: i32, weight: i32): void {
  addConstant(acc, targets, targets + 2 * n, weight);
}

/**
 * Tells the groups of sixteen neurons that spikes reach when they have input: words 2g and 2g + 1 at `due` hold the
 * first and the last step in which group g has some. Rows start at rows + stride·source (and one word further on if
 * `delayed`).
 */
export function markGroups(
  spikes: usize,
  n: i32,
  rows: usize,
  delayed: bool,
  data: usize,
  packed: bool,
  due: usize,
  first: i32,
  last: i32,
): void {
  const end = spikes + 4 * n;
  const size = packed ? 4 : 2;
  for (let at = spikes; at < end; at += 4) {
    const row = delayed ? rows + 8 * load<u32>(at) + 4 : rows + 4 * load<u32>(at);
    const stop = data + size * (delayed ? load<u32>(row, 8) : load<u32>(row, 4));
    for (let synapse = data + size * load<u32>(row); synapse < stop; synapse += size) {
      const group = due + 8 * (<usize>load<u16>(synapse) >> 4);
      if (load<i32>(group) > first) store<i32>(group, first);
      if (load<i32>(group, 4) < last) store<i32>(group, last, 4);
    }
  }
}

/** One weight, one delay: rows[source] … rows[source + 1] are indices into the u16 targets. */
export function deliverConstant(
  spikes: usize,
  n: i32,
  rows: usize,
  targets: usize,
  weight: i32,
  acc: usize,
): i32 {
  const end = spikes + 4 * n;
  let touched = 0;
  for (let at = spikes; at < end; at += 4) {
    const row = rows + 4 * load<u32>(at);
    if (at + 4 < end) {
      const next = rows + 4 * load<u32>(at, 4);
      touched += touch(targets + 2 * load<u32>(next), targets + 2 * load<u32>(next, 4));
    }
    addConstant(acc, targets + 2 * load<u32>(row), targets + 2 * load<u32>(row, 4), weight);
  }
  return touched;
}

/** A weight per synapse, one delay. */
export function deliverPacked(
  spikes: usize,
  n: i32,
  rows: usize,
  synapses: usize,
  shift: i32,
  acc: usize,
): void {
  const end = spikes + 4 * n;
  for (let at = spikes; at < end; at += 4) {
    const row = rows + 4 * load<u32>(at);
    addPacked(acc, synapses + 4 * load<u32>(row), synapses + 4 * load<u32>(row, 4), shift);
  }
}

/**
 * A delay per synapse. rows[2·source] is the first segment, rows[2·source + 1] the first synapse of a row; a
 * segment is slots << 20 | synapses, where `slots` counts from the step of the spike.
 * @param slot slot of the step in which the sources spiked
 * @param ring address of slot 0
 */
export function deliverConstantDelayed(
  spikes: usize,
  n: i32,
  rows: usize,
  segments: usize,
  targets: usize,
  weight: i32,
  ring: usize,
  rowBytes: i32,
  slot: i32,
  slots: i32,
): void {
  const end = spikes + 4 * n;
  for (let at = spikes; at < end; at += 4) {
    const row = rows + 8 * load<u32>(at);
    let from = targets + 2 * load<u32>(row, 4);
    const last = segments + 4 * load<u32>(row, 8);
    for (let segment = segments + 4 * load<u32>(row); segment < last; segment += 4) {
      const word = load<u32>(segment);
      const to = from + 2 * (word & 0xfffff);
      let due = slot + <i32>(word >> 20);
      if (due >= slots) due -= slots;
      addConstant(ring + due * rowBytes, from, to, weight);
      from = to;
    }
  }
}

/** A weight and a delay per synapse. */
export function deliverPackedDelayed(
  spikes: usize,
  n: i32,
  rows: usize,
  segments: usize,
  synapses: usize,
  shift: i32,
  ring: usize,
  rowBytes: i32,
  slot: i32,
  slots: i32,
): void {
  const end = spikes + 4 * n;
  for (let at = spikes; at < end; at += 4) {
    const row = rows + 8 * load<u32>(at);
    let from = synapses + 4 * load<u32>(row, 4);
    const last = segments + 4 * load<u32>(row, 8);
    for (let segment = segments + 4 * load<u32>(row); segment < last; segment += 4) {
      const word = load<u32>(segment);
      const to = from + 4 * (word & 0xfffff);
      let due = slot + <i32>(word >> 20);
      if (due >= slots) due -= slots;
      addPacked(ring + due * rowBytes, from, to, shift);
      from = to;
    }
  }
}
