import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Arena } from '../../kernels/arena.js';
import { optimiserKernel } from '../../kernels/optimiser/index.js';
import { adamStep, type Synapse, sgdStep } from '../../kernels/optimiser/reference.js';
import { stream } from '../../src/util/rng.js';

const TARGETS = 16;
const ADAM = { rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** Some rows of weights in memory, and the same as synapses of the reference. */
function example(seed: number, rows: number) {
  const { normal } = stream(seed, 'optimiser');
  const arena = new Arena();
  const n = rows * TARGETS;
  const memory = {
    weights: arena.float32(n),
    first: arena.float32(n),
    second: arena.float32(n),
    gradient: arena.float32(n),
    l0: arena.uint32(n),
    l1: arena.uint32(n),
    active: arena.uint8(rows),
  };
  for (let i = 0; i < n; i++) memory.weights[i] = normal();
  const synapses: Synapse[] = Array.from(memory.weights, (w) => ({ w, m: 0, v: 0, l0: 0, l1Quanta: 0 }));
  const drawGradient = () => {
    for (let i = 0; i < n; i++) memory.gradient[i] = normal();
    for (let row = 0; row < rows; row++) memory.active[row] = normal() > -0.5 ? 1 : 0;
  };
  return { arena, memory, synapses, drawGradient, n, rows };
}

test('gradient descent and its ledger equal the reference, weight by weight', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 9 }), (seed, rows) => {
      const { arena, memory, synapses, drawGradient, n } = example(seed, rows);
      const kernel = optimiserKernel(arena.memory);
      const { weights, gradient, l0, l1, active } = memory;
      for (let step = 0; step < 5; step++) {
        drawGradient();
        // A rate with few digits: rate × gradient is then exact in float64, and rounds once in both.
        const rate = 2 ** -5;
        kernel.sgd(
          rows,
          active.byteOffset,
          gradient.byteOffset,
          weights.byteOffset,
          l0.byteOffset,
          l1.byteOffset,
          rate,
        );
        for (let i = 0; i < n; i++) {
          if (active[Math.floor(i / TARGETS)]) synapses[i] = sgdStep(synapses[i], gradient[i], rate);
        }
      }
      expect(Array.from(weights)).toEqual(synapses.map(({ w }) => w));
      expect(Array.from(l0)).toEqual(synapses.map((synapse) => synapse.l0));
      expect(Array.from(l1)).toEqual(synapses.map(({ l1Quanta }) => l1Quanta));
    }),
  );
});

test('Adam equals the reference to float32, and leaves silent rows alone', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 9 }), (seed, rows) => {
      const { arena, memory, synapses, drawGradient, n } = example(seed, rows);
      const kernel = optimiserKernel(arena.memory);
      const { weights, first, second, gradient, l0, l1, active } = memory;
      for (let step = 1; step <= 20; step++) {
        drawGradient();
        const correction = Math.sqrt(1 - ADAM.beta2 ** step);
        kernel.adam(
          rows,
          active.byteOffset,
          gradient.byteOffset,
          weights.byteOffset,
          first.byteOffset,
          second.byteOffset,
          l0.byteOffset,
          l1.byteOffset,
          ADAM.beta1,
          ADAM.beta2,
          (ADAM.rate * correction) / (1 - ADAM.beta1 ** step),
          ADAM.epsilon * correction,
        );
        for (let i = 0; i < n; i++) {
          if (active[Math.floor(i / TARGETS)]) synapses[i] = adamStep(synapses[i], gradient[i], step, ADAM);
        }
      }
      expect(weights).toBeAllclose(
        synapses.map(({ w }) => w),
        { rtol: 1e-5, atol: 1e-5 },
      );
      expect(first).toBeAllclose(
        synapses.map(({ m }) => m),
        { rtol: 1e-4, atol: 1e-5 },
      );
      expect(second).toBeAllclose(
        synapses.map(({ v }) => v),
        { rtol: 1e-4, atol: 1e-6 },
      );
      expect(Array.from(l0)).toEqual(synapses.map((synapse) => synapse.l0));
      expect(Array.from(l1, (quanta) => quanta / 2 ** 24)).toBeAllclose(
        synapses.map(({ l1Quanta }) => l1Quanta / 2 ** 24),
        { rtol: 1e-4, atol: 1e-5 },
      );
    }),
    { numRuns: 50 },
  );
});

test('the step tells when a weight moved by more than 1', () => {
  const { arena, memory } = example(1, 2);
  const kernel = optimiserKernel(arena.memory);
  const { weights, gradient, l0, l1, active } = memory;
  active.fill(1);
  const step = (g: number) => {
    gradient.fill(0);
    gradient[17] = g;
    return kernel.sgd(
      2,
      active.byteOffset,
      gradient.byteOffset,
      weights.byteOffset,
      l0.byteOffset,
      l1.byteOffset,
      1,
    );
  };
  expect(step(0.9)).toBe(0);
  expect(step(1.5)).toBe(1);
});

test('flush moves the counters into the totals and clears them', () => {
  const arena = new Arena();
  const counters = arena.uint32(5);
  const totals = arena.float64(5);
  const kernel = optimiserKernel(arena.memory);
  counters.set([0, 1, 2 ** 31, 2 ** 32 - 1, 7]);
  kernel.flush(5, counters.byteOffset, totals.byteOffset);
  counters.set([1, 1, 1, 1, 1]);
  kernel.flush(5, counters.byteOffset, totals.byteOffset);
  expect(Array.from(totals)).toEqual([1, 2, 2 ** 31 + 1, 2 ** 32, 8]);
  expect(Array.from(counters)).toEqual([0, 0, 0, 0, 0]);
});
