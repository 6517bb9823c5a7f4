import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Arena } from '../../kernels/arena.js';
import { gradientKernel } from '../../kernels/gradient/index.js';
import { fromDrive, fromEvents } from '../../kernels/gradient/reference.js';
import { stream } from '../../src/util/rng.js';

const TARGETS = 16;
const shape = {
  seed: fc.integer(),
  sources: fc.integer({ min: 1, max: 20 }),
  vectors: fc.integer({ min: 1, max: 30 }),
};

/** Rows of a [n][16] array. */
const rows = (flat: Float32Array, n: number) =>
  Array.from({ length: n }, (_, i) => flat.subarray(i * TARGETS, (i + 1) * TARGETS));

test('from events: the sum of the vectors that the events of a source point to', () => {
  fc.assert(
    fc.property(fc.record(shape), ({ seed, sources, vectors }) => {
      const { normal, integer } = stream(seed, 'events');
      const events = Array.from({ length: sources }, () =>
        Array.from({ length: integer(6) }, () => integer(vectors)),
      );
      const arena = new Arena();
      const [starts, list] = [arena.uint32(sources + 1), arena.uint32(events.flat().length + 1)];
      const [vector, gradient, active] = [
        arena.float32(vectors * TARGETS),
        arena.float32(sources * TARGETS),
        arena.uint8(sources),
      ];
      list.set(events.flat());
      for (let i = 0; i < sources; i++) starts[i + 1] = starts[i] + events[i].length;
      for (let i = 0; i < vector.length; i++) vector[i] = normal();
      const first = Math.floor(sources / 2);
      const kernel = gradientKernel(arena.memory);
      kernel.fromEvents(
        first,
        sources,
        starts.byteOffset,
        list.byteOffset,
        vector.byteOffset,
        -0.5,
        gradient.byteOffset,
        active.byteOffset,
      );
      const expected = fromEvents(events.slice(first), rows(vector, vectors), TARGETS, -0.5);
      expect(Array.from(active.subarray(0, sources - first), Boolean)).toEqual(expected.active);
      expected.gradient.forEach((row, i) => {
        if (expected.active[i])
          expect(rows(gradient, sources)[i]).toBeAllclose(row, { rtol: 1e-5, atol: 1e-5 });
      });
    }),
  );
});

test('from drive: the sum of outer products over the samples', () => {
  fc.assert(
    fc.property(fc.record(shape), ({ seed, sources, vectors: samples }) => {
      const { normal, uniform } = stream(seed, 'drive');
      const arena = new Arena();
      const [drive, error] = [arena.float32(samples * sources), arena.float32(samples * TARGETS)];
      const [gradient, active] = [arena.float32(sources * TARGETS), arena.uint8(sources)];
      for (let i = 0; i < drive.length; i++) drive[i] = uniform() < 0.4 ? normal() : 0;
      for (let i = 0; i < error.length; i++) error[i] = normal();
      gradientKernel(arena.memory).fromDrive(
        0,
        sources,
        samples,
        drive.byteOffset,
        4 * sources,
        error.byteOffset,
        4 * TARGETS,
        0.25,
        gradient.byteOffset,
        active.byteOffset,
      );
      const driveRows = Array.from({ length: samples }, (_, s) =>
        drive.subarray(s * sources, (s + 1) * sources),
      );
      const expected = fromDrive(driveRows, rows(error, samples), sources, TARGETS, 0.25);
      expect(Array.from(active, Boolean)).toEqual(expected.active);
      expected.gradient.forEach((row, i) => {
        expect(rows(gradient, sources)[i]).toBeAllclose(row, { rtol: 1e-5, atol: 1e-5 });
      });
    }),
  );
});
