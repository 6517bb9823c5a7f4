import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Arena } from '../../kernels/arena.js';
import { identity, type Matrix, matrixExponential, multiply } from '../../kernels/compile/propagator.js';
import { loadKernel } from '../../kernels/load.js';
import {
  dueBytes,
  NOTES_BYTES,
  SLEEPERS_BYTES,
  type SleepKernel,
  writeSleepers,
} from '../../kernels/sleep/index.js';
import { highest, receive } from '../../kernels/sleep/reference.js';

const arena = new Arena();
const kernel = loadKernel<SleepKernel>('sleep', arena.memory);

/** V' = (rest - V)/tau + gain·I + drive, I' = -I/tauS; the drive of a neuron does not change. */
const system = (tau: number, tauS: number, rest: number, gain: number) => {
  const [a, b] = [-0.1 / tau, -0.1 / tauS];
  return matrixExponential([
    [a, 0.1 * gain, 0.1, (0.1 * rest) / tau],
    [0, b, 0, 0],
    [0, 0, 0, 0],
    [0, 0, 0, 0],
  ]);
};
const [VARIABLES, MOVING] = [3, 2];

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const systems = fc
  .tuple(number(5, 30), number(0.5, 8), number(-10, 10))
  .map(([tau, tauS, rest]) => system(tau, tauS, rest, 0.3));

/** Propagators over 0, 1 … 127 times `step`, as the kernel wants them. */
const multiples = (step: Matrix) => {
  const table: number[] = [];
  let power = identity(VARIABLES + 1);
  for (let k = 0; k < 128; k++) {
    table.push(...power.slice(0, MOVING).flat());
    power = multiply(step, power);
  }
  return table;
};
const tables = {
  short: arena.float32(128 * MOVING * (VARIABLES + 1)),
  long: arena.float32(128 * MOVING * (VARIABLES + 1)),
  scratch: arena.float32(4 * VARIABLES),
};
const setTables = (matrix: Matrix) => {
  tables.short.set(multiples(matrix));
  let long = matrix;
  for (let k = 0; k < 7; k++) long = multiply(long, long);
  tables.long.set(multiples(long));
};

/** A part of 70 groups behind 3 groups of another, with two receptors: on V, and on I in units of 0.5. */
const [GROUPS, FIRST, COUNT, SLOTS] = [70, 3, 16 * 70 - 5, 4];
const NEURONS = 16 * GROUPS;
const ROW_BYTES = 4 * 16 * (FIRST + GROUPS + 1);
const DUE_BYTES = dueBytes(FIRST + GROUPS + 1);
const state = arena.float32(NEURONS * (VARIABLES + 1));
const until = new Int32Array(state.buffer, state.byteOffset + 4 * NEURONS * VARIABLES, NEURONS);
const ring = arena.int32((2 * SLOTS * ROW_BYTES) / 4);
const due = arena.uint32((SLOTS * DUE_BYTES) / 4);
const current = arena.int32(4 * GROUPS);
const awake = arena.uint8(GROUPS);
const [most, least] = [arena.float32(VARIABLES + 1), arena.float32(VARIABLES + 1)];
const inputs = arena.int32(4);
inputs[2] = 1;
new Float32Array(inputs.buffer, inputs.byteOffset).set([1], 1);
new Float32Array(inputs.buffer, inputs.byteOffset).set([0.5], 3);
const sleepers = arena.uint8(SLEEPERS_BYTES).byteOffset;
const describeSleepers = (threshold: number) =>
  writeSleepers(new DataView(arena.memory.buffer), sleepers, {
    state: state.byteOffset,
    stride: 4 * NEURONS,
    variables: VARIABLES,
    moving: MOVING,
    groups: GROUPS,
    count: COUNT,
    due: due.byteOffset,
    firstGroup: FIRST,
    dueBytes: DUE_BYTES,
    ring: ring.byteOffset + 64 * FIRST,
    rowBytes: ROW_BYTES,
    channelBytes: SLOTS * ROW_BYTES,
    slots: SLOTS,
    receptors: 2,
    inputs: inputs.byteOffset,
    short: tables.short.byteOffset,
    long: tables.long.byteOffset,
    scratch: tables.scratch.byteOffset,
    most: most.byteOffset,
    least: least.byteOffset,
    current: current.byteOffset,
    awake: awake.byteOffset,
    notes: arena.uint8(NOTES_BYTES).byteOffset,
    threshold,
  });

const accumulator = (step: number, receptor: number, neuron: number) =>
  ((receptor * SLOTS + (step % SLOTS)) * ROW_BYTES) / 4 + 16 * FIRST + neuron;
const valuesOf = (neuron: number) => Array.from({ length: VARIABLES }, (_, v) => state[v * NEURONS + neuron]);
/** Puts input into the accumulators, and marks its group. */
const give = (step: number, receptor: number, neuron: number, quanta: number) => {
  ring[accumulator(step, receptor, neuron)] += quanta;
  const group = FIRST + (neuron >> 4);
  due[((step % SLOTS) * DUE_BYTES) / 4 + (group >> 5)] |= 1 << (group & 31);
};
const allAsleep = (values: Iterator<number>, step: number) => {
  for (let i = 0; i < VARIABLES * NEURONS; i++) state[i] = values.next().value;
  until.fill(-1).fill(0x7fffffff, COUNT);
  ring.fill(0);
  due.fill(0);
  awake.fill(0);
  current.fill(step);
};

test('a leap over many steps is as many steps of the reference', () => {
  const four = arena.float32(4 * VARIABLES);
  fc.assert(
    fc.property(
      systems,
      fc.infiniteStream(number(-20, 20)),
      fc.integer({ min: 0, max: 40_000 }),
      (matrix, values, missed) => {
        setTables(matrix);
        for (let i = 0; i < four.length; i++) four[i] = values.next().value!;
        const before = four.slice();
        const { short, long, scratch } = tables;
        const [s, l, room] = [short.byteOffset, long.byteOffset, scratch.byteOffset];
        kernel.leapOver(four.byteOffset, 16, VARIABLES, MOVING, s, l, missed, room);
        for (let lane = 0; lane < 4; lane++) {
          const start = Array.from({ length: VARIABLES }, (_, v) => before[4 * v + lane]);
          const expected = receive(matrix, start, missed, [0, 0, 0]);
          const found = expected.map((_, v) => four[4 * v + lane]);
          expect(found).toBeAllclose(expected, { rtol: 1e-4, atol: 1e-3 });
        }
      },
    ),
    { numRuns: 10, endOnFailure: true },
  );
});

test('input reaches those that sleep, and only them', () => {
  most.fill(0);
  least.fill(0);
  describeSleepers(1);
  const given = fc.tuple(
    fc.integer({ min: 0, max: SLOTS - 1 }),
    fc.integer({ min: 0, max: 1 }),
    fc.integer({ min: 0, max: COUNT - 1 }),
    fc.integer({ min: -30, max: 30 }).filter((quanta) => quanta !== 0),
  );
  fc.assert(
    fc.property(
      systems,
      fc.infiniteStream(number(-20, 20)),
      fc.integer({ min: 0, max: 400 }),
      fc.array(given, { minLength: 1, maxLength: 150 }),
      (matrix, values, missed, inputsGiven) => {
        setTables(matrix);
        const step = 5000;
        allAsleep(values, step - missed);
        const before = Array.from({ length: COUNT }, (_, neuron) => valuesOf(neuron));
        for (const [i, receptor, neuron, quanta] of inputsGiven) give(step + i, receptor, neuron, quanta);
        // Another part's mark is left alone.
        due[0] |= 1;
        // What comes in these steps, before the kernel takes it.
        const arrivals = new Map<string, number[]>();
        for (let i = 0; i < SLOTS; i++)
          for (let neuron = 0; neuron < COUNT; neuron++) {
            const v = ring[accumulator(step + i, 0, neuron)];
            const current = 0.5 * ring[accumulator(step + i, 1, neuron)];
            if (v !== 0 || current !== 0) arrivals.set(`${i} ${neuron}`, [v, current, 0]);
          }
        const advanced = kernel.receive(sleepers, step, SLOTS);

        const vectors = new Set(
          [...arrivals.keys()].map((key) => `${key.split(' ')[0]} ${Number(key.split(' ')[1]) >> 2}`),
        );
        const sizes = [...vectors].map((key) => Math.min(4, COUNT - 4 * Number(key.split(' ')[1])));
        expect(advanced).toBe(sizes.reduce((sum, size) => sum + size, 0));
        const reached: { found: number[]; expected: number[] } = { found: [], expected: [] };
        const stale: number[] = [];
        for (let neuron = 0; neuron < COUNT; neuron++) {
          const steps = [0, 1, 2, 3].filter((i) => vectors.has(`${i} ${neuron >> 2}`));
          let expected = before[neuron];
          let at = step - missed;
          for (const i of steps) {
            expected = receive(matrix, expected, step + i - at, arrivals.get(`${i} ${neuron}`) ?? [0, 0, 0]);
            at = step + i;
          }
          const found = valuesOf(neuron);
          if (current[neuron >> 2] !== at) stale.push(neuron);
          if (steps.length > 0) {
            reached.found.push(...found);
            reached.expected.push(...expected);
          } else if (found.some((value, v) => value !== expected[v])) stale.push(neuron);
        }
        expect(stale).toEqual([]);
        expect(reached.found).toBeAllclose(reached.expected, { rtol: 1e-4, atol: 1e-3 });
        expect(ring.every((quanta) => quanta === 0)).toBe(true);
        expect(due[0]).toBe(1);
        expect(due.subarray(1).every((bits) => bits === 0)).toBe(true);
      },
    ),
    { numRuns: 15, endOnFailure: true },
  );
});

test('a group wakes at the step whose input may lift one of its neurons to the threshold', () => {
  setTables(identity(VARIABLES + 1));
  // V alone counts.
  most.fill(0).fill(1, 0, 1);
  least.fill(0);
  describeSleepers(15);
  allAsleep(new Array(VARIABLES * NEURONS).fill(1).values(), 0);
  give(100, 0, 35, 13);
  give(101, 0, 37, 14);
  give(102, 0, 35, 1);
  // Padding never spikes.
  give(102, 0, NEURONS - 1, 100);
  kernel.receive(sleepers, 100, 3);
  expect(kernel.nextAwake(sleepers, 0)).toBe(2);
  expect(kernel.nextAwake(sleepers, 3)).toBe(GROUPS);
  expect(Array.from(current.subarray(8, 12))).toEqual([101, 101, 101, 101]);
  expect([state[35], state[37]]).toEqual([14, 15]);
  // Who is awake takes input by itself.
  expect(ring[accumulator(102, 0, 35)]).toBe(1);

  awake.fill(1, 3, 5);
  current.fill(101, 12, 16);
  expect(kernel.alike(sleepers, 2)).toBe(2);
  kernel.settle(sleepers, 2, 3, 103);
  expect(Array.from(awake.subarray(2, 5))).toEqual([1, 0, 0]);
  expect(Array.from(current.subarray(8, 20))).toEqual(new Array(12).fill(103));
});

test('a group never sleeps when one of its neurons would reach the threshold or is held', () => {
  const STEPS = 400;
  describeSleepers(15);
  let slept = 0;
  fc.assert(
    fc.property(
      number(5, 30),
      number(0.5, 8),
      fc.infiniteStream(number(-12, 12)),
      fc.integer({ min: -1, max: 20 }),
      (tau, tauS, values, held) => {
        const matrix = system(tau, tauS, 2, 0.3);
        // What a unit of each variable can add at any later step.
        const unit = (v: number, sign: number) => {
          const start = [0, 0, 0];
          if (v < VARIABLES) start[v] = sign;
          const constant = matrix.map((row) => (v < VARIABLES ? [...row.slice(0, VARIABLES), 0] : row));
          return highest(constant, start, 0, STEPS);
        };
        most.set([unit(0, 1), unit(1, 1), unit(2, 1), Math.max(0, unit(3, 0))]);
        least.set([-unit(0, -1), -unit(1, -1), -unit(2, -1), 0]);
        allAsleep(values, 0);
        for (let i = 0; i < 16; i++) state[2 * NEURONS + i] /= 100;
        if (held >= 0 && held < 16) until[held] = 100;
        if (kernel.maySleep(sleepers, 0, 50) === 0) return;
        slept += 1;
        expect(held === -1 || held >= 16).toBe(true);
        for (let neuron = 0; neuron < 16; neuron++)
          expect(highest(matrix, valuesOf(neuron), 0, STEPS)).toBeLessThan(15);
      },
    ),
  );
  expect(slept).toBeGreaterThan(0);
  allAsleep(new Array(VARIABLES * NEURONS).fill(0).values(), 0);
  expect(kernel.maySleep(sleepers, 0, 50)).toBe(1);
  until[3] = 50;
  expect(kernel.maySleep(sleepers, 0, 50)).toBe(0);
});

test('the groups that rows of synapses reach are marked when the synapses are due', () => {
  const synapse = fc.record({
    source: fc.integer({ min: 0, max: 5 }),
    target: fc.integer({ min: 0, max: 16 * (FIRST + GROUPS) - 1 }),
    delay: fc.integer({ min: 0, max: 2 }),
  });
  const sources = 6;
  const rows = arena.uint32(2 * (sources + 1));
  const segments = arena.uint32(300);
  const data = arena.uint32(300);
  const spikes = arena.int32(sources);
  fc.assert(
    fc.property(
      fc.array(synapse, { maxLength: 200 }),
      fc.subarray([0, 1, 2, 3, 4, 5]),
      fc.boolean(),
      fc.integer({ min: 0, max: SLOTS - 1 }),
      (synapses, spiking, packed, slot) => {
        const sorted = synapses.sort((a, b) => a.source - b.source || a.delay - b.delay);
        const targets = packed ? data : new Uint16Array(data.buffer, data.byteOffset, 600);
        sorted.forEach(({ target }, i) => {
          targets[i] = target + (packed ? 0xabcd0000 : 0);
        });
        spikes.set(spiking);
        const marked = () =>
          Array.from({ length: SLOTS }, (_, s) =>
            Array.from({ length: FIRST + GROUPS }, (_, g) => g).filter(
              (g) => ((due[(s * DUE_BYTES) / 4 + (g >> 5)] >>> (g & 31)) & 1) === 1,
            ),
          );
        const expected = (dueIn: (delay: number) => number) =>
          Array.from({ length: SLOTS }, (_, s) => {
            const here = sorted.filter(({ source, delay }) => spiking.includes(source) && dueIn(delay) === s);
            return [...new Set(here.map(({ target }) => target >> 4))].sort((a, b) => a - b);
          });
        const size = packed ? 4 : 2;
        const first = (source: number) => sorted.filter((one) => one.source < source).length;

        due.fill(0);
        for (let source = 0; source <= sources; source++) rows[source] = first(source);
        const bits = due.byteOffset + slot * DUE_BYTES;
        kernel.markRows(spikes.byteOffset, spiking.length, rows.byteOffset, data.byteOffset, size, bits);
        expect(marked()).toEqual(expected(() => slot));

        due.fill(0);
        let segment = 0;
        for (let source = 0; source <= sources; source++) {
          rows.set([segment, first(source)], 2 * source);
          for (let delay = 0; delay < 3; delay++) {
            const n = sorted.filter((one) => one.source === source && one.delay === delay).length;
            if (n > 0) segments[segment++] = ((delay + 1) << 20) | n;
          }
        }
        const at = [rows, segments, data].map(({ byteOffset }) => byteOffset) as [number, number, number];
        const where = [due.byteOffset, DUE_BYTES, slot, SLOTS] as const;
        kernel.markSegments(spikes.byteOffset, spiking.length, ...at, size, ...where);
        expect(marked()).toEqual(expected((delay) => (slot + delay + 1) % SLOTS));
      },
    ),
  );
});
