import { expect, test } from 'vitest';
import { quiet } from '../../models/networks/quiet.js';
import { lifCurrent } from '../../models/neurons/lif-current.js';
import { lifExp } from '../../models/neurons/lif-exp.js';
import type { Spikes } from '../../src/engine/engine.js';
import { eventEngine } from '../../src/engine/event/engine.js';
import { spikeHash } from '../../src/engine/statistics.js';
import { fixedInDegree } from '../../src/network/connectors.js';
import { normal } from '../../src/network/distributions.js';
import { Network } from '../../src/network/network.js';

async function spikesOf(network: Network, ms: number, threads: number, sleep: boolean): Promise<Spikes> {
  const simulation = await eventEngine.build(network, { threads, sleep });
  await simulation.run(ms);
  const spikes = await simulation.spikes();
  await simulation.close();
  return spikes;
}

test('a quiet network sends the same spikes asleep and awake, whatever the number of threads', async () => {
  const describe = () => quiet({ neurons: 3000, indegree: 30, active: 0.02 });
  const awake = await spikesOf(describe(), 300, 1, false);
  expect(awake.steps.length).toBeGreaterThan(100);
  const asleep = await spikesOf(describe(), 300, 1, true);
  expect(spikeHash(asleep)).toBe(spikeHash(awake));
  for (const threads of [2, 3])
    expect(spikeHash(await spikesOf(describe(), 300, threads, true))).toBe(spikeHash(awake));
});

test('neurons that are brought to fire by their input wake in time, with delays and currents of all kinds', async () => {
  const describe = () => {
    const network = new Network({ name: 'chain' });
    const parameters = { I: Float32Array.from({ length: 400 }, (_, i) => (i < 8 ? 400 + 5 * i : 0)) };
    const cells = network.population('cells', 400, lifCurrent, { parameters });
    network.connect(cells, cells, fixedInDegree(6), {
      weight: normal(12_000, 800),
      delayMs: normal(3, 1, { low: 0.5, high: 12 }),
    });
    return network;
  };
  const awake = await spikesOf(describe(), 400, 1, false);
  const asleep = await spikesOf(describe(), 400, 2, true);
  const others = (spikes: Spikes) => spikes.neurons.filter((neuron) => neuron >= 8).length;
  expect(others(awake)).toBeGreaterThan(50);
  // Float32 rounds a jump differently from the steps it replaces: a spike may move by a step, none is lost.
  expect(Math.abs(others(asleep) - others(awake))).toBeLessThanOrEqual(0.02 * others(awake));
  const again = await spikesOf(describe(), 400, 3, true);
  expect(spikeHash(again)).toBe(spikeHash(asleep));
});

test('several populations sleep side by side, excited and inhibited', async () => {
  const describe = () => {
    const network = new Network({ name: 'two', seed: 3 });
    // 37 neurons drive the others by half of what would make them fire, and half of the others are driven weakly.
    const I = Float32Array.from({ length: 337 }, (_, i) => (i < 37 ? 380 + 3 * i : i % 2 === 0 ? 120 : 0));
    const excitatory = network.population('E', 337, lifExp, { parameters: { I } });
    const inhibitory = network.population('I', 101, lifExp);
    for (const target of [excitatory, inhibitory]) {
      network.connect(excitatory, target, fixedInDegree(12), {
        receptor: 'excitatory',
        weight: 4500,
        delayMs: 1.2,
      });
      network.connect(inhibitory, target, fixedInDegree(5), {
        receptor: 'inhibitory',
        weight: -900,
        delayMs: normal(2, 0.5, { low: 1, high: 4 }),
      });
    }
    return network;
  };
  const awake = await spikesOf(describe(), 300, 1, false);
  const asleep = await spikesOf(describe(), 300, 1, true);
  const others = (spikes: Spikes) => spikes.neurons.filter((neuron) => neuron >= 37).length;
  expect(others(awake)).toBeGreaterThan(100);
  expect(awake.neurons.some((neuron) => neuron >= 337)).toBe(true);
  expect(Math.abs(others(asleep) - others(awake))).toBeLessThanOrEqual(0.02 * others(awake));
  for (const threads of [2, 3])
    expect(spikeHash(await spikesOf(describe(), 300, threads, true))).toBe(spikeHash(asleep));
});
