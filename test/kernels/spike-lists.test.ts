import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Arena } from '../../kernels/arena.js';
import { spikeListsKernel } from '../../kernels/spike-lists/index.js';
import { eventsBySource, oneStepLater } from '../../kernels/spike-lists/reference.js';

const STEPS = 7;

/** Which of `neurons` spike at each step, ascending. */
const windowOf = (neurons: number) =>
  fc
    .array(fc.uniqueArray(fc.integer({ min: 0, max: neurons - 1 }), { maxLength: neurons }), {
      minLength: STEPS,
      maxLength: STEPS,
    })
    .map((steps) => steps.map((spiking) => spiking.toSorted((a, b) => a - b)));

const networks = fc.integer({ min: 1, max: 50 }).chain((neurons) =>
  fc.record({
    neurons: fc.constant(neurons),
    samples: fc.array(windowOf(neurons), { minLength: 1, maxLength: 5 }),
  }),
);

test('the lists of a window become one in order of time, one step later', () => {
  fc.assert(
    fc.property(networks, ({ neurons, samples: [spiking] }) => {
      const arena = new Arena();
      const [sent, window] = [arena.uint32(STEPS), arena.uint32(neurons * STEPS)];
      const [starts, spikes] = [arena.uint16(STEPS + 1).fill(9), arena.uint16(neurons * STEPS)];
      for (const [k, list] of spiking.entries()) {
        sent[k] = list.length;
        window.set(list, k * neurons);
      }
      const [from, to] = [
        [sent, window],
        [starts, spikes],
      ].map((arrays) => arrays.map((a) => a.byteOffset));
      spikeListsKernel(arena.memory).oneStepLater(STEPS, from[0], from[1], 4 * neurons, to[0], to[1]);
      const lists = Array.from({ length: STEPS }, (_, k) =>
        Array.from(spikes.subarray(starts[k], starts[k + 1])),
      );
      expect(lists).toEqual(oneStepLater(spiking));
    }),
  );
});

test('lists of a batch become events by source, in the order of the samples', () => {
  fc.assert(
    fc.property(networks, ({ neurons, samples }) => {
      const arena = new Arena();
      const total = samples.flat(2).length;
      const [rowStarts, events] = [arena.uint32(neurons + 2), arena.uint32(total + 1)];
      const lists = samples.map((sample) => {
        const [starts, spikes] = [arena.uint16(STEPS + 1), arena.uint16(sample.flat().length + 1)];
        spikes.set(sample.flat());
        for (const [k, arrivals] of sample.entries()) starts[k + 1] = starts[k] + arrivals.length;
        return { starts, spikes };
      });
      const kernel = spikeListsKernel(arena.memory);
      rowStarts.fill(99);
      kernel.clear(neurons, rowStarts.byteOffset);
      for (const { starts, spikes } of lists)
        kernel.count(starts[STEPS], spikes.byteOffset, rowStarts.byteOffset);
      kernel.offsets(neurons, rowStarts.byteOffset);
      for (const [s, { starts, spikes }] of lists.entries()) {
        kernel.file(
          STEPS,
          starts.byteOffset,
          spikes.byteOffset,
          s * STEPS,
          rowStarts.byteOffset,
          events.byteOffset,
        );
      }
      const bySource = Array.from({ length: neurons }, (_, i) =>
        Array.from(events.subarray(rowStarts[i], rowStarts[i + 1])),
      );
      expect(bySource).toEqual(eventsBySource(samples, neurons, STEPS));
    }),
  );
});
