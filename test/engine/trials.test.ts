import { expect, test } from 'vitest';
import { lifCurrent } from '../../models/neurons/lif-current.js';
import { eventEngine } from '../../src/engine/event/engine.js';
import { oneToOne } from '../../src/network/connectors.js';
import { normal } from '../../src/network/distributions.js';
import type { PopulationOptions } from '../../src/network/elements.js';
import { Network } from '../../src/network/network.js';

const TRIALS = { startMs: 3, lengthMs: 20, everyMs: 25, count: 3 };

/** Neurons that get a spike each at these times; spikes and potentials of a run of 100 ms. */
async function run(timesMs: number[], options: PopulationOptions, threads = 1, cells = 40) {
  const network = new Network({ name: 'trials', dtMs: 0.5, seed: 3 });
  const source = network.spikeSource(
    'source',
    Array.from({ length: cells }, () => timesMs),
  );
  const target = network.population('target', cells, lifCurrent, {
    parameters: { I: Array.from({ length: cells }, (_, i) => 30 * i) },
    initial: { V: normal(-60, 3) },
    ...options,
  });
  network.connect(source, target, oneToOne(), { weight: 200, delayMs: 0.5 });
  const simulation = await eventEngine.build(network, {
    threads,
    record: [{ population: target, state: 'V' }],
  });
  for (const ms of [0.5, 33, 41.5, 25]) await simulation.run(ms);
  const { values } = await simulation.trace(target, 'V');
  const { steps, neurons } = await simulation.spikes();
  const [layer] = (await simulation.ledger()).layers;
  await simulation.close();
  const sent = Array.from(neurons, (neuron, k) => [steps[k], neuron - cells]).filter(([, i]) => i >= 0);
  return { values, sent, updates: layer.channel === 'spike' ? layer.inferenceNeuronUpdates : Number.NaN };
}

test('every trial begins as the first did, and the population is advanced in trials alone', async () => {
  const { values, sent, updates } = await run([10, 35, 60], { trials: TRIALS });
  expect(values.shape).toEqual([200, 40]);
  expect(updates).toBe(3 * 40 * 40);
  const inTrial = (n: number) => sent.filter(([step]) => step >= 6 + 50 * n && step < 56 + 50 * n);
  expect(inTrial(0).length).toBeGreaterThan(10);
  for (const n of [1, 2]) expect(inTrial(n).map(([step, i]) => [step - 50 * n, i])).toEqual(inTrial(0));
  expect(sent).toHaveLength(3 * inTrial(0).length);
  for (let k = 6; k < 46; k++)
    for (let i = 0; i < 40; i++) {
      expect(values.get(k + 50, i)).toBe(values.get(k, i));
      expect(values.get(k + 100, i)).toBe(values.get(k, i));
    }
  // Between trials, and after the last, the state stands.
  for (let k = 46; k < 56; k++) expect(values.get(k, 7)).toBe(values.get(45, 7));
  for (let k = 146; k < 200; k++) expect(values.get(k, 7)).toBe(values.get(145, 7));
});

test('a trial is a simulation of its own, begun when the trial begins', async () => {
  const trial = await run([10], { trials: { ...TRIALS, count: 1 } });
  const whole = await run([7], {});
  for (let k = 0; k < 40; k++) expect(trial.values.get(k + 6, 33)).toBe(whole.values.get(k, 33));
  expect(trial.sent.map(([step, i]) => [step - 6, i])).toEqual(whole.sent.filter(([step]) => step < 40));
});

test('what arrives between two trials is lost, also at their edges', async () => {
  const silent = await run([], { trials: TRIALS });
  // A spike at 1.5 ms arrives at 2 ms; the trials are from 3 to 23, 28 to 48 and 53 to 73 ms.
  const outside = await run([1.5, 2, 22.5, 24, 27, 48, 52, 72.5, 90], { trials: TRIALS });
  expect(outside.sent).toEqual(silent.sent);
  for (const ms of [2.5, 22]) {
    const inside = await run([ms], { trials: TRIALS });
    expect(inside.values.get(45, 0)).not.toBe(silent.values.get(45, 0));
    // … and by the next trial it is forgotten.
    expect(inside.values.get(95, 0)).toBe(silent.values.get(95, 0));
  }
});

test('trials do not depend on the number of threads', async () => {
  const [one, three] = [
    await run([10, 35, 60], { trials: TRIALS }, 1),
    await run([10, 35, 60], { trials: TRIALS }, 3),
  ];
  expect(three.sent).toEqual(one.sent);
  expect(three.values.data).toEqual(one.values.data);
});

test('trials that are none are refused, naming the field', () => {
  const network = new Network({ name: 'net' });
  const add = (trials: object) => () =>
    network.population('A', 1, lifCurrent, { trials: { ...TRIALS, ...trials } });
  expect(add({ startMs: -1 })).toThrow("population 'A', trials, startMs: it is -1 ms");
  expect(add({ lengthMs: 0 })).toThrow('trials, lengthMs: it is 0 ms');
  expect(add({ everyMs: 10 })).toThrow('trials, everyMs: a trial of 20 ms every 10 ms');
  expect(add({ count: 0.5 })).toThrow('trials, count: they are 0.5');
  add({})();
  expect(() => network.direct(network.populations[0], { amplitude: 1 })).toThrow(
    'is set back at every trial',
  );
});
