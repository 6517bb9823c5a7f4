/**
 * A weight and a delay per synapse: what a spike does is noted, and done when it is due. Accumulators of all slots
 * together are larger than the second-level cache, those of a span of slots are not.
 *
 * The calendar is one list of `room` notes for each span of slots. A note is the address of
 * synapses that lie one behind the other; channel << 5 | shift; and how many of them are due in each slot of the span.
 */
import { addPacked } from './row.wasm';

/** Slots of a span, as in index.ts, and its logarithm. */
const SPAN = 2;
const SPAN_BITS = 1;
const NOTE = 16;

/** Spikes whose segments are asked for at once. */
const SPIKES = 32;

/**
 * Notes all segments of the rows of some spikes. A list that is full is no loss: what would be noted there is added at
 * once to accumulators that are kept for it. Sums of integers do not depend on the order, so nothing but time does.
 *
 * @param slot slot of the calendar in which the sources spiked; `slots` is a multiple of SPAN, and greater by that than
 * the longest delay, so that no span that is being delivered comes again
 * @param listBytes from one list of the calendar to the next
 * @param late accumulators of slot 0 of receptor `channel` for what finds no room; `rowBytes` from one slot to the next
 * @param control a word for each slot: whether anything was added to its `late` accumulators; behind them a word for each
 * span: how many notes its list holds. They lie together, as each spike writes to all lists.
 */
export function notePacked(
  spikes: usize,
  n: i32,
  rows: usize,
  segments: usize,
  synapses: usize,
  shift: u32,
  channel: u32,
  slot: i32,
  slots: i32,
  calendar: usize,
  room: u32,
  listBytes: i32,
  late: usize,
  rowBytes: i32,
  control: usize,
): i32 {
  const end = spikes + 4 * n;
  const lengths = control + 4 * slots;
  let touched = 0;
  for (let first = spikes; first < end; first += 4 * SPIKES) {
    const behind = min(first + 4 * SPIKES, end);
    touched += touchSegments(first, behind, rows, segments);
    for (let at = first; at < behind; at += 4) {
      const row = rows + 8 * load<u32>(at);
      let from = synapses + 4 * load<u32>(row, 4);
      const last = segments + 4 * load<u32>(row, 8);
      let span = -1;
      let note: usize = 0;
      for (let segment = segments + 4 * load<u32>(row); segment < last; segment += 4) {
        const word = load<u32>(segment);
        const count = word & 0xfffff;
        let due = slot + <i32>(word >> 20);
        if (due >= slots) due -= slots;
        if (due >> SPAN_BITS != span) {
          span = due >> SPAN_BITS;
          note = newNote(calendar + span * listBytes, lengths + 4 * span, room, from, (channel << 5) | shift);
        }
        if (note != 0) store<u32>(note + 4 * (due & (SPAN - 1)), count, 8);
        else {
          addPacked(late + due * rowBytes, from, from + 4 * count, shift);
          store<u32>(control + 4 * due, 1);
        }
        from += 4 * count;
      }
    }
  }
  return touched;
}

/** Address of a new note of no synapses, or 0 where the list is full. */
// @ts-ignore: decorator
@inline
function newNote(list: usize, length: usize, room: u32, synapses: usize, kind: u32): usize {
  const noted = load<u32>(length);
  if (noted == room) return 0;
  store<u32>(length, noted + 1);
  const note = list + NOTE * noted;
  store<u32>(note, synapses);
  store<u32>(note, kind, 4);
  store<u64>(note, 0, 8);
  return note;
}

/** Asks for the rows of some spikes, then for the lines of their segments: to wait for all is hardly longer than for one. */
// @ts-ignore: decorator
@inline
function touchSegments(spikes: usize, end: usize, rows: usize, segments: usize): i32 {
  let touched = 0;
  for (let at = spikes; at < end; at += 4) touched += load<u32>(rows + 8 * load<u32>(at));
  for (let at = spikes; at < end; at += 4) {
    const row = rows + 8 * load<u32>(at);
    const last = segments + 4 * load<u32>(row, 8);
    for (let line = segments + 4 * load<u32>(row); line < last; line += 64) touched += load<u8>(line);
  }
  return touched;
}

/** Notes whose synapses are asked for at once. */
const BATCH = 32;

/**
 * Adds what a list of the calendar holds to the accumulators of its span, and empties the list. To be done in each step
 * of the span: what is noted after the first of them is due in a later one.
 *
 * @param length word that says how many notes the list holds
 * @param row accumulators of the span's first slot, receptor 0; `other` those of its second, `channelBytes` from one
 * receptor to the next
 */
export function deliverDue(list: usize, length: usize, row: usize, other: usize, channelBytes: i32): i32 {
  const end = list + NOTE * load<u32>(length);
  store<u32>(length, 0);
  let touched = 0;
  for (let first = list; first < end; first += BATCH * NOTE) {
    const last = min(end, first + BATCH * NOTE);
    // Synapses lie anywhere in memory: to wait for all of a batch is hardly longer than to wait for one.
    for (let note = first; note < last; note += NOTE) {
      const from = load<u32>(note);
      const to = from + 4 * (load<u32>(note, 8) + load<u32>(note, 12));
      for (let line: usize = from; line < to; line += 64) touched += load<u8>(line);
      touched += load<u8>(to - 1);
    }
    for (let note = first; note < last; note += NOTE) {
      const from = load<u32>(note);
      const kind = load<u32>(note, 4);
      const middle = from + 4 * load<u32>(note, 8);
      const channel = (kind >> 5) * channelBytes;
      addPacked(row + channel, from, middle, kind & 31);
      addPacked(other + channel, middle, middle + 4 * load<u32>(note, 12), kind & 31);
    }
  }
  return touched;
}

/** to += from, from = 0, for some i32 sums: `bytes` is a multiple of 16. */
export function moveSums(from: usize, to: usize, bytes: i32): void {
  for (let i = 0; i < bytes; i += 16) {
    v128.store(to + i, i32x4.add(v128.load(to + i), v128.load(from + i)));
    v128.store(from + i, i32x4.splat(0));
  }
}
