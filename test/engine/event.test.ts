import { expect, test } from 'vitest';
import { brunel } from '../../models/networks/brunel.js';
import { microcircuit } from '../../models/networks/microcircuit.js';
import { lifCurrent } from '../../models/neurons/lif-current.js';
import { lifDelta } from '../../models/neurons/lif-delta.js';
import type { EngineOptions, Simulation } from '../../src/engine/engine.js';
import { eventEngine } from '../../src/engine/event/engine.js';
import { spikeHash } from '../../src/engine/statistics.js';
import { allToAll, bernoulli, fixedInDegree, oneToOne, synapseList } from '../../src/network/connectors.js';
import { Network } from '../../src/network/network.js';
import { closing } from '../closing.js';

const opened = closing<Simulation>();
const build = async (network: Network, options: EngineOptions = {}) =>
  opened(await eventEngine.build(network, options));

test('a leaky integrate-and-fire neuron fires at the closed-form rate for its current', async () => {
  const network = new Network({ name: 'f-I' });
  // Steady potentials from just below to far above the threshold of 20 mV; R = tau/C = 80 MΩ.
  const steadyMv = Array.from({ length: 200 }, (_, i) => 19 + 0.2 * i);
  const currents = steadyMv.map((mv) => (mv * 250) / 20);
  const cells = network.population('cells', 200, lifDelta, { parameters: { I: currents } });
  const simulation = await build(network);
  await simulation.run(2000);
  const spikes = await simulation.spikes();
  const count = new Uint32Array(cells.size);
  for (const neuron of spikes.neurons) count[neuron] += 1;
  steadyMv.forEach((mv, i) => {
    expect(count[i] > 0).toBe(mv > 20);
    if (mv <= 20) return;
    // Time to threshold, on the grid of steps; then 2 ms of rest.
    const interval = 0.1 * Math.ceil((20 * Math.log(mv / (mv - 20))) / 0.1 - 1e-4) + 2;
    expect(Math.abs(count[i] - (2000 + 2) / interval)).toBeLessThanOrEqual(1);
  });
});

/** One neuron that spikes in step 0, connected to another; its potential at the end of every step after that. */
async function postsynapticPotential(threads: number, delayMs: number): Promise<number[]> {
  const network = new Network({ name: 'psp' });
  const source = network.population('source', 1, lifDelta, { initial: { V: 25 } });
  const target = network.population('target', 1, lifCurrent, {
    // Rest at 0: in float32 a potential near -65 mV is rounded to 8e-6 mV in every step.
    parameters: { C: 250, tau_m: 10, tau_syn: 2, E_L: 0, V_th: 15, V_r: 0 },
    initial: { V: 0 },
  });
  network.connect(source, target, oneToOne(), { weight: 100, delayMs });
  const simulation = await build(network, { threads, record: [{ population: target, state: 'V' }] });
  await simulation.run(20);
  const trace = await simulation.trace(target, 'V');
  return Array.from({ length: trace.values.shape[0] }, (_, step) => trace.values.get(step, 0));
}

test.each([0.1, 1.5])(
  'a postsynaptic potential has its closed form, one delay of %s ms late',
  async (delayMs) => {
    const potential = await postsynapticPotential(1, delayMs);
    expect(potential.length).toBe(200);
    // V(t) = w/C · (e^(-t/tau_m) - e^(-t/tau_s)) / (1/tau_s - 1/tau_m), from the end of step 0 plus the delay.
    const expected = potential.map((_, step) => {
      const t = Math.max(0, (step + 1) * 0.1 - (0.1 + delayMs));
      return ((100 / 250) * (Math.exp(-t / 10) - Math.exp(-t / 2))) / (1 / 2 - 1 / 10);
    });
    expect(potential).toBeAllclose(expected, { rtol: 1e-5, atol: 1e-6 });
    // So the first step in which V changes is 1 + d/dt.
    expect(potential.findIndex((v) => v !== potential[0])).toBe(1 + Math.round(delayMs / 0.1));
  },
);

test('the same seed gives the same spikes with 1, 2, 3 and 8 threads', async () => {
  for (const describe of [
    (seed: number) => brunel({ scale: 0.1, indegree: 125, seed }),
    (seed: number) => microcircuit({ scale: 0.02, seed }),
  ]) {
    const hashes: string[] = [];
    for (const threads of [1, 2, 3, 8]) {
      const simulation = await build(describe(7), { threads });
      await simulation.run(60);
      const spikes = await simulation.spikes();
      expect(spikes.steps.length).toBeGreaterThan(100);
      hashes.push(spikeHash(spikes));
      await simulation.close();
    }
    expect(new Set(hashes).size).toBe(1);
    const other = await build(describe(8));
    await other.run(60);
    expect(spikeHash(await other.spikes())).not.toBe(hashes[0]);
  }
});

test('how a run is cut into pieces changes nothing', async () => {
  const whole = await build(brunel({ scale: 0.05, indegree: 62 }));
  await whole.run(50);
  const pieces = await build(brunel({ scale: 0.05, indegree: 62 }), { threads: 2 });
  for (const ms of [0.1, 0.7, 12.3, 20, 16.9]) await pieces.run(ms);
  expect(spikeHash(await pieces.spikes())).toBe(spikeHash(await whole.spikes()));
});

test('connectors draw what they promise', async () => {
  const degrees = async (connect: (n: Network) => void) => {
    const network = new Network({ name: 'degrees' });
    const a = network.population('A', 50, lifDelta);
    const b = network.population('B', 40, lifDelta);
    void [a, b];
    connect(network);
    const simulation = await build(network);
    return { synapses: simulation.size.synapses, out: simulation.outDegrees.slice(0, 50) };
  };
  const options = { weight: 0.1, delayMs: 1 };
  const all = await degrees((n) => n.connect(n.populations[0], n.populations[1], allToAll(), options));
  expect(Array.from(all.out)).toEqual(Array(50).fill(40));
  const self = await degrees((n) =>
    n.connect(n.populations[0], n.populations[0], allToAll(), { ...options, autapses: false }),
  );
  expect(Array.from(self.out)).toEqual(Array(50).fill(49));
  const everyOther = await degrees((n) =>
    n.connect(n.populations[0], n.populations[0], fixedInDegree(49), {
      ...options,
      autapses: false,
      multapses: false,
    }),
  );
  expect(Array.from(everyOther.out)).toEqual(Array(50).fill(49));
  const pairs = await degrees((n) => n.connect(n.populations[0], n.populations[1], oneToOne(), options));
  expect(Array.from(pairs.out)).toEqual([...Array(40).fill(1), ...Array(10).fill(0)]);
  const list = await degrees((n) =>
    n.connect(n.populations[0], n.populations[1], synapseList([3, 3, 9], [1, 2, 2]), options),
  );
  expect([list.out[3], list.out[9], list.synapses]).toEqual([2, 1, 3]);
  const drawn = await degrees((n) => n.connect(n.populations[0], n.populations[1], bernoulli(0.3), options));
  expect(Math.abs(drawn.synapses - 600)).toBeLessThan(5 * Math.sqrt(2000 * 0.3 * 0.7));
});
