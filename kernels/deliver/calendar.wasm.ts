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

/** Spikes whose rows are to be noted; see index.ts for the order of the words. */
@unmanaged
class Notice {
  spikes: usize;
  n: i32;
  /** rows[2·source] is the first segment, rows[2·source + 1] the first synapse of a row. */
  rows: usize;
  segments: usize;
  synapses: usize;
  /** channel << 5 | shift */
  kind: u32;
  /** Slot of the calendar in which the sources spiked. */
  slot: i32;
  /** Accumulators of slot 0 of the channel for what finds no room. */
  late: usize;
}

/**
 * Notes all segments of the rows of some spikes. A list that is full is no loss: what would be noted there is added at
 * once to accumulators that are kept for it. Sums of integers do not depend on the order, so nothing but time does.
 *
 * @param slots slots of the calendar, a multiple of SPAN, and greater by that than the longest delay, so that no span that
 * is being delivered comes again
 * @param listBytes from one list of the calendar to the next
 * @param rowBytes from one slot of the late accumulators to the next
 * @param control a word for each slot: whether anything was added to its late accumulators; behind them a word for each
 * span: how many notes its list holds. They lie together, as each spike writes to all lists.
 */
export function notePacked(
  notices: usize,
  n: i32,
  slots: i32,
  calendar: usize,
  room: u32,
  listBytes: i32,
  rowBytes: i32,
  control: usize,
): i32 {
  const end = notices + n * offsetof<Notice>();
  const lengths = control + 4 * slots;
  let touched = 0;
  // To wait for the rows of all spikes is hardly longer than for one; then for the lines of all their segments.
  for (let at = notices; at < end; at += offsetof<Notice>()) touched += touchRows(changetype<Notice>(at));
  for (let at = notices; at < end; at += offsetof<Notice>()) touched += touchSegments(changetype<Notice>(at));
  for (let at = notices; at < end; at += offsetof<Notice>()) {
    const notice = changetype<Notice>(at);
    const last = notice.spikes + 4 * notice.n;
    for (let spike = notice.spikes; spike < last; spike += 4)
      noteRow(notice, notice.rows + 8 * load<u32>(spike), slots, calendar, room, listBytes, rowBytes, control, lengths);
  }
  return touched;
}

// @ts-ignore: decorator
@inline
function noteRow(
  notice: Notice,
  row: usize,
  slots: i32,
  calendar: usize,
  room: u32,
  listBytes: i32,
  rowBytes: i32,
  control: usize,
  lengths: usize,
): void {
  const slot = notice.slot;
  const kind = notice.kind;
  let from = notice.synapses + 4 * load<u32>(row, 4);
  const last = notice.segments + 4 * load<u32>(row, 8);
  let span = -1;
  let note: usize = 0;
  for (let segment = notice.segments + 4 * load<u32>(row); segment < last; segment += 4) {
    const word = load<u32>(segment);
    const count = word & 0xfffff;
    let due = slot + <i32>(word >> 20);
    if (due >= slots) due -= slots;
    if (due >> SPAN_BITS != span) {
      span = due >> SPAN_BITS;
      note = newNote(calendar + span * listBytes, lengths + 4 * span, room, from, kind);
    }
    if (note != 0) store<u32>(note + 4 * (due & (SPAN - 1)), count, 8);
    else {
      addPacked(notice.late + due * rowBytes, from, from + 4 * count, kind & 31);
      store<u32>(control + 4 * due, 1);
    }
    from += 4 * count;
  }
}

// @ts-ignore: decorator
@inline
function touchRows(notice: Notice): i32 {
  const end = notice.spikes + 4 * notice.n;
  let touched = 0;
  for (let at = notice.spikes; at < end; at += 4) touched += load<u32>(notice.rows + 8 * load<u32>(at));
  return touched;
}

// @ts-ignore: decorator
@inline
function touchSegments(notice: Notice): i32 {
  const end = notice.spikes + 4 * notice.n;
  let touched = 0;
  for (let at = notice.spikes; at < end; at += 4) {
    const row = notice.rows + 8 * load<u32>(at);
    const last = notice.segments + 4 * load<u32>(row, 8);
    for (let line = notice.segments + 4 * load<u32>(row); line < last; line += 64) touched += load<u8>(line);
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
