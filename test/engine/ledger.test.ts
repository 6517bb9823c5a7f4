import { expect, test } from 'vitest';
import { brunel } from '../../models/networks/brunel.js';
import { microcircuit } from '../../models/networks/microcircuit.js';
import { quiet } from '../../models/networks/quiet.js';
import { lifDelta } from '../../models/neurons/lif-delta.js';
import { energyFj, makeBill } from '../../src/energy/bill.js';
import { ledgerCounts, synapsesOf } from '../../src/energy/counts.js';
import { synapseEnergies } from '../../src/energy/synapses.js';
import { loadTariff } from '../../src/energy/tariff.js';
import { eventEngine } from '../../src/engine/event/engine.js';
import { observe } from '../../src/engine/observe.js';
import { oneToOne, synapseList } from '../../src/network/connectors.js';
import { Network } from '../../src/network/network.js';

test('the ledger of a small network is what can be counted by hand', async () => {
  const network = new Network({ name: 'hand' });
  // Above the threshold at the start: each spikes once, in step 0, and never again.
  const a = network.population('A', 3, lifDelta, { initial: { V: 25 } });
  const b = network.population('B', 2, lifDelta);
  const c = network.population('C', 2, lifDelta);
  // One synapse of 25 mV fires B's second neuron; those of 1 mV do nothing.
  network.connect(a, b, synapseList([0], [1]), { weight: 25, delayMs: 1 });
  network.connect(a, c, synapseList([0, 0, 2], [0, 1, 1]), { weight: 1, delayMs: 1 });
  network.connect(b, c, oneToOne(), { weight: 1, delayMs: 1 });
  const { ledger } = await observe(eventEngine, network, { warmupMs: 0, ms: 10 });
  const [ab, ac, bc, alone] = ledger.layers;
  expect(ledger.layers.map(({ name }) => name)).toEqual([
    ...network.projections.map(({ name }) => name),
    'A',
  ]);
  const counted = (layer: typeof ab) => [...layer.outDegrees!];
  expect([counted(ab), counted(ac), counted(bc)]).toEqual([
    [1, 0, 0],
    [2, 0, 1],
    [1, 1],
  ]);
  const sent = { inferenceSpikes: Float64Array.of(1, 1, 1) };
  expect(ab).toMatchObject({ ...sent, inferenceNeuronUpdates: 2 * 100, inferenceTargetSpikes: 1 });
  expect(ac).toMatchObject({ ...sent, inferenceNeuronUpdates: 2 * 100, inferenceTargetSpikes: 0 });
  // Updates and spikes of C are with the projection above.
  expect(bc).toMatchObject({
    inferenceSpikes: Float64Array.of(0, 1),
    inferenceNeuronUpdates: 0,
    inferenceTargetSpikes: 0,
  });
  // Nothing sends to A.
  expect(alone).toMatchObject({ sources: 0, inferenceNeuronUpdates: 3 * 100, inferenceTargetSpikes: 3 });
  expect(ledgerCounts(ledger, 'inference')).toMatchObject({ transmission: 5n });
});

test.each([1, 2])(
  'every spike reaches all synapses of its source, and all adds up (%i threads)',
  async (threads) => {
    const network = brunel({ scale: 0.04, indegree: 50 });
    const simulation = await eventEngine.build(network, { threads });
    await simulation.run(30);
    const { neurons } = await simulation.spikes();
    const events = neurons.reduce((sum, neuron) => sum + simulation.outDegrees[neuron], 0);
    await simulation.close();
    const { ledger, size } = await observe(eventEngine, brunel({ scale: 0.04, indegree: 50 }), {
      warmupMs: 0,
      ms: 30,
      threads,
    });
    expect(events).toBeGreaterThan(1000);
    expect(ledgerCounts(ledger, 'inference')).toMatchObject({
      transmission: BigInt(events),
      spike: BigInt(neurons.length),
      neuronUpdate: BigInt(size.neurons * 300),
    });
    const tariff = loadTariff('loihi');
    const bill = makeBill(ledger, tariff);
    ledger.layers.forEach((layer, l) => {
      expect(layer.sources).toBeGreaterThan(0);
      const synapses = synapseEnergies(layer, tariff)!;
      expect(synapses.energyFj.length).toBe(bill.layers[l].synapses);
      expect(synapses.total).toBe(
        bill.lines.filter((line) => line.layer === l).reduce((sum, { energy }) => sum + energy!.value, 0n),
      );
    });
    expect(energyFj(bill)!.valueFj).toBeGreaterThan(0);
  },
);

test('a warm-up is not billed, and what sleeps is not updated', async () => {
  const options = { warmupMs: 50, ms: 100 };
  const describe = () => quiet({ neurons: 4000, indegree: 10, active: 0.005 });
  const awake = await observe(eventEngine, describe(), options);
  const asleep = await observe(eventEngine, describe(), { ...options, sleep: true });
  const updates = ({ ledger }: typeof awake) => ledgerCounts(ledger, 'inference').neuronUpdate;
  expect(updates(awake)).toBe(4_000_000n);
  // The twenty that fire are awake in each of 1000 steps.
  expect(updates(asleep)).toBeGreaterThan(20_000n);
  expect(updates(asleep)).toBeLessThan(2_000_000n);
  expect(awake.spikes.steps[0]).toBeGreaterThanOrEqual(awake.firstStep);
});

test.each([1, 2])(
  'synapses that are drawn source by source are all on the ledger (%i threads)',
  async (threads) => {
    const network = microcircuit({ scale: 0.01 });
    const { ledger, size } = await observe(eventEngine, network, { warmupMs: 0, ms: 1, threads });
    const synapses = ledger.layers.map(synapsesOf);
    expect(synapses.reduce((sum, n) => sum + n, 0)).toBe(size.synapses);
    network.projections.forEach(({ connector }, p) => {
      expect(connector).toMatchObject({ kind: 'fixed-total', synapses: synapses[p] });
    });
  },
);
