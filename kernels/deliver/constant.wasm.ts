/** Rows of synapses that have one weight and one delay, of all spikes of a window together. */
import { addConstant } from './row.wasm';

/** Spikes whose rows are added to the accumulators of one step; see index.ts for the order of the words. */
@unmanaged
class Delivery {
  spikes: usize;
  n: i32;
  /** rows[source] … rows[source + 1] are indices into the u16 targets. */
  rows: usize;
  targets: usize;
  weight: i32;
  acc: usize;
}

/** The row of one spike: its targets lie from `from` to before `to`. */
@unmanaged
class Row {
  from: usize;
  to: usize;
  weight: i32;
  acc: usize;
}

/** Rows that are fetched together: about as many as the hardware follows when it fetches ahead. */
const ROWS = 12;
/** Bytes of such rows, at the most as many as the first-level cache holds. */
const BURST = 32768;

/**
 * Rows follow each other at random, so each begins with misses, and the hardware fetches ahead only within a page and
 * only after some of them. To wait for the lines of many rows together is hardly longer than to wait for one line.
 *
 * @param scratch room for ROWS rows, behind all targets: up to 65 bytes behind the last of them are read
 */
export function deliverConstant(deliveries: usize, n: i32, scratch: usize): i32 {
  const end = deliveries + n * offsetof<Delivery>();
  const full = scratch + ROWS * offsetof<Row>();
  let touched = 0;
  let room = BURST;
  let at = scratch;
  for (let one = deliveries; one < end; one += offsetof<Delivery>()) {
    const delivery = changetype<Delivery>(one);
    const last = delivery.spikes + 4 * delivery.n;
    for (let spike = delivery.spikes; spike < last; spike += 4) {
      const bounds = delivery.rows + 4 * load<u32>(spike);
      const row = changetype<Row>(at);
      row.from = delivery.targets + 2 * load<u32>(bounds);
      row.to = delivery.targets + 2 * load<u32>(bounds, 4);
      row.weight = delivery.weight;
      row.acc = delivery.acc;
      room -= <i32>(row.to - row.from);
      at += offsetof<Row>();
      if (room > 0 && at < full) continue;
      touched += touch(scratch, at);
      add(scratch, at);
      room = BURST;
      at = scratch;
    }
  }
  touched += touch(scratch, at);
  add(scratch, at);
  return touched;
}

/** Asks for two lines of each row in turn: a row that has ended is asked for its end again, which costs no miss. */
// @ts-ignore: decorator
@inline
function touch(rows: usize, end: usize): i32 {
  let longest: usize = 0;
  for (let at = rows; at < end; at += offsetof<Row>())
    longest = max(longest, changetype<Row>(at).to - changetype<Row>(at).from);
  let touched = 0;
  for (let offset: usize = 0; offset < longest + 64; offset += 128)
    for (let at = rows; at < end; at += offsetof<Row>()) {
      const line = min(changetype<Row>(at).from + offset, changetype<Row>(at).to);
      touched += load<u8>(line) + load<u8>(line, 64);
    }
  return touched;
}

// @ts-ignore: decorator
@inline
function add(rows: usize, end: usize): void {
  for (let at = rows; at < end; at += offsetof<Row>()) {
    const row = changetype<Row>(at);
    addConstant(row.acc, row.from, row.to, row.weight);
  }
}
