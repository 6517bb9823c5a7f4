import { describe, expect, test } from 'vitest';
import { type ExactNetwork, exactEventProp } from '../../kernels/spiking-layer/exact.js';
import { ADAM, DEFAULT_NEURON, type EventPropConfig } from '../../src/learning/eventprop/config.js';
import {
  encodeLatencyTimes,
  type TimedSpikes,
  timedSpikes,
} from '../../src/learning/eventprop/exact/timed-spikes.js';
import { EventPropTrainer } from '../../src/learning/eventprop/trainer.js';
import { RunError, UsageError } from '../../src/util/errors.js';
import { stream } from '../../src/util/rng.js';
import { closing } from '../closing.js';

const opened = closing<EventPropTrainer>();
const trainer = (config: EventPropConfig, train: TimedSpikes, test = train) =>
  opened(new EventPropTrainer(config, train, test));

const config = (part: Partial<EventPropConfig>): EventPropConfig => ({
  sizes: [12, 20, 3],
  neuron: DEFAULT_NEURON,
  init: (part.sizes ?? [12, 20, 3]).slice(1).map(() => ({ mean: 1.2, sd: 0.8 })),
  time: 'exact',
  kappa: 1,
  slopeFloor: 1e-6,
  optimiser: { kind: 'sgd' },
  batch: 8,
  inputDropout: 0,
  seed: 1,
  threads: 1,
  ...part,
});

const WINDOW_MS = DEFAULT_NEURON.steps * DEFAULT_NEURON.dtMs;

/** One spike from most inputs, some at the same time. */
function randomData(count: number, sources: number, classes: number, seed: number): TimedSpikes {
  const { uniform, integer } = stream(seed, 'timed data');
  const labels = Uint8Array.from({ length: count }, () => integer(classes));
  return timedSpikes(sources, WINDOW_MS, labels, () =>
    Array.from({ length: sources }, (_, input) => ({
      atMs: uniform() < 0.2 ? 3 : 12 * uniform(),
      input,
    })).filter(() => uniform() < 0.8),
  );
}

const listOf = (data: TimedSpikes, s: number) =>
  Array.from({ length: data.offsets[s + 1] - data.offsets[s] }, (_, k) => ({
    atMs: data.times[data.timeOf[data.offsets[s] + k]],
    input: data.spikes[data.offsets[s] + k],
  }));

/** What the network is to the reference: its spiking layers are one population with recurrent weights. */
function asOnePopulation(net: EventPropConfig, weights: Float32Array[]): ExactNetwork {
  const { sizes } = net;
  const spiking = net.answer?.kind === 'first-spike' ? sizes.slice(1) : sizes.slice(1, -1);
  const neurons = spiking.reduce((sum, n) => sum + n, 0);
  const first = spiking.map((_, l) => spiking.slice(0, l).reduce((sum, n) => sum + n, 0));
  const inputWeights = new Float64Array(sizes[0] * neurons);
  const recurrentWeights = new Float64Array(neurons * neurons);
  const outputs = spiking.length === sizes.length - 1 ? 1 : sizes[sizes.length - 1];
  const readoutWeights = new Float64Array(neurons * outputs);
  const put = (to: Float64Array, width: number, row: number, column: number, p: number, targets: number) =>
    weights[p].forEach((w, k) => {
      to[(row + Math.floor(k / targets)) * width + column + (k % targets)] = w;
    });
  put(inputWeights, neurons, 0, 0, 0, sizes[1]);
  for (let l = 1; l < spiking.length; l++)
    put(recurrentWeights, neurons, first[l - 1], first[l], l, sizes[l + 1]);
  if (outputs > 1) put(readoutWeights, outputs, first[spiking.length - 1], 0, sizes.length - 2, outputs);
  let p = sizes.length - 1;
  net.recurrent?.forEach((init, h) => {
    if (init) put(recurrentWeights, neurons, first[h], first[h], p++, sizes[h + 1]);
  });
  return {
    inputs: sizes[0],
    neurons,
    outputs,
    ...net.neuron,
    windowMs: WINDOW_MS,
    kappa: net.kappa,
    inputWeights,
    recurrentWeights,
    readoutWeights,
  };
}

const projections = (net: EventPropConfig) =>
  net.sizes.length - 1 + (net.recurrent ?? []).filter((init) => init).length;
const small = { mean: 0.05, sd: 0.2 };

describe.each<Partial<EventPropConfig> & { name: string }>([
  { name: 'one hidden layer', sizes: [12, 20, 3] },
  { name: 'two hidden layers', sizes: [12, 18, 17, 5] },
  { name: 'a recurrent layer', sizes: [12, 19, 3], recurrent: [small] },
  { name: 'a recurrent layer before another', sizes: [12, 9, 8, 20], recurrent: [small, null] },
])('$name', ({ name: _, ...part }) => {
  const net = config({ batch: 4, ...part });

  test('learns the mean gradient of its batch, as the reference computes it', async () => {
    const data = randomData(4, net.sizes[0], net.sizes[net.sizes.length - 1], 3);
    const one = trainer(net, data);
    const all = Array.from({ length: projections(net) }, (_, p) => p);
    const before = all.map((p) => one.weights(p));
    const reference = asOnePopulation(net, before);
    const samples = Array.from({ length: 4 }, (_, s) =>
      exactEventProp(reference, listOf(data, s), data.labels[s]),
    );
    const { loss } = await one.epoch({ rate: () => 0.05 });
    expect(loss).toBeCloseTo(samples.reduce((sum, sample) => sum + sample.loss, 0) / 4, 5);
    // The learned change, put where the reference has the weights.
    const learned = asOnePopulation(
      net,
      all.map((p) => one.weights(p).map((w, k) => (before[p][k] - w) / 0.05)),
    );
    for (const [weights, gradient] of [
      ['inputWeights', 'inputGradient'],
      ['recurrentWeights', 'recurrentGradient'],
      ['readoutWeights', 'readoutGradient'],
    ] as const) {
      const mask = asOnePopulation(
        net,
        before.map((w) => w.map(() => 1)),
      )[weights]!;
      const mean = Array.from(mask, (there, k) =>
        there ? samples.reduce((sum, sample) => sum + sample[gradient]![k], 0) / 4 : 0,
      );
      // float32 weights: what the rounding of a weight of 2 leaves of a change, over the rate.
      expect(learned[weights]!).toBeAllclose(mean, { rtol: 1e-5, atol: 1e-5 });
      if (weights !== 'recurrentWeights') expect(Math.max(...mean.map(Math.abs))).toBeGreaterThan(1e-3);
    }
  });

  test('the same seed gives the same weights and counts with 1, 2, 3 and 8 threads', async () => {
    const data = randomData(60, net.sizes[0], 3, 5);
    const results = [];
    for (const threads of [1, 2, 3, 8]) {
      const one = trainer({ ...net, batch: 8, optimiser: ADAM, inputDropout: 0.2, threads }, data);
      for (let epoch = 0; epoch < 3; epoch++) await one.epoch({ rate: () => 0.005 });
      await one.evaluate();
      results.push({
        weights: Array.from({ length: projections(net) }, (_, p) => one.weights(p)),
        ledger: await one.ledger('net'),
      });
    }
    for (const result of results.slice(1)) expect(result).toEqual(results[0]);
  });

  test('books the spikes that the reference counts', async () => {
    const data = randomData(20, net.sizes[0], 3, 4);
    const one = trainer(net, data);
    const reference = asOnePopulation(
      net,
      Array.from({ length: projections(net) }, (_, p) => one.weights(p)),
    );
    await one.evaluate();
    const { layers, inferences } = await one.ledger('net');
    expect(inferences).toBe(20);
    const counted = new Float64Array(reference.neurons);
    for (let s = 0; s < data.count; s++) {
      for (const { neuron } of exactEventProp(reference, listOf(data, s), 0).spikes) counted[neuron]++;
    }
    const hidden = layers.slice(1, net.sizes.length - 1).flatMap((layer) => {
      if (layer.channel !== 'spike') throw new Error('a spiking layer');
      return Array.from(layer.inferenceSpikes);
    });
    expect(hidden).toEqual(Array.from(counted));
  });
});

describe('first spikes', () => {
  const net = config({
    sizes: [12, 15, 4],
    answer: { kind: 'first-spike', tau0Ms: 0.7, tau1Ms: 6.4, alpha: 0.01 },
    init: [
      { mean: 1.2, sd: 0.8 },
      { mean: 0.8, sd: 0.4 },
    ],
    batch: 1,
  });
  const { tau0Ms, tau1Ms, alpha } = net.answer as { tau0Ms: number; tau1Ms: number; alpha: number };

  /** The loss as it is defined, from the spikes of the reference. */
  function lossOf(reference: ExactNetwork, data: TimedSpikes): number {
    const first = new Float64Array(4).fill(WINDOW_MS);
    for (const { atMs, neuron } of exactEventProp(reference, listOf(data, 0), 0).spikes.toReversed()) {
      if (neuron >= 15) first[neuron - 15] = atMs;
    }
    const sum = first.reduce((total, t) => total + Math.exp(-t / tau0Ms), 0);
    const label = data.labels[0];
    return first[label] / tau0Ms + Math.log(sum) + alpha * (Math.exp(first[label] / tau1Ms) - 1);
  }

  test.each([1, 2, 3])('it learns the finite differences of its loss (seed %i)', async (seed) => {
    const data = randomData(1, 12, 4, seed);
    const one = trainer({ ...net, seed }, data);
    const before = [one.weights(0), one.weights(1)];
    const reference = asOnePopulation(net, before);
    const { loss } = await one.epoch({ rate: () => 0.02 });
    expect(loss).toBeCloseTo(lossOf(reference, data), 5);
    const change = asOnePopulation(
      net,
      before.map((w, p) => one.weights(p).map((now, k) => (w[k] - now) / 0.02)),
    );
    let largest = 0;
    for (const key of ['inputWeights', 'recurrentWeights'] as const) {
      const weights = reference[key]!;
      for (let k = 0; k < weights.length; k++) {
        if (weights[k] === 0) continue;
        const held = weights[k];
        const at = (h: number) => {
          weights[k] = held + h;
          return lossOf(reference, data);
        };
        const central = (h: number) => (at(h) - at(-h)) / (2 * h);
        const slope = (4 * central(2e-5) - central(4e-5)) / 3;
        weights[k] = held;
        largest = Math.max(largest, Math.abs(slope));
        expect(Math.abs(change[key]![k] - slope)).toBeLessThan(2e-5 + 1e-5 * Math.abs(slope));
      }
    }
    expect(largest).toBeGreaterThan(0.01);
  });

  test('it learns: random patterns are told apart after some epochs', async () => {
    const data = randomData(24, 30, 3, 7);
    const one = trainer(
      config({
        ...net,
        sizes: [30, 48, 3],
        optimiser: ADAM,
        batch: 8,
        threads: 2,
        init: [
          { mean: 0.5, sd: 0.4 },
          { mean: 0.3, sd: 0.2 },
        ],
      }),
      data,
    );
    for (let epoch = 0; epoch < 150; epoch++) await one.epoch({ rate: () => 0.005 });
    const { accuracy } = await one.evaluate();
    expect(accuracy).toBeGreaterThan(0.9);
  });
});

test('images become latencies in order of time, those of dark pixels left out', () => {
  const images = Uint8Array.from([0, 255, 1, 128, 255, 2]);
  const data = encodeLatencyTimes(images, Uint8Array.of(0), 6, { firstMs: 2, lastMs: 18, threshold: 1 }, 20);
  expect(listOf(data, 0)).toEqual([
    { input: 1, atMs: 2 },
    { input: 4, atMs: 2 },
    { input: 3, atMs: 2 + (16 * 127) / 255 },
    { input: 5, atMs: 2 + (16 * 253) / 255 },
  ]);
});

test('a network that spikes without end is reported, not trained on', async () => {
  const one = trainer(
    config({
      init: [
        { mean: 60, sd: 1 },
        { mean: 0, sd: 1 },
      ],
    }),
    randomData(8, 12, 3, 1),
  );
  await expect(one.epoch({ rate: () => 0.01 })).rejects.toThrow(RunError);
});

test.each<[Partial<EventPropConfig>, RegExp]>([
  [{ time: 'grid' }, /data/],
  [{ recurrent: [null, null] }, /recurrent/],
  [{ neuron: { ...DEFAULT_NEURON, tauSMs: 25 } }, /τ_m/],
  [{ neuron: { ...DEFAULT_NEURON, steps: 10 } }, /window/],
  [{ neuron: { ...DEFAULT_NEURON, steps: 5000 } }, /window/],
  [{ time: 'grid', recurrent: [small] }, /exact/],
])('refuses %j, naming the field', (part, message) => {
  const data = randomData(4, 12, 3, 1);
  expect(() => new EventPropTrainer(config(part), data, data)).toThrow(UsageError);
  expect(() => new EventPropTrainer(config(part), data, data)).toThrow(message);
});

test('booking the changes of each weight changes none of them', async () => {
  const data = randomData(16, 12, 3, 2);
  const [booked, bare] = [true, false].map((ledger) => trainer(config({ optimiser: ADAM, ledger }), data));
  for (const one of [booked, bare])
    for (let epoch = 0; epoch < 3; epoch++) await one.epoch({ rate: () => 0.01 });
  expect(bare.weights(0)).toEqual(booked.weights(0));
  expect(bare.weights(1)).toEqual(booked.weights(1));
  await expect(bare.ledger('net')).rejects.toThrow(/no ledger/);
});
