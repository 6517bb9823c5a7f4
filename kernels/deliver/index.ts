/** What dist/kernels/deliver.wasm exports; addresses are byte offsets in its memory. */
export interface DeliverKernel {
  scatter(acc: number, targets: number, n: number, weight: number): void;
  deliverConstant(
    spikes: number,
    n: number,
    rows: number,
    targets: number,
    weight: number,
    acc: number,
  ): void;
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
  notePacked(
    spikes: number,
    n: number,
    rows: number,
    segments: number,
    synapses: number,
    shift: number,
    channel: number,
    ring: number,
    rowBytes: number,
    slot: number,
    slots: number,
    calendar: number,
    room: number,
  ): void;
  deliverDue(list: number, row: number, channelBytes: number): number;
}

/** Bytes of one list of the calendar. */
export function calendarListBytes(room: number): number {
  return 8 * room + 8;
}
