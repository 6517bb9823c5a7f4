import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lifCurrent } from '../../models/neurons/lif-current.js';
import { eventEngine } from '../../src/engine/event/engine.js';
import { oneToOne, synapseList } from '../../src/network/connectors.js';
import { Network } from '../../src/network/network.js';

const [SOURCES, TARGETS, STEPS, LONGEST] = [6, 5, 40, 11];

/** Currents do not decay, so that they are the sum of all that has arrived. */
const still = { tau_syn: 1e12, tau_m: 1e12, C: 1e12 };

const synapse = fc.record({
  source: fc.nat(SOURCES - 1),
  target: fc.nat(TARGETS - 1),
  // In eighths; sums of them stay below 2^23, so that float32 holds them exactly.
  weight: fc.integer({ min: -2000, max: 2000 }),
  delay: fc.integer({ min: 1, max: LONGEST }),
});

test('what is on its way arrives in time, also where sources send in every step and the calendar is full', async () => {
  // Two delays at least, as one alone needs no calendar; and a weight that sets the quantum of sixteen bits to 1/8.
  const first = { source: 0, target: 0, weight: 32_767 };
  const run = fc.record({
    list: fc.array(synapse, { minLength: 20, maxLength: 200 }),
    /** A window is longer by one. */
    shortest: fc.integer({ min: 1, max: 4 }),
    threads: fc.constantFrom(1, 1, 3),
    /** With other input that is added at once, accumulators are kept for every delay; else for the next steps only. */
    others: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(run, async ({ list, shortest, threads, others }) => {
      const fixed = [shortest, LONGEST].map((delay) => ({ ...first, delay }));
      const drawn = list.map((one) => ({ ...one, delay: Math.max(shortest, one.delay) }));
      const all = [...drawn, ...fixed];
      const network = new Network({ name: 'calendar', dtMs: 1 });
      // Every source in every step: some hundred notes for a span of which the lists hold 22.
      const everyStep = Array.from({ length: STEPS }, (_, step) => 1 + step);
      const source = network.spikeSource(
        'source',
        Array.from({ length: SOURCES }, () => everyStep),
      );
      const target = network.population('target', TARGETS, lifCurrent, { parameters: still });
      const connector = synapseList(
        all.map((one) => one.source),
        all.map((one) => one.target),
      );
      const weight = all.map((one) => one.weight / 8);
      const delayMs = all.map(({ delay }) => delay);
      network.connect(source, target, connector, { weight, delayMs });
      if (others) network.connect(target, target, oneToOne(), { weight: 1, delayMs: shortest });
      const record = [{ population: target, state: 'I_syn' }];
      const simulation = await eventEngine.build(network, { threads, record });
      await simulation.run(STEPS);
      const { values } = await simulation.trace(target, 'I_syn');
      await simulation.close();
      for (let j = 0; j < TARGETS; j++) {
        const due = all.filter((one) => one.target === j);
        for (let step = 0; step < STEPS; step++) {
          const sum = due.reduce((n, one) => n + (one.weight / 8) * Math.max(0, step - one.delay), 0);
          expect(values.get(step, j)).toBe(sum);
        }
      }
    }),
    { numRuns: 25 },
  );
});
