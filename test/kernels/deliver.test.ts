import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Arena } from '../../kernels/arena.js';
import {
  calendarBytes,
  calendarListBytes,
  calendarSlots,
  controlWords,
  DELIVERY_WORDS,
  type DeliverKernel,
  NOTICE_WORDS,
  ROWS_BYTES,
  SPAN,
} from '../../kernels/deliver/index.js';
import { type DelayedSynapse, delivered, deliveredDense } from '../../kernels/deliver/reference.js';
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

/** Rows of u16 targets, filled up to fours with neuron `padding`, one behind the other; `starts` counts targets. */
function layOutTargets(rows: readonly number[][], padding: number, arena: Arena) {
  const filled = rows.map((row) => [...row, ...Array<number>((4 - (row.length % 4)) % 4).fill(padding)]);
  const starts = arena.uint32(rows.length + 1);
  filled.forEach((row, source) => {
    starts[source + 1] = starts[source] + row.length;
  });
  const targets = arena.uint16(starts[rows.length]);
  filled.forEach((row, source) => {
    targets.set(row, starts[source]);
  });
  return { starts, targets };
}

test('rows of one weight and one delay, however many and however long, are added as a plain loop adds them', () => {
  const neuron = fc.integer({ min: 0, max: NEURONS - 1 });
  // Short ones, none, and one that is longer than what is fetched at once.
  const rows = fc.tuple(
    fc.array(fc.array(neuron, { maxLength: 90 }), { minLength: SOURCES - 1, maxLength: SOURCES - 1 }),
    fc
      .array(neuron, { minLength: 1, maxLength: 50 })
      .map((few) => Array.from({ length: 400 }, () => few).flat()),
  );
  const delivery = fc.record({
    spikes: fc.array(fc.integer({ min: 0, max: SOURCES - 1 }), { maxLength: 40 }),
    weight: fc.integer(),
    slot: fc.integer({ min: 0, max: SLOTS - 1 }),
  });
  fc.assert(
    fc.property(rows, fc.array(delivery, { maxLength: 6 }), ([short, long], deliveries) => {
      const arena = new Arena();
      const kernel = loadKernel<DeliverKernel>('deliver', arena.memory);
      const all = [...short, long];
      const { starts, targets } = layOutTargets(all, NEURONS, arena);
      const ring = arena.int32(SLOTS * (NEURONS + 1));
      const words = arena.int32(deliveries.length * DELIVERY_WORDS + 1);
      const expected = new Int32Array(ring.length);
      deliveries.forEach(({ spikes, weight, slot }, k) => {
        const list = arena.int32(spikes.length + 1);
        list.set(spikes);
        const row = slot * (NEURONS + 1);
        const at = [list.byteOffset, spikes.length, starts.byteOffset, targets.byteOffset, weight];
        words.set([...at, ring.byteOffset + 4 * row], k * DELIVERY_WORDS);
        for (const source of spikes) for (const target of all[source]) expected[row + target] += weight;
      });
      const scratch = arena.uint8(ROWS_BYTES).byteOffset;
      kernel.deliverConstant(words.byteOffset, deliveries.length, scratch);
      for (let slot = 0; slot < SLOTS; slot++) {
        const [from, to] = [slot * (NEURONS + 1), slot * (NEURONS + 1) + NEURONS];
        expect(Array.from(ring.subarray(from, to))).toEqual(Array.from(expected.subarray(from, to)));
      }
    }),
  );
});

test('rows of a weight each, and rows of a delay each, are added as a plain loop adds them', () => {
  const rows = fc.array(fc.array(synapse, { maxLength: 30 }), { minLength: SOURCES, maxLength: SOURCES });
  const spikes = fc.array(fc.integer({ min: 0, max: SOURCES - 1 }), { maxLength: 12 });
  fc.assert(
    fc.property(rows, spikes, fc.nat(SLOTS), fc.integer(), (all, sent, slot, weight) => {
      const arena = new Arena();
      const kernel = loadKernel<DeliverKernel>('deliver', arena.memory);
      const list = arena.int32(sent.length + 1);
      list.set(sent);

      const starts = arena.uint32(SOURCES + 1);
      all.forEach((row, source) => {
        starts[source + 1] = starts[source] + row.length;
      });
      const packed = arena.int32(starts[SOURCES] + 1);
      packed.set(all.flat().map((s) => s.target | (s.weight << 16)));
      const sums = arena.int32(NEURONS);
      const { byteOffset: at } = list;
      kernel.deliverPacked(at, sent.length, starts.byteOffset, packed.byteOffset, SHIFT, sums.byteOffset);
      const expected = delivered(all, sent, NEURONS, SLOTS, SHIFT);
      const inAll = sums.map((_, target) => expected.reduce((sum, due) => sum + due[target], 0));
      expect(Array.from(sums)).toEqual(Array.from(inAll));

      // By delay, each filled up to fours.
      const bins = all.map((row) =>
        Array.from({ length: SLOTS }, (_, k) => row.filter((s) => s.slots === k + 1)),
      );
      const { starts: segmentStarts, targets } = layOutTargets(
        bins.flat().map((bin) => bin.map(({ target }) => target)),
        NEURONS,
        arena,
      );
      const segments = arena.uint32(SOURCES * SLOTS);
      const index = arena.uint32(2 * (SOURCES + 1));
      for (let source = 0; source <= SOURCES; source++)
        index.set([source * SLOTS, segmentStarts[source * SLOTS]], 2 * source);
      segments.forEach((_, k) => {
        segments[k] = (((k % SLOTS) + 1) << 20) | (segmentStarts[k + 1] - segmentStarts[k]);
      });
      const slots = SLOTS + 1;
      const ring = arena.int32(slots * (NEURONS + 1));
      kernel.deliverConstantDelayed(
        at,
        sent.length,
        index.byteOffset,
        segments.byteOffset,
        targets.byteOffset,
        weight,
        ring.byteOffset,
        4 * (NEURONS + 1),
        slot,
        slots,
      );
      const counts = delivered(
        all.map((row) => row.map((s) => ({ ...s, weight: 1 }))),
        sent,
        NEURONS,
        SLOTS,
        0,
      );
      for (let later = 1; later <= SLOTS; later++) {
        const from = ((slot + later) % slots) * (NEURONS + 1);
        expect(Array.from(ring.subarray(from, from + NEURONS))).toEqual(
          counts[later].map((n) => Math.imul(n, weight)),
        );
      }
    }),
  );
});

test('rows in which every target has its place: for each source that spikes, its row is added', () => {
  const shape = fc.record({
    targets: fc.integer({ min: 1, max: 40 }),
    seed: fc.nat(1e6),
    steps: fc.array(fc.array(fc.integer({ min: 0, max: SOURCES - 1 }), { maxLength: 9 }), {
      minLength: 1,
      maxLength: 5,
    }),
  });
  fc.assert(
    fc.property(shape, ({ targets, seed, steps }) => {
      const arena = new Arena();
      const kernel = loadKernel<DeliverKernel>('deliver', arena.memory);
      const blocks = Math.ceil(targets / 16);
      const weights = Array.from({ length: SOURCES }, (_, i) =>
        Array.from({ length: targets }, (_, j) => ((seed + 7919 * (i * targets + j)) % 2001) - 1000),
      );
      const [floats, quanta] = [arena.float32(blocks * SOURCES * 16), arena.int32(blocks * SOURCES * 16)];
      for (let i = 0; i < SOURCES; i++)
        for (let j = 0; j < targets; j++) {
          const at = ((j >> 4) * SOURCES + i) * 16 + (j & 15);
          floats[at] = weights[i][j];
          quanta[at] = weights[i][j];
        }
      const [starts, short] = [arena.uint16(steps.length + 1), arena.uint16(steps.flat().length + 1)];
      short.set(steps.flat());
      for (const [k, spikes] of steps.entries()) starts[k + 1] = starts[k] + spikes.length;
      const windowed = arena.float32(steps.length * blocks * 16);
      const addresses = [starts, short].map(({ byteOffset }) => byteOffset);
      kernel.deliverDenseWindow(
        steps.length,
        addresses[0],
        addresses[1],
        SOURCES,
        blocks,
        floats.byteOffset,
        windowed.byteOffset,
      );
      for (const [k, spikes] of steps.entries()) {
        const long = arena.uint32(spikes.length + 1);
        long.set(spikes);
        const [inFloats, inQuanta] = [arena.float32(blocks * 16).fill(5), arena.int32(blocks * 16).fill(5)];
        const list = [long.byteOffset, spikes.length, SOURCES, blocks] as const;
        kernel.deliverDense(...list, floats.byteOffset, inFloats.byteOffset);
        kernel.deliverDenseQuanta(...list, quanta.byteOffset, inQuanta.byteOffset);
        const due = deliveredDense(weights, spikes);
        expect(Array.from(windowed.subarray(k * blocks * 16, k * blocks * 16 + targets))).toEqual(due);
        expect(Array.from(inFloats.subarray(0, targets))).toEqual(due.map((sum) => sum + 5));
        expect(Array.from(inQuanta.subarray(0, targets))).toEqual(due.map((sum) => sum + 5));
      }
    }),
  );
});
