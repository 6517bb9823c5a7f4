import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Arena } from '../../kernels/arena.js';
import { lifExp } from '../../models/neurons/lif-exp.js';
import { eventEngine } from '../../src/engine/event/engine.js';
import { GROUP, partsOf } from '../../src/engine/event/layout.js';
import { memoryNeeded } from '../../src/engine/event/memory.js';
import type { Plan } from '../../src/engine/event/plan.js';
import { planNetwork } from '../../src/engine/event/plan-network.js';
import { SliceSynapses } from '../../src/engine/event/slice-synapses.js';
import {
  allToAll,
  bernoulli,
  type Connector,
  fixedInDegree,
  fixedOutDegree,
  fixedTotal,
} from '../../src/network/connectors.js';
import { normal, uniform } from '../../src/network/distributions.js';
import { Network } from '../../src/network/network.js';

const [SOURCES, TARGETS] = [23, 37];

const connectors = fc.constantFrom<Connector>(
  allToAll(),
  bernoulli(0.7),
  fixedInDegree(20),
  fixedOutDegree(30),
  fixedTotal(SOURCES * TARGETS),
);

/** The sums that spikes leave at all neurons of a slice, and its tables. */
function sumsOf(plan: Plan, slice: number, spikes: readonly number[]) {
  const arena = new Arena();
  const parts = partsOf(plan, slice);
  const neurons = parts.reduce((sum, { padded }) => sum + padded, 0);
  const words = plan.channels * plan.slots * (neurons + GROUP);
  const at = arena.int32(words).byteOffset;
  const accumulators = { at, rowBytes: 4 * (neurons + GROUP), slots: plan.slots };
  const synapses = new SliceSynapses({ plan, parts, neurons }, accumulators, null, arena);
  const list = arena.int32(spikes.length + 1);
  list.set(spikes);
  synapses.deliver(0, 5, list.byteOffset, spikes.length);
  synapses.finish();
  const ring = new Int32Array(arena.memory.buffer, at, words);
  // What lies behind the last neuron is nobody's.
  const sums = ring.filter((_, k) => k % (neurons + GROUP) < neurons);
  return { sums, tables: synapses.tables, degrees: synapses.projectionDegrees };
}

test('rows with a place for every target leave the sums of those that name them, with any number of slices', async () => {
  const network = fc.record({
    connector: connectors,
    given: fc.boolean(),
    slices: fc.integer({ min: 1, max: 3 }),
    delayMs: fc.constantFrom(0.1, 1.5),
    spikes: fc.array(fc.integer({ min: 0, max: SOURCES - 1 }), { maxLength: 30 }),
    seed: fc.nat(1000),
  });
  await fc.assert(
    fc.asyncProperty(network, async ({ connector, given, slices, delayMs, spikes, seed }) => {
      const net = new Network({ name: 'net', seed, dtMs: 0.1 });
      const a = net.population('A', SOURCES, lifExp);
      const b = net.population('B', TARGETS, lifExp);
      const each = Float64Array.from({ length: SOURCES * TARGETS }, (_, k) => ((k * 7919) % 401) - 200);
      const weight = given && connector.kind === 'all-to-all' ? each : normal(20, 30);
      net.connect(a, b, connector, { weight, delayMs, receptor: 'excitatory' });
      net.connect(a, b, bernoulli(0.1), { weight: uniform(-5, 5), delayMs: 2, receptor: 'excitatory' });
      const [dense, sparse] = await Promise.all(
        [false, true].map((naming) => planNetwork(net, slices, { sparse: naming })),
      );
      for (let slice = 0; slice < slices; slice++) {
        const [one, other] = [sumsOf(dense, slice, spikes), sumsOf(sparse, slice, spikes)];
        expect(one.tables.map((table) => table.dense !== null)).toEqual([true, false]);
        expect(other.tables.every((table) => table.dense === null)).toBe(true);
        expect(one.sums).toEqual(other.sums);
        expect(one.degrees).toEqual(other.degrees);
      }
    }),
    { numRuns: 60 },
  );
});

test('a place takes four bytes, is chosen where half of all pairs are joined, and is foreseen', async () => {
  const build = async (connector: Connector) => {
    const net = new Network({ name: 'net', dtMs: 0.1 });
    const [a, b] = [net.population('A', 400, lifExp), net.population('B', 320, lifExp)];
    net.connect(a, b, connector, { weight: normal(20, 3), delayMs: 1, receptor: 'excitatory' });
    const simulation = await eventEngine.build(net, { threads: 1 });
    const { tableBytes, synapses } = simulation.size;
    await simulation.close();
    return {
      perSynapse: tableBytes / synapses,
      synapses,
      foreseen: memoryNeeded(net, 1).projections[0].bytes,
    };
  };
  const all = await build(allToAll());
  expect(all.perSynapse).toBe(4);
  expect(all.foreseen).toBeGreaterThanOrEqual(4 * all.synapses);
  expect(all.foreseen).toBeLessThan(4.2 * all.synapses);
  expect((await build(bernoulli(0.6))).perSynapse).toBeLessThan(8);
  expect((await build(bernoulli(0.4))).perSynapse).toBeLessThan(4.1);
});
