/** What dist/kernels/deliver.wasm exports; addresses are byte offsets in its memory. */
export interface DeliverKernel {
  scatter(acc: number, targets: number, n: number, weight: number): void;
  deliverConstant(deliveries: number, n: number, scratch: number): number;
  deliverPacked(spikes: number, n: number, rows: number, synapses: number, shift: number, acc: number): void;
  deliverConstantDelayed(
    spikes: number,
    n: number,
    rows: number,
    segments: number,
    targets: number,
    weight: number,
    ring: number,
    rowBytes: number,
    slot: number,
    slots: number,
  ): void;
  /** f32: `starts` u16[steps + 1], `spikes` u16[], `weights` [blocks][sources][16], `acc` [steps][blocks][16]. */
  deliverDenseWindow(
    steps: number,
    starts: number,
    spikes: number,
    sources: number,
    blocks: number,
    weights: number,
    acc: number,
  ): void;
  /** f32 … */
  deliverDense: DenseDelivery;
  /** … and i32. */
  deliverDenseQuanta: DenseDelivery;
  notePacked(
    notices: number,
    n: number,
    slots: number,
    calendar: number,
    room: number,
    listBytes: number,
    rowBytes: number,
    control: number,
  ): number;
  deliverDue(list: number, length: number, row: number, other: number, channelBytes: number): number;
  moveSums(from: number, to: number, bytes: number): void;
}

/** `spikes` u32[n], `weights` [blocks][sources][16], `acc` [blocks][16]. */
export type DenseDelivery = (
  spikes: number,
  n: number,
  sources: number,
  blocks: number,
  weights: number,
  acc: number,
) => void;

/** Words of a delivery of `deliverConstant`: spikes, how many, rows, targets, weight, accumulators. */
export const DELIVERY_WORDS = 6;

/** Words of a notice of `notePacked`: spikes, how many, rows, segments, synapses, kind, slot, late accumulators. */
export const NOTICE_WORDS = 8;

/** Bytes that `deliverConstant` needs for its scratch. */
export const ROWS_BYTES = 16 * 12;

/** Slots whose synapses are noted together in the calendar; as in calendar.wasm.ts. */
export const SPAN = 2;

/** Slots of a calendar for delays of up to `longest` steps: no span comes again while it is delivered. */
export function calendarSlots(longest: number): number {
  return SPAN * Math.ceil((longest + 1 + SPAN) / SPAN);
}

/**
 * Bytes of one list of the calendar: an odd number of cache lines. All lists are written in turn; were they a power of
 * two apart, the ends of all of them would share a few sets of the caches.
 */
export function calendarListBytes(room: number): number {
  return ((16 * room + 63) & ~63) | 64;
}

/** Words of the calendar's `control`: a flag for each slot, a length for each span. */
export function controlWords(slots: number): number {
  return slots + slots / SPAN;
}

/** Bytes of the lists of a calendar. */
export function calendarBytes(slots: number, room: number): number {
  return (slots / SPAN) * calendarListBytes(room);
}
