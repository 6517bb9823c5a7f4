import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Arena } from '../../kernels/arena.js';
import {
  calendarBytes,
  calendarListBytes,
  calendarSlots,
  controlWords,
  type DeliverKernel,
  NOTICE_WORDS,
  SPAN,
} from '../../kernels/deliver/index.js';
import { type DelayedSynapse, delivered } from '../../kernels/deliver/reference.js';
import { loadKernel } from '../../kernels/load.js';

const [SOURCES, NEURONS, SLOTS, SHIFT] = [7, 40, 13, 3];

const synapse = fc.record({
  target: fc.integer({ min: 0, max: NEURONS - 1 }),
  weight: fc.integer({ min: -32_768, max: 32_767 }),
  slots: fc.integer({ min: 1, max: SLOTS }),
});

/** Lays out rows as tables hold them: rows, segments by delay, synapses. */
function layOut(rows: readonly DelayedSynapse[][], arena: Arena) {
  const starts: number[] = [];
  const segments: number[] = [];
  const data: number[] = [];
  for (const row of rows) {
    starts.push(segments.length, data.length);
    for (let slots = 1; slots <= SLOTS; slots++) {
      const due = row.filter((s) => s.slots === slots);
      if (due.length === 0) continue;
      segments.push((slots << 20) | due.length);
      data.push(...due.map(({ target, weight }) => target | (weight << 16)));
    }
  }
  starts.push(segments.length, data.length);
  const place = (words: number[]) => {
    const array = arena.int32(words.length + 1);
    array.set(words);
    return array.byteOffset;
  };
  return { rows: place(starts), segments: place(segments), data: place(data) };
}

test('what the calendar holds is added when it is due, and what it has no room for at once: the sums are the same', () => {
  const rows = fc.array(fc.array(synapse, { maxLength: 30 }), { minLength: SOURCES, maxLength: SOURCES });
  const spikes = fc.array(fc.integer({ min: 0, max: SOURCES - 1 }), { maxLength: 12 });
  const run = fc.record({ rows, spikes, step: fc.nat(100), room: fc.integer({ min: 1, max: 9 }) });
  fc.assert(
    fc.property(run, ({ rows, spikes, step, room }) => {
      const arena = new Arena();
      const kernel = loadKernel<DeliverKernel>('deliver', arena.memory);
      const table = layOut(rows, arena);
      const rowBytes = 4 * NEURONS;
      const slots = calendarSlots(SLOTS - 1);
      const channelBytes = slots * rowBytes;
      const channel = 1;
      const ring = arena.int32(2 * slots * NEURONS);
      const late = arena.int32(slots * NEURONS);
      const control = arena.int32(controlWords(slots));
      const listBytes = calendarListBytes(room);
      const calendar = arena.uint8(calendarBytes(slots, room)).byteOffset;
      const list = arena.int32(spikes.length + 1);
      list.set(spikes);
      const { segments, data } = table;
      // The spikes in two lists: a source may send in both.
      const half = spikes.length >> 1;
      const notices = arena.int32(2 * NOTICE_WORDS);
      const behind = [table.rows, segments, data, (channel << 5) | SHIFT, step % slots, late.byteOffset];
      notices.set([list.byteOffset, half, ...behind]);
      notices.set([list.byteOffset + 4 * half, spikes.length - half, ...behind], NOTICE_WORDS);
      const to = [slots, calendar, room, listBytes, rowBytes, control.byteOffset] as const;
      kernel.notePacked(notices.byteOffset, 2, ...to);
      const expected = delivered(rows, spikes, NEURONS, SLOTS, SHIFT);
      const own = (first: number) => calendar + (first / SPAN) * listBytes;
      const length = (first: number) => control.byteOffset + 4 * (slots + first / SPAN);
      for (let later = 1; later <= SLOTS; later++) {
        const slot = (step + later) % slots;
        const first = slot - (slot % SPAN);
        const row = ring.byteOffset + first * rowBytes;
        // Twice: a list that was delivered is empty.
        for (let k = 0; k < 2; k++)
          kernel.deliverDue(own(first), length(first), row, row + rowBytes, channelBytes);
        const at = (channel * slots + slot) * NEURONS;
        const noRoom = late.subarray(slot * NEURONS, (slot + 1) * NEURONS);
        if (noRoom.some((sum) => sum !== 0)) expect(control[slot]).toBe(1);
        kernel.moveSums(noRoom.byteOffset, ring.byteOffset + 4 * at, rowBytes);
        expect(noRoom.every((sum) => sum === 0)).toBe(true);
        expect(Array.from(ring.subarray(at, at + NEURONS))).toEqual(expected[later].map((sum) => sum | 0));
      }
      expect(ring.subarray(0, slots * NEURONS).every((sum) => sum === 0)).toBe(true);
    }),
  );
});
