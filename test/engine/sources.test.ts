import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lifCurrent } from '../../models/neurons/lif-current.js';
import { lifDelta } from '../../models/neurons/lif-delta.js';
import { synapseEnergies } from '../../src/energy/synapses.js';
import { loadTariff } from '../../src/energy/tariff.js';
import { eventEngine } from '../../src/engine/event/engine.js';
import { oneToOne } from '../../src/network/connectors.js';
import { Network } from '../../src/network/network.js';

test.each([1, 3])(
  'a spike source sends what it is given, and its spikes act (%s threads)',
  async (threads) => {
    const network = new Network({ name: 'source' });
    const times = Array.from({ length: 50 }, (_, i) => [0.1 * (i + 1), 7 + 0.3 * i, 30 + 0.1 * i]);
    times[13] = [];
    const source = network.spikeSource('source', times);
    const target = network.population('target', 50, lifCurrent, {
      parameters: { C: 250, tau_m: 10, tau_syn: 2, E_L: 0, V_th: 1000, V_r: 0 },
      initial: { V: 0 },
    });
    network.connect(source, target, oneToOne(), { weight: 100, delayMs: 1.5 });
    const simulation = await eventEngine.build(network, {
      threads,
      record: [{ population: target, state: 'V' }],
    });
    await simulation.run(25);
    await simulation.run(25);
    const { steps, neurons } = await simulation.spikes();
    const { values } = await simulation.trace(target, 'V');
    const ledger = await simulation.ledger();
    await simulation.close();
    // The source costs nothing but its spikes, and no synapse ends there that could carry them.
    const alone = ledger.layers.find(({ name }) => name === 'source')!;
    expect(alone).toMatchObject({ inferenceNeuronUpdates: 0, inferenceTargetSpikes: neurons.length });
    expect(synapseEnergies(alone, loadTariff('biology-marginal'))).toBeNull();
    const sent: number[][] = times.map(() => []);
    neurons.forEach((neuron, k) => {
      sent[neuron].push((steps[k] + 1) * 0.1);
    });
    sent.forEach((of, i) => {
      expect(of).toBeAllclose(times[i], { atol: 1e-9 });
    });
    // The closed form of the potential: one for each spike, from its time and the delay on.
    const psp = (t: number) =>
      t <= 0 ? 0 : ((100 / 250) * (Math.exp(-t / 10) - Math.exp(-t / 2))) / (1 / 2 - 1 / 10);
    for (const cell of [0, 13, 31, 49])
      expect(Array.from({ length: 500 }, (_, step) => values.get(step, cell))).toBeAllclose(
        Array.from({ length: 500 }, (_, step) =>
          times[cell].reduce((sum, time) => sum + psp((step + 1) * 0.1 - time - 1.5), 0),
        ),
        { rtol: 1e-5, atol: 2e-6 },
      );
  },
);

test('an injected current charges the membrane in closed form, however it changes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 0, max: 590 }), { minLength: 1, maxLength: 12 }),
      fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 12, maxLength: 12 }),
      fc.integer({ min: 1, max: 2 }),
      async (unsorted, amplitudes, threads) => {
        const starts = [...unsorted].sort((a, b) => a - b);
        const network = new Network({ name: 'current' });
        const cells = network.population('cells', 40, lifDelta, { parameters: { V_th: 1e6, I: 30 } });
        network.connect(cells, cells, oneToOne(), { weight: 1, delayMs: 1.5 });
        network.current(cells, {
          timesMs: starts.map((step) => step * 0.1),
          values: starts.map((_, i) => amplitudes[i]),
        });
        network.direct(cells, { amplitude: 50, startMs: 10, stopMs: 25, neurons: [7, 39] });
        const simulation = await eventEngine.build(network, {
          threads,
          record: [{ population: cells, state: 'V', neurons: [3, 39] }],
        });
        await simulation.run(60);
        const { values } = await simulation.trace(cells, 'V');
        await simulation.close();
        [false, true].forEach((chosen, k) => {
          let v = 0;
          const expected = Array.from({ length: 600 }, (_, step) => {
            const before = starts.findLastIndex((start) => start <= step);
            const direct = chosen && step >= 100 && step < 250 ? 50 : 0;
            const current = 30 + direct + (before < 0 ? 0 : amplitudes[before]);
            // V relaxes to R·I, R = tau/C, over one step.
            const steady = (20 / 250) * current;
            v = steady + (v - steady) * Math.exp(-0.1 / 20);
            return v;
          });
          const found = Array.from({ length: 600 }, (_, step) => values.get(step, k));
          expect(found).toBeAllclose(expected, { rtol: 1e-4, atol: 1e-4 });
        });
      },
    ),
    { numRuns: 12 },
  );
});

test('sources that are none are refused, naming the field', () => {
  const network = new Network({ name: 'faults' });
  const cells = network.population('cells', 10, lifDelta);
  expect(() => network.spikeSource('a', [[0]])).toThrow('0 ms');
  expect(() => network.spikeSource('b', [[1, 1.02]])).toThrow('two spikes');
  expect(() => network.current(cells, { timesMs: [1, 1], values: [0, 1] })).toThrow('timesMs');
  expect(() => network.current(cells, { timesMs: [1], values: [] })).toThrow('values');
  expect(() => network.current(cells, { parameter: 'J', timesMs: [1], values: [1] })).toThrow('parameter');
  expect(() => network.direct(cells, { amplitude: 1, neurons: [10] })).toThrow('neurons');
  expect(() => network.direct(cells, { amplitude: Number.NaN })).toThrow('values');
  const source = network.spikeSource('source', [[1]]);
  expect(() => network.poisson(source, { rateHz: 1, weight: 1 })).toThrow('receptor');
});
