import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lifCurrent } from '../../models/neurons/lif-current.js';
import { eventEngine } from '../../src/engine/event/engine.js';
import { fixedInDegree, oneToOne, synapseList } from '../../src/network/connectors.js';
import { normal, uniform } from '../../src/network/distributions.js';
import type { Projection } from '../../src/network/elements.js';
import { Network } from '../../src/network/network.js';
import { additiveStdp, powerLawStdp } from '../../src/network/plasticity.js';

const RULES = {
  additive: additiveStdp({ lambda: 0.05, alpha: 1.1, maxWeight: 1 }),
  'power law, nearest': powerLawStdp({
    lambda: 0.1,
    alpha: 0.1,
    mu: 0.4,
    referenceWeight: 1,
    maxWeight: 4,
    pairing: 'nearest',
  }),
};
const MS = 60;
const [SOURCES, TARGETS] = [12, 20];

/** Both sides fire at given times: the targets because each has a source of its own that is strong enough. */
function described(times: { sources: number[][]; targets: number[][] }) {
  const network = new Network({ name: 'learning', dtMs: 0.5 });
  const sources = network.spikeSource('sources', times.sources);
  const drivers = network.spikeSource('drivers', times.targets);
  // What the synapses that learn add is next to nothing: they do not decide who fires.
  const parameters = { C: 1, tau_syn: 0.01, tau_m: 1, t_ref: 0, I: 0 };
  const targets = network.population('targets', TARGETS, lifCurrent, { parameters });
  network.connect(drivers, targets, oneToOne(), { weight: 1e6, delayMs: 0.5 });
  return { network, sources, targets };
}

async function run(network: Network, projections: readonly Projection[], threads: number) {
  const simulation = await eventEngine.build(network, { threads });
  await simulation.run(MS / 2);
  await simulation.run(MS / 2);
  const all: string[] = [];
  for (const projection of projections) {
    const { sources, targets, weights } = await simulation.weights(projection);
    sources.forEach((source, k) => {
      all.push(`${source}→${targets[k]}: ${weights.get(k)}`);
    });
  }
  const spikes = await simulation.spikes();
  const ledger = await simulation.ledger();
  await simulation.close();
  const l0 = ledger.layers.reduce((sum, { changeTotals }) => sum + (changeTotals?.l0[0] ?? 0), 0);
  return { weights: all.sort(), sent: Array.from(spikes.neurons), l0 };
}

const trains = (n: number) =>
  fc.array(
    fc.uniqueArray(
      fc.integer({ min: 1, max: 2 * MS }).map((k) => k / 2),
      { maxLength: 12 },
    ),
    {
      minLength: n,
      maxLength: n,
    },
  );
const synapse = fc.record({
  source: fc.nat(SOURCES - 1),
  target: fc.nat(TARGETS - 1),
  weight: fc.integer({ min: 0, max: 64 }).map((k) => k / 64),
  delay: fc.integer({ min: 1, max: 9 }),
});

describe.each(Object.entries(RULES))('%s', (_, plasticity) => {
  test('a projection with many delays learns as one projection for each delay', async () => {
    let changes = 0;
    await fc.assert(
      fc.asyncProperty(
        trains(SOURCES),
        trains(TARGETS),
        fc.array(synapse, { minLength: 1, maxLength: 120 }),
        fc.constantFrom(1, 2),
        async (sources, targets, synapses, threads) => {
          const connect = (
            into: ReturnType<typeof described>,
            some: typeof synapses,
            delayMs: number | number[],
          ) =>
            into.network.connect(
              into.sources,
              into.targets,
              synapseList(
                some.map((one) => one.source),
                some.map((one) => one.target),
              ),
              { weight: some.map(({ weight }) => weight), delayMs, plasticity },
            );
          const together = described({ sources, targets });
          const all = connect(
            together,
            synapses,
            synapses.map(({ delay }) => delay / 2),
          );
          const apart = described({ sources, targets });
          const each = [...new Set(synapses.map(({ delay }) => delay))].map((delay) =>
            connect(
              apart,
              synapses.filter((one) => one.delay === delay),
              delay / 2,
            ),
          );
          const found = await run(together.network, [all], threads);
          const expected = await run(apart.network, each, 1);
          expect(found.sent).toEqual(expected.sent);
          expect(found.weights).toEqual(expected.weights);
          expect(found.l0).toBe(expected.l0);
          changes += found.l0;
        },
      ),
      { numRuns: 12 },
    );
    expect(changes).toBeGreaterThan(100);
  });
});

test('delays that are drawn: every synapse is there, and learns the same with any number of threads', async () => {
  const runs = await Promise.all(
    [1, 3].map(async (threads) => {
      const network = new Network({ name: 'drawn', dtMs: 0.5, seed: 5 });
      const cells = network.population('cells', 120, lifCurrent, { initial: { V: uniform(-65, -50) } });
      network.poisson(cells, { rateHz: 9000, weight: 100 });
      const learning = network.connect(cells, cells, fixedInDegree(30), {
        weight: normal(30, 5, { low: 0 }),
        delayMs: normal(3, 1.5, { low: 0.5, high: 8 }),
        plasticity: additiveStdp({ lambda: 0.02, alpha: 1, maxWeight: 100 }),
      });
      return run(network, [learning], threads);
    }),
  );
  expect(runs[0].weights).toHaveLength(120 * 30);
  expect(runs[0].l0).toBeGreaterThan(1000);
  expect(runs[1]).toEqual(runs[0]);
});
