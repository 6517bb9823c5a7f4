import { afterAll, expect, test } from 'vitest';
import { encodeImages, latencyClassifier } from '../../models/networks/latency-classifier.js';
import { subset } from '../../src/data/images.js';
import { loadMnist } from '../../src/data/mnist.js';
import { trainingCounts } from '../../src/energy/counts.js';
import { ledgerFromJson, ledgerToJson } from '../../src/energy/ledger-json.js';
import type { EventPropConfig } from '../../src/learning/eventprop/config.js';
import { PlasticTrainer } from '../../src/learning/eventprop/plastic-trainer.js';
import { EventPropTrainer } from '../../src/learning/eventprop/trainer.js';
import { wantsToLearn } from '../../src/plasticity/lazy.js';
import { parsePolicy } from '../../src/plasticity/policy.js';

const { pixels, classes, train, test: testSet } = loadMnist();
const data = encodeImages(subset(train, 320, 1), pixels);
const tests = encodeImages(subset(testSet, 200, 1), pixels);
const network = (more: Partial<EventPropConfig> = {}): EventPropConfig => ({
  ...latencyClassifier({
    inputs: pixels,
    hidden: [20],
    classes,
    batch: 16,
    inputDropout: 0.1,
    seed: 3,
    threads: 1,
  }),
  ...more,
});
const trainers: EventPropTrainer[] = [];
afterAll(() => Promise.all(trainers.map((trainer) => trainer.close())));

test.each([
  ['adam', 0.01, null],
  ['sgd', 0.05, null],
  ['adam', 0.01, { mean: 0, sd: 0.1 }],
] as const)(
  'without a policy it is the trainer, bit for bit: %s, recurrent: %j',
  async (kind, rate, loop) => {
    const config = network({ recurrent: [loop], ...(kind === 'sgd' ? { optimiser: { kind } } : {}) });
    const plain = new EventPropTrainer(config, data, tests);
    trainers.push(plain);
    for (let epoch = 0; epoch < 2; epoch++) await plain.epoch({ rate: () => rate });
    const plastic = new PlasticTrainer(config, data, tests, parsePolicy({}));
    plastic.learn(40, () => rate);
    for (const [l, layer] of plastic.layers.entries()) {
      const { sources, targets } = layer;
      const weights = layer.weights();
      const expected = plain.weights(l);
      const found = Float32Array.from({ length: sources * targets }, (_, k) => {
        const i = Math.floor(k / targets);
        return weights[(k - i * targets) * sources + i];
      });
      expect(Buffer.compare(Buffer.from(found.buffer), Buffer.from(expected.buffer))).toBe(0);
    }
    expect(plastic.evaluate().accuracy).toBe((await plain.evaluate()).accuracy);
    const [a, b] = [plastic.ledger('a').layers, (await plain.ledger('a')).layers];
    for (const [l, layer] of a.entries()) {
      const other = b[l];
      if (layer.channel !== 'spike' || other.channel !== 'spike') throw new Error('both spike');
      expect(layer.trainingSpikes).toEqual(other.trainingSpikes);
      expect(layer.backwardSpikes).toEqual(other.trainingSpikes);
      expect(layer.inferenceSpikes).toEqual(other.inferenceSpikes);
      expect([layer.trainingNeuronUpdates, layer.trainingTargetSpikes]).toEqual([
        other.trainingNeuronUpdates,
        other.trainingTargetSpikes,
      ]);
    }
  },
);

test('lazy learning passes over what it knows: no gradient, no write, no backward event', () => {
  const trainer = new PlasticTrainer(network(), data, tests, parsePolicy({ lazy: 'mistakes' }));
  trainer.learn(60, () => 0.01);
  expect(trainer.updates).toBeLessThan(trainer.samples);
  const counts = trainingCounts(trainer.ledger(''));
  expect(counts.gradient).toBeLessThan(counts.transmission);
  expect(counts.gradient).toBeGreaterThan(0n);
  expect(wantsToLearn('mistakes', 1, [0, 2])).toBe(false);
  expect(wantsToLearn('mistakes', 0, [0, 2])).toBe(true);
  // Softmax of (0, ln 3) is (1/4, 3/4).
  expect(wantsToLearn(0.7, 1, [0, Math.log(3)])).toBe(false);
  expect(wantsToLearn(0.8, 1, [0, Math.log(3)])).toBe(true);
});

test('competition and cache write as many synapses a batch as they may', () => {
  const fraction = 0.05;
  const trainer = new PlasticTrainer(
    network(),
    data,
    tests,
    parsePolicy({ select: 'largest', fraction, cache: { rule: 'synapse', threshold: 0.05 } }),
  );
  trainer.learn(20, () => 0.01);
  const before = trainer.totals();
  const most = 20 * 2 * Math.ceil(fraction * pixels * 20 + 1);
  expect(before.transientWrites).toBeLessThanOrEqual(most);
  expect(before.transientWrites).toBeGreaterThan(0);
  trainer.finish();
  const after = trainer.totals();
  expect(after.residual).toBe(0);
  expect(after.persistentChange).toBeCloseTo(before.persistentChange + before.residual, 3);
  expect(after.persistentChange).toBeGreaterThanOrEqual(after.distance - 1e-3);
});

test('what writes cost by exponent is told by the writes themselves', () => {
  const policy = parsePolicy({
    select: 'largest',
    fraction: 0.1,
    cache: { rule: 'synapse', threshold: 0.02 },
  });
  const trainer = new PlasticTrainer(network(), data, tests, policy, { exponents: [0, 1] });
  trainer.learn(30, () => 0.01);
  trainer.finish();
  const [writes, change, potentiation] = trainer.costs();
  const totals = trainer.totals();
  expect(writes.energy).toBe(totals.persistentWrites);
  expect(writes.energy).toBeGreaterThan(0);
  expect(Math.abs(change.energy / totals.persistentChange - 1)).toBeLessThan(1e-4);
  expect(potentiation.energy).toBeLessThan(change.energy);
});

test('a ledger survives JSON, every array with its type and bits', () => {
  const trainer = new PlasticTrainer(
    network(),
    data,
    tests,
    parsePolicy({ cache: { rule: 'neuron', threshold: 0.05, tau: 100 } }),
  );
  trainer.learn(3, () => 0.01);
  const ledger = trainer.ledger('x', { seed: 3 });
  expect(ledgerFromJson(JSON.parse(JSON.stringify(ledgerToJson(ledger))))).toEqual(ledger);
});

test('what it cannot do is refused', () => {
  expect(() => new PlasticTrainer(network({ threads: 2 }), data, tests, parsePolicy({}))).toThrow(
    /one thread/,
  );
});
