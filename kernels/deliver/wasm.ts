/** Delivers spikes: for each, the row of its source is added to a ring of accumulators, one slot a step. */
import { addConstant, addPacked } from './row.wasm';

/** The limit of delivery: reads a list of u16 targets and adds to their accumulators, no rows, no spikes. */
export function scatter(acc: usize, targets: usize, n: i32, weight: i32): void {
  addConstant(acc, targets, targets + 2 * n, weight);
}

/** Bytes of rows whose lines are asked for at once. */
const BURST = 32768;

/**
 * One weight, one delay: rows[source] … rows[source + 1] are indices into the u16 targets.
 *
 * Rows follow each other at random, so each begins with misses, and the hardware fetches ahead only within a page and
 * only after some of them. To wait for the lines of several rows together is hardly longer than to wait for one line.
 */
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
  for (let at = spikes; at < end; ) {
    const first = at;
    let longest = 0;
    for (let room = BURST; room > 0 && at < end; at += 4) {
      const row = rows + 4 * load<u32>(at);
      const bytes = 2 * <i32>(load<u32>(row, 4) - load<u32>(row));
      longest = max(longest, bytes);
      room -= bytes;
    }
    touched += touchRows(first, at, rows, targets, longest);
    for (let spike = first; spike < at; spike += 4) {
      const row = rows + 4 * load<u32>(spike);
      addConstant(acc, targets + 2 * load<u32>(row), targets + 2 * load<u32>(row, 4), weight);
    }
  }
  return touched;
}

/** Asks for one line of each row in turn: a row that has ended is asked for its end again, which costs no miss. */
// @ts-ignore: decorator
@inline
function touchRows(spikes: usize, end: usize, rows: usize, targets: usize, longest: i32): i32 {
  let touched = 0;
  for (let offset = 0; offset < longest + 64; offset += 64)
    for (let at = spikes; at < end; at += 4) {
      const row = rows + 4 * load<u32>(at);
      const from = load<u32>(row);
      const bytes = 2 * <i32>(load<u32>(row, 4) - from);
      touched += load<u8>(targets + 2 * from + min(offset, bytes));
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

export { deliverDue, moveSums, notePacked } from './calendar.wasm';
