/** Delivers spikes: for each, the row of its source is added to a ring of accumulators, one slot a step. */
import { addConstant, addPacked } from './row.wasm';

/** The limit of delivery: reads a list of u16 targets and adds to their accumulators, no rows, no spikes. */
export function scatter(acc: usize, targets: usize, n: i32, weight: i32): void {
  addConstant(acc, targets, targets + 2 * n, weight);
}

/** Bytes of rows whose lines are asked for at once: a quarter of the first-level cache. */
const BURST = 8192;

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
    let ahead = at;
    for (let room = BURST; room > 0 && ahead < end; ahead += 4) {
      const row = rows + 4 * load<u32>(ahead);
      const from = (targets + 2 * load<u32>(row)) & ~63;
      const to = min(targets + 2 * load<u32>(row, 4), from + BURST);
      for (let line = from; line < to; line += 64) touched += load<u8>(line);
      room -= <i32>(to - from);
    }
    for (; at < ahead; at += 4) {
      const row = rows + 4 * load<u32>(at);
      addConstant(acc, targets + 2 * load<u32>(row), targets + 2 * load<u32>(row, 4), weight);
    }
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

/**
 * A weight and a delay per synapse: notes for each segment of the spikes' rows when it is due, in a calendar of one
 * list a slot. Accumulators of all slots together are larger than the second-level cache, those of one slot are not:
 * what is due is added when its step comes (deliverDue). A list that is full is no loss: what would be noted there is
 * added at once.
 *
 * A list is its length, then `room` notes of two words: address of the synapses; channel << 25 | shift << 20 | number.
 *
 * @param channel index of the receptor, and the address of its slot 0
 */
export function notePacked(
  spikes: usize,
  n: i32,
  rows: usize,
  segments: usize,
  synapses: usize,
  shift: u32,
  channel: u32,
  ring: usize,
  rowBytes: i32,
  slot: i32,
  slots: i32,
  calendar: usize,
  room: u32,
): void {
  const end = spikes + 4 * n;
  const kind = (channel << 25) | (shift << 20);
  for (let at = spikes; at < end; at += 4) {
    const row = rows + 8 * load<u32>(at);
    let from = synapses + 4 * load<u32>(row, 4);
    const last = segments + 4 * load<u32>(row, 8);
    for (let segment = segments + 4 * load<u32>(row); segment < last; segment += 4) {
      const word = load<u32>(segment);
      const count = word & 0xfffff;
      let due = slot + <i32>(word >> 20);
      if (due >= slots) due -= slots;
      const list = calendar + due * (8 * room + 8);
      const noted = load<u32>(list);
      if (noted < room) {
        store<u32>(list, noted + 1);
        store<u32>(list + 8 * noted, from, 8);
        store<u32>(list + 8 * noted, kind | count, 12);
      } else addPacked(ring + due * rowBytes, from, from + 4 * count, shift);
      from += 4 * count;
    }
  }
}

/** Segments whose lines are asked for at once. */
const BATCH = 32;

/**
 * Adds what a list of the calendar holds to the accumulators of its slot, and empties the list.
 * @param row accumulators of the slot, receptor 0; `channelBytes` from one receptor to the next
 */
export function deliverDue(list: usize, row: usize, channelBytes: i32): i32 {
  const n = load<u32>(list);
  store<u32>(list, 0);
  let touched = 0;
  for (let first: u32 = 0; first < n; first += BATCH) {
    const last = min<u32>(n, first + BATCH);
    // Segments lie anywhere in memory: to wait for all of a batch is hardly longer than to wait for one.
    for (let k = first; k < last; k++) {
      const from = load<u32>(list + 8 * k, 8);
      const to = from + 4 * (load<u32>(list + 8 * k, 12) & 0xfffff);
      for (let line: usize = from; line < to; line += 64) touched += load<u8>(line);
      touched += load<u8>(to - 1);
    }
    for (let k = first; k < last; k++) {
      const from = load<u32>(list + 8 * k, 8);
      const word = load<u32>(list + 8 * k, 12);
      addPacked(row + (word >> 25) * channelBytes, from, from + 4 * (word & 0xfffff), (word >> 20) & 31);
    }
  }
  return touched;
}
