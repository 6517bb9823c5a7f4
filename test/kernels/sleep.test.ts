import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Arena } from '../../kernels/arena.js';
import { matrixExponential } from '../../kernels/compile/propagator.js';
import { loadKernel } from '../../kernels/load.js';
import type { SleepKernel } from '../../kernels/sleep/index.js';
import { highest, leap } from '../../kernels/sleep/reference.js';

const arena = new Arena();
const kernel = loadKernel<SleepKernel>('sleep', arena.memory);
const [GROUP, VARIABLES, STEPS] = [16, 2, 400];
const state = arena.float32(GROUP * (VARIABLES + 1));
const until = new Int32Array(state.buffer, state.byteOffset + 4 * GROUP * VARIABLES, GROUP);
const [propagator, scratch] = [arena.float32(9), arena.float32(GROUP * VARIABLES)];
const [most, least] = [arena.float32(3), arena.float32(3)];

/** V' = (rest - V)/tau + gain·I, I' = -I/tauS. */
const system = (tau: number, tauS: number, rest: number, gain: number) => {
  const [a, b] = [-0.1 / tau, -0.1 / tauS];
  return matrixExponential([
    [a, 0.1 * gain, (0.1 * rest) / tau],
    [0, b, 0],
    [0, 0, 0],
  ]);
};

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });

test('a leap is the reference, neuron by neuron', () => {
  fc.assert(
    fc.property(
      number(5, 30),
      number(0.5, 8),
      number(-10, 10),
      fc.infiniteStream(number(-20, 20)),
      (tau, tauS, rest, values) => {
        const matrix = system(tau, tauS, rest, 0.3);
        propagator.set(matrix.flat());
        for (let i = 0; i < GROUP * VARIABLES; i++) state[i] = values.next().value!;
        const before = state.slice();
        kernel.leap(state.byteOffset, 4 * GROUP, VARIABLES, propagator.byteOffset, scratch.byteOffset);
        for (let lane = 0; lane < GROUP; lane++) {
          const expected = leap(matrix, [before[lane], before[GROUP + lane]]);
          expect([state[lane], state[GROUP + lane]]).toBeAllclose(expected, { rtol: 1e-5, atol: 1e-5 });
        }
      },
    ),
  );
});

test('a group never sleeps when one of its neurons would reach the threshold or is held', () => {
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
          const start = [0, 0];
          if (v < 2) start[v] = sign;
          const constant = matrix.map((row) => (v < 2 ? [...row.slice(0, 2), 0] : row));
          return highest(constant, start, 0, STEPS);
        };
        most.set([unit(0, 1), unit(1, 1), Math.max(0, unit(2, 0))]);
        least.set([-unit(0, -1), -unit(1, -1), 0]);
        for (let i = 0; i < GROUP * VARIABLES; i++) state[i] = values.next().value!;
        until.fill(-1);
        if (held >= 0 && held < GROUP) until[held] = 100;
        const may = kernel.maySleep(
          state.byteOffset,
          4 * GROUP,
          VARIABLES,
          most.byteOffset,
          least.byteOffset,
          15,
          50,
        );
        if (may === 0) return;
        slept += 1;
        expect(held === -1 || held >= GROUP).toBe(true);
        for (let lane = 0; lane < GROUP; lane++)
          expect(highest(matrix, [state[lane], state[GROUP + lane]], 0, STEPS)).toBeLessThan(15);
      },
    ),
  );
  expect(slept).toBeGreaterThan(0);
  state.fill(0);
  until.fill(-1);
  expect(
    kernel.maySleep(state.byteOffset, 4 * GROUP, VARIABLES, most.byteOffset, least.byteOffset, 15, 50),
  ).toBe(1);
  until[3] = 50;
  expect(
    kernel.maySleep(state.byteOffset, 4 * GROUP, VARIABLES, most.byteOffset, least.byteOffset, 15, 50),
  ).toBe(0);
});
