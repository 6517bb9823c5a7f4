import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lifCurrent } from '../../models/neurons/lif-current.js';
import { eventEngine } from '../../src/engine/event/engine.js';
import {
  allToAll,
  type Connector,
  fixedInDegree,
  oneToOne,
  synapseList,
} from '../../src/network/connectors.js';
import type { ProjectionOptions } from '../../src/network/elements.js';
import { Network } from '../../src/network/network.js';
import { additiveStdp } from '../../src/network/plasticity.js';

const still = { tau_syn: 1e12, tau_m: 1e12, C: 1e12 };

/** What each target has got by the end of each step, of sources that spike once, in step 0. */
async function arrivals(
  [sources, targets]: [number, number],
  connector: Connector,
  options: ProjectionOptions,
  threads = 1,
) {
  const network = new Network({ name: 'given', dtMs: 1 });
  const source = network.spikeSource(
    'source',
    Array.from({ length: sources }, () => [1]),
  );
  const target = network.population('target', targets, lifCurrent, { parameters: still });
  network.connect(source, target, connector, options);
  const record = [{ population: target, state: 'I_syn' }];
  const simulation = await eventEngine.build(network, { threads, record });
  await simulation.run(12);
  const { values } = await simulation.trace(target, 'I_syn');
  await simulation.close();
  return (step: number, j: number) => values.get(step, j);
}

test('every synapse of a list has its own weight and delay', async () => {
  const synapse = fc.record({
    source: fc.nat(20),
    target: fc.nat(39),
    weight: fc.integer({ min: -32_767, max: 32_767 }),
    delay: fc.integer({ min: 1, max: 9 }),
  });
  const lists = fc.array(synapse, { minLength: 1, maxLength: 300 });
  await fc.assert(
    fc.asyncProperty(lists, fc.constantFrom(1, 3), async (list, threads) => {
      // A weight that sets the quantum of sixteen bits to 1/8.
      const all = [...list, { source: 0, target: 0, weight: 32_767, delay: 1 }];
      const connector = synapseList(
        all.map(({ source }) => source),
        all.map(({ target }) => target),
      );
      const weight = all.map((one) => one.weight / 8);
      const delayMs = all.map(({ delay }) => delay);
      const got = await arrivals([21, 40], connector, { weight, delayMs }, threads);
      for (let j = 0; j < 40; j++)
        for (let step = 0; step < 12; step++) {
          const due = all.filter(({ target, delay }) => target === j && step >= 1 + delay);
          expect(got(step, j)).toBe(due.reduce((sum, one) => sum + one.weight / 8, 0));
        }
    }),
    { numRuns: 15 },
  );
});

test('a matrix of weights goes all to all, and an array one to one', async () => {
  const weight = Array.from({ length: 15 }, (_, k) => k - 7);
  const matrix = await arrivals([3, 5], allToAll(), { weight, delayMs: 1 });
  for (let j = 0; j < 5; j++) expect(matrix(11, j)).toBe(weight[j] + weight[5 + j] + weight[10 + j]);
  const each = await arrivals([3, 5], oneToOne(), { weight: [4, -1, 2], delayMs: [1, 2, 3] });
  expect([0, 1, 2, 3, 4].map((j) => each(11, j))).toEqual([4, -1, 2, 0, 0]);
});

test('weights that are drawn and those that are given meet in one accumulator', async () => {
  const network = new Network({ name: 'both', dtMs: 1 });
  const source = network.spikeSource('source', [[1], [1]]);
  const target = network.population('target', 1, lifCurrent, { parameters: still });
  network.connect(source, target, allToAll(), { weight: [0.25, 0.5], delayMs: 2 });
  network.connect(source, target, allToAll(), { weight: 8, delayMs: 3 });
  const simulation = await eventEngine.build(network, { record: [{ population: target, state: 'I_syn' }] });
  await simulation.run(6);
  const { values } = await simulation.trace(target, 'I_syn');
  expect([3, 4].map((step) => values.get(step, 0))).toEqual([0.75, 16.75]);
  await simulation.close();
});

test('synapses that learn begin with the weights that are given', async () => {
  const network = new Network({ name: 'learning', dtMs: 1 });
  const source = network.spikeSource('source', [[], []]);
  const target = network.population('target', 3, lifCurrent);
  const weight = [0.1, 0.7, 0.3, 0.9, 0.2, 0.4];
  const plasticity = additiveStdp({ lambda: 0.1, alpha: 1, maxWeight: 1 });
  const learning = network.connect(source, target, allToAll(), { weight, delayMs: 1, plasticity });
  const inhibiting = network.connect(source, target, allToAll(), {
    weight: weight.map((w) => -w),
    delayMs: 1,
    plasticity,
  });
  const simulation = await eventEngine.build(network);
  await simulation.run(5);
  for (const [projection, sign] of [
    [learning, 1],
    [inhibiting, -1],
  ] as const) {
    const { sources, targets, weights } = await simulation.weights(projection);
    sources.forEach((i, k) => {
      expect(weights.get(k)).toBe(Math.fround(sign * weight[3 * i + targets[k]]));
    });
    expect(sources).toHaveLength(6);
  }
  await simulation.close();
});

test('values that do not fit their synapses are refused, naming the field', () => {
  const network = new Network({ name: 'net' });
  const a = network.population('A', 3, lifCurrent);
  const connect = (connector: Connector, options: Partial<ProjectionOptions>) => () =>
    network.connect(a, a, connector, { weight: 1, delayMs: 1, ...options });
  expect(connect(allToAll(), { weight: [1, 2] })).toThrow("'A→A', weight: 2 values for 9 synapses");
  expect(connect(oneToOne(), { delayMs: [1, 2] })).toThrow("'A→A', delayMs: 2 values for 3 synapses");
  expect(connect(oneToOne(), { delayMs: [1, 2, 0.01] })).toThrow('delays down to 0.01 ms are shorter');
  expect(connect(oneToOne(), { weight: [1, Number.NaN, 1] })).toThrow('weight: value 1 is NaN');
  expect(connect(fixedInDegree(2), { weight: [1, 2, 3] })).toThrow(
    'weight: a value for each synapse, of a connector that draws them (fixed-in-degree)',
  );
  expect(network.projections).toHaveLength(0);
  connect(allToAll(), { weight: [1, 2, 3, 4, 5, 6], autapses: false })();
  expect(network.projections).toHaveLength(1);
});
