/** Delivers spikes: for each, the row of its source is added to a ring of accumulators, one slot a step. */
import { addConstant, addPacked } from './row.wasm';

/** The limit of delivery: reads a list of u16 targets and adds to their accumulators, no rows, no spikes. */
export function scatter(acc: usize, targets: usize, n: i32, weight: i32): void {
  addConstant(acc, targets, targets + 2 * n, weight);
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

export { deliverDue, moveSums, notePacked } from './calendar.wasm';
export { deliverConstant } from './constant.wasm';
export { deliverDense, deliverDenseQuanta, deliverDenseWindow } from './dense.wasm';
