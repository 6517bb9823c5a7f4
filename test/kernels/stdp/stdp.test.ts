import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Arena } from '../../../kernels/arena.js';
import { loadKernel } from '../../../kernels/load.js';
import {
  decayTable,
  EMPTY,
  ledgerQuantum,
  NEVER_SPIKED,
  type PairRule,
  PLASTIC_BYTES,
  pairStdp,
  plasticCounts,
  RECORD_BYTES,
  type StdpKernel,
  writePlastic,
} from '../../../kernels/stdp/index.js';

const RULES: Record<string, Partial<PairRule>> = {
  additive: { form: 'guetig', muPlus: 0, muMinus: 0 },
  multiplicative: { form: 'guetig', muPlus: 1, muMinus: 1 },
  'van Rossum': { form: 'guetig', muPlus: 0, muMinus: 1 },
  Gütig: { form: 'guetig', muPlus: 0.3, muMinus: 0.7 },
  'power law': { form: 'power-law', muPlus: 0.4 },
};

function ruleOf(name: string, nearest: boolean, more: Partial<PairRule> = {}): PairRule {
  const rule = {
    lambda: 0.02,
    alpha: 1.1,
    muPlus: 0,
    muMinus: 1,
    maxWeight: name === 'power law' ? 400 : 50,
    referenceWeight: 3,
    tauPlusSteps: 12,
    tauMinusSteps: 25,
    nearest,
  };
  return { ...rule, ...RULES[name], ...more } as PairRule;
}

/** Four sources and eight targets, all to all: one row of the kernel is one source. */
const [SOURCES, TARGETS] = [4, 8];

/** Runs the kernel over spike trains; settles after every `settleEvery` steps as well, which must change nothing. */
function runKernel(
  rule: PairRule,
  weights: readonly number[],
  pre: readonly number[][],
  post: readonly number[][],
  { delay, steps, settleEvery = 0, base = -delay + EMPTY + 2000 }: Run,
) {
  const arena = new Arena();
  const kernel = loadKernel<StdpKernel>('stdp', arena.memory);
  const place = (values: Float32Array) => {
    const at = arena.float32(values.length);
    at.set(values);
    return at;
  };
  const plus = place(decayTable(rule.tauPlusSteps));
  const minus = place(decayTable(rule.tauMinusSteps));
  const rows = arena.uint32(SOURCES + 1);
  rows.set(Array.from({ length: SOURCES + 1 }, (_, s) => s * TARGETS));
  const targets = arena.uint16(SOURCES * TARGETS);
  targets.set(Array.from({ length: SOURCES * TARGETS }, (_, k) => k % TARGETS));
  const w = place(Float32Array.from(weights));
  const records = arena.uint8(TARGETS * RECORD_BYTES);
  new Int16Array(records.buffer, records.byteOffset, TARGETS * 16).fill(EMPTY);
  for (let t = 0; t < TARGETS; t++)
    new Float32Array(records.buffer, records.byteOffset + t * RECORD_BYTES + 28, 1)[0] = 0;
  const sources = arena.int32(3 * SOURCES);
  for (let s = 0; s < SOURCES; s++) sources.set([0, NEVER_SPIKED.last, NEVER_SPIKED.settled], 3 * s);
  const plastic = arena.uint8(PLASTIC_BYTES).byteOffset;
  const acc = arena.int32(TARGETS);
  const list = arena.int32(TARGETS);
  const view = new DataView(arena.memory.buffer);
  const quanta = 2 ** 16;
  writePlastic(
    view,
    plastic,
    {
      rows: rows.byteOffset,
      targets: targets.byteOffset,
      weights: w.byteOffset,
      records: records.byteOffset,
      sources: sources.byteOffset,
      sourceCount: SOURCES,
      delay,
      base,
      plusTable: plus.byteOffset,
      plusLength: plus.length - 1,
      minusTable: minus.byteOffset,
      minusLength: minus.length - 1,
      quanta,
    },
    rule,
  );
  const transmitted: number[][] = Array.from({ length: SOURCES * TARGETS }, () => []);
  for (let step = 0; step < steps + delay; step++) {
    const spiking = Array.from(post.keys()).filter((t) => post[t].includes(step - delay));
    list.set(spiking);
    if (kernel.recordsFull(plastic, list.byteOffset, spiking.length))
      kernel.settle(plastic, step - delay - 1);
    kernel.record(plastic, list.byteOffset, spiking.length, step - delay);
    if (settleEvery > 0 && step % settleEvery === 0) kernel.settle(plastic, step - delay);
    for (let s = 0; s < SOURCES; s++) {
      if (!pre[s].includes(step)) continue;
      list[0] = s;
      acc.fill(0);
      kernel.deliverPlastic(plastic, list.byteOffset, 1, step, acc.byteOffset, 0);
      for (let t = 0; t < TARGETS; t++) transmitted[s * TARGETS + t].push(acc[t] / quanta);
    }
  }
  kernel.settle(plastic, steps - 1);
  const counts = plasticCounts(view, plastic);
  return { weights: Array.from(w), transmitted, ...counts };
}

interface Run {
  delay: number;
  steps: number;
  settleEvery?: number;
  base?: number;
}

/** What the reference says of every synapse. */
function runReference(
  rule: PairRule,
  weights: readonly number[],
  pre: readonly number[][],
  post: readonly number[][],
  delay: number,
) {
  return Array.from({ length: SOURCES * TARGETS }, (_, k) =>
    pairStdp(
      rule,
      weights[k],
      pre[Math.floor(k / TARGETS)],
      post[k % TARGETS].map((step) => step + delay),
    ),
  );
}

const train = (steps: number, most: number) =>
  fc
    .uniqueArray(fc.integer({ min: 0, max: steps - 1 }), { maxLength: most })
    .map((a) => a.sort((x, y) => x - y));

describe.each(Object.keys(RULES))('%s', (name) => {
  test.each([false, true])('the kernel follows the equations (nearest: %s)', (nearest) => {
    const steps = 400;
    fc.assert(
      fc.property(
        fc.array(train(steps, 25), { minLength: SOURCES, maxLength: SOURCES }),
        fc.array(train(steps, 60), { minLength: TARGETS, maxLength: TARGETS }),
        fc.array(fc.double({ min: 1, max: 49, noNaN: true }), {
          minLength: SOURCES * TARGETS,
          maxLength: SOURCES * TARGETS,
        }),
        fc.integer({ min: 1, max: 30 }),
        (pre, post, given, delay) => {
          const weights = given.map(Math.fround);
          const rule = ruleOf(name, nearest);
          const expected = runReference(rule, weights, pre, post, delay);
          const found = runKernel(rule, weights, pre, post, { delay, steps });
          // About a hundred changes, each rounded to float32.
          const close = { rtol: 3e-5, atol: 1e-4 };
          expect(found.weights).toBeAllclose(
            expected.map(({ weight }) => weight),
            close,
          );
          found.transmitted.forEach((of, k) => {
            expect(of).toBeAllclose(expected[k].transmitted, close);
          });
          const total = expected.reduce((sum, synapse) => sum + synapse.total, 0);
          expect(Math.abs(Number(found.l1) * ledgerQuantum(rule.maxWeight) - total)).toBeLessThan(
            1e-3 + 1e-4 * total,
          );
          // Rows settled in between, and another base, give the same bits.
          const often = runKernel(rule, weights, pre, post, { delay, steps, settleEvery: 7, base: -60 });
          expect(often).toEqual(found);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('a single pair draws the window: Δw falls off with e^(-Δt/τ) on either side', () => {
    const rule = ruleOf(name, false);
    const delay = 5;
    const w0 = 20;
    for (let difference = -60; difference <= 60; difference++) {
      // The post spike meets the synapse `difference` steps after the pre spike.
      const pre = Array.from({ length: SOURCES }, () => [100]);
      const post = Array.from({ length: TARGETS }, () => [100 + difference - delay]);
      const { weights } = runKernel(rule, new Array(SOURCES * TARGETS).fill(w0), pre, post, {
        delay,
        steps: 300,
      });
      const { form, lambda, alpha, muPlus, muMinus, maxWeight, referenceWeight } = rule;
      const up =
        form === 'guetig'
          ? maxWeight * (1 - w0 / maxWeight) ** muPlus
          : referenceWeight * (w0 / referenceWeight) ** muPlus;
      const down = form === 'guetig' ? maxWeight * (w0 / maxWeight) ** muMinus : w0;
      const expected =
        difference > 0
          ? lambda * up * Math.exp(-difference / rule.tauPlusSteps)
          : difference < 0
            ? -lambda * alpha * down * Math.exp(difference / rule.tauMinusSteps)
            : 0;
      for (const w of weights) expect(Math.abs(w - w0 - expected)).toBeLessThan(4e-6);
    }
  });
});

test('weights stay within their limits, however strong the changes', () => {
  const pre = Array.from({ length: SOURCES }, (_, s) => Array.from({ length: 20 }, (_, i) => 10 * i + s));
  const post = Array.from({ length: TARGETS }, (_, t) => Array.from({ length: 20 }, (_, i) => 10 * i + t));
  for (const name of Object.keys(RULES)) {
    const rule = ruleOf(name, false, { lambda: 5, alpha: 3 });
    const start = new Array(SOURCES * TARGETS).fill(20);
    const expected = runReference(rule, start, pre, post, 2);
    const { weights, l0 } = runKernel(rule, start, pre, post, { delay: 2, steps: 300 });
    for (const w of weights) expect(w >= 0 && w <= rule.maxWeight).toBe(true);
    if (name === 'additive') {
      expect(weights).toBeAllclose(
        expected.map(({ weight }) => weight),
        { atol: 1e-4 },
      );
      expect(Number(l0)).toBe(expected.reduce((sum, { changes }) => sum + changes, 0));
    }
  }
});

test('a record that is counted from a later base says the same', () => {
  const arena = new Arena();
  const kernel = loadKernel<StdpKernel>('stdp', arena.memory);
  const plastic = arena.uint8(PLASTIC_BYTES).byteOffset;
  const records = arena.uint8(2 * RECORD_BYTES);
  const steps = new Int16Array(records.buffer, records.byteOffset, 32);
  steps.fill(EMPTY);
  steps.set([30000, 20000, -1000], 0);
  const traces = new Float32Array(records.buffer, records.byteOffset);
  traces[7] = 0.7;
  traces[15] = 0.3;
  const view = new DataView(arena.memory.buffer);
  kernel.rebase(plastic, records.byteOffset, 2, 40000);
  expect(Array.from(steps.subarray(0, 4))).toEqual([-10000, -20000, EMPTY, EMPTY]);
  expect([traces[7], traces[15]]).toEqual([Math.fround(0.7), Math.fround(0.3)]);
  expect(view.getInt32(plastic + 28, true)).toBe(40000);
});
