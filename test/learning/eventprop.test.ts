import { describe, expect, test } from 'vitest';
import * as reference from '../../kernels/spiking-layer/reference.js';
import { ADAM, DEFAULT_NEURON, type EventPropConfig } from '../../src/learning/eventprop/config.js';
import type { SpikeData } from '../../src/learning/eventprop/encode.js';
import { readoutGains } from '../../src/learning/eventprop/neuron.js';
import { EventPropTrainer } from '../../src/learning/eventprop/trainer.js';
import { InterruptedError, RunError, UsageError } from '../../src/util/errors.js';
import { stream } from '../../src/util/rng.js';
import { closing } from '../closing.js';

const opened = closing<EventPropTrainer>();
const trainer = (config: EventPropConfig, train: SpikeData, test = train) =>
  opened(new EventPropTrainer(config, train, test));

const config = (part: Partial<EventPropConfig>): EventPropConfig => ({
  sizes: [12, 20, 3],
  neuron: DEFAULT_NEURON,
  init: (part.sizes ?? [12, 20, 3]).slice(1).map(() => ({ mean: 1.2, sd: 0.8 })),
  kappa: 4,
  slopeFloor: 1e-3,
  optimiser: { kind: 'sgd' },
  batch: 8,
  inputDropout: 0,
  seed: 1,
  threads: 1,
  ...part,
});

/** Random latencies, one spike from most inputs, with random labels. */
function randomData(count: number, sources: number, classes: number, seed: number): SpikeData {
  const { uniform, integer } = stream(seed, 'data');
  const steps = DEFAULT_NEURON.steps;
  const offsets = [0];
  const starts: number[] = [];
  const spikes: number[] = [];
  for (let s = 0; s < count; s++) {
    const latency = Array.from({ length: sources }, () => (uniform() < 0.8 ? integer(12) : -1));
    let sum = 0;
    for (let k = 0; k <= steps; k++) {
      starts.push(sum);
      for (let i = 0; i < sources; i++) if (latency[i] === k) spikes.push(i);
      sum += latency.filter((l) => l === k).length;
    }
    offsets.push(offsets[s] + sum);
  }
  return {
    sources,
    steps,
    count,
    offsets: Uint32Array.from(offsets),
    starts: Uint16Array.from(starts),
    spikes: Uint16Array.from(spikes),
    labels: Uint8Array.from({ length: count }, () => integer(classes)),
  };
}

const listOf = (data: SpikeData, sample: number): number[][] =>
  Array.from({ length: data.steps }, (_, k) => {
    const from = data.starts[sample * (data.steps + 1) + k];
    const to = data.starts[sample * (data.steps + 1) + k + 1];
    return Array.from(data.spikes.slice(data.offsets[sample] + from, data.offsets[sample] + to));
  });

/** Loss, gradient and spikes of one sample, from the reference layers: the network as the equations state it. */
function referenceSample(net: EventPropConfig, weights: Float32Array[], input: number[][], label: number) {
  const hidden = net.sizes.length - 2;
  const shapes = net.init.map((_, l) => ({
    sources: net.sizes[l],
    targets: net.sizes[l + 1],
    slopeFloor: net.slopeFloor,
    ...net.neuron,
  }));
  const { readoutGain, errorGain } = readoutGains(net.neuron, net.kappa);
  let next = hidden + 1;
  const at = Array.from({ length: hidden }, (_, l) => (net.recurrent?.[l] ? next++ : -1));
  const loops = at.map((p) => (p < 0 ? null : weights[p]));
  const inputs = [input];
  const windows: reference.LayerWindow[] = [];
  for (let l = 0; l < hidden; l++) {
    windows.push(reference.forward(shapes[l], inputs[l], weights[l], loops[l]));
    inputs.push([[], ...windows[l].spikes.slice(0, -1)]);
  }
  const outputs = net.sizes[hidden + 1];
  const last = windows[hidden - 1].spikes;
  const answer = new Float64Array(outputs);
  last.forEach((sent, k) => {
    for (const n of sent)
      for (let o = 0; o < outputs; o++) answer[o] += readoutGain[k] * weights[hidden][n * outputs + o];
  });
  const sum = answer.reduce((total, z) => total + Math.exp(z), 0);
  const error = answer.map((z, o) => Math.exp(z) / sum - (o === label ? 1 : 0));
  const gradients: Float64Array[] = [];
  gradients[hidden] = new Float64Array(weights[hidden].length);
  let spikeError: ArrayLike<number>[] = last.map((sent, k) => {
    const e = new Float64Array(net.sizes[hidden]);
    for (const n of sent) {
      for (let o = 0; o < outputs; o++) {
        gradients[hidden][n * outputs + o] += readoutGain[k] * error[o];
        e[n] += errorGain[k] * weights[hidden][n * outputs + o] * error[o];
      }
    }
    return e;
  });
  for (let l = hidden - 1; l >= 0; l--) {
    const adjoint = reference.backward(shapes[l], windows[l], spikeError, loops[l]);
    if (loops[l]) gradients[at[l]] = reference.recurrentGradient(shapes[l], windows[l], adjoint);
    gradients[l] = reference.weightGradient(shapes[l], inputs[l], adjoint);
    if (l > 0) spikeError = reference.backproject(shapes[l], windows[l - 1].spikes, weights[l], adjoint);
  }
  return { loss: Math.log(sum) - answer[label], gradients, spikes: windows.map(({ spikes }) => spikes) };
}

const LOOP = { mean: 0, sd: 0.2 };

describe.each([
  { sizes: [12, 20, 3] },
  { sizes: [12, 20, 18, 3] },
  { sizes: [12, 9, 33, 17, 20] },
  { sizes: [12, 20, 3], recurrent: [LOOP] },
  { sizes: [12, 20, 33, 3], recurrent: [null, LOOP] },
  { sizes: [12, 20, 18, 3], recurrent: [LOOP, LOOP] },
])('a network of $sizes, recurrent $recurrent', ({ sizes, recurrent }) => {
  const projections = sizes.length - 1 + (recurrent ?? []).filter((init) => init !== null).length;
  const all = <T>(of: (p: number) => T) => Array.from({ length: projections }, (_, p) => of(p));

  test('learns the mean gradient of its batch, as the reference layers compute it', async () => {
    const net = config({ sizes, recurrent, kappa: 1, batch: 4 });
    const data = randomData(4, sizes[0], sizes[sizes.length - 1], 3);
    const one = trainer(net, data);
    const before = all((p) => one.weights(p));
    const samples = Array.from({ length: 4 }, (_, s) =>
      referenceSample(net, before, listOf(data, s), data.labels[s]),
    );
    const { loss } = await one.epoch({ rate: () => 0.05 });
    expect(loss).toBeCloseTo(samples.reduce((sum, sample) => sum + sample.loss, 0) / 4, 5);
    for (const [l, old] of before.entries()) {
      const now = one.weights(l);
      const learned = old.map((w, i) => (w - now[i]) / 0.05);
      const gradient = old.map(
        (_, i) => samples.reduce((sum, sample) => sum + sample.gradients[l][i], 0) / 4,
      );
      const largest = Math.max(...gradient.map(Math.abs));
      expect(largest).toBeGreaterThan(0);
      expect(learned).toBeAllclose(gradient, { rtol: 1e-3, atol: 2e-4 * largest + 3e-6 });
    }
  });

  test('books the spikes that the reference counts', async () => {
    const net = config({ sizes, recurrent });
    const data = randomData(50, sizes[0], 3, 4);
    const one = trainer(net, data);
    const weights = all((p) => one.weights(p));
    await one.evaluate();
    const { layers, inferences } = await one.ledger('net');
    expect(inferences).toBe(50);
    const counted = sizes.slice(0, -1).map((n) => new Float64Array(n));
    for (let s = 0; s < data.count; s++) {
      const input = listOf(data, s);
      const { spikes } = referenceSample(net, weights, input, 0);
      for (const [l, sent] of [input, ...spikes].entries()) for (const n of sent.flat()) counted[l][n]++;
    }
    const loopsAt = (recurrent ?? []).flatMap((init, h) => (init ? [h + 1] : []));
    for (const [p, layer] of layers.entries()) {
      const source = p < sizes.length - 1 ? p : loopsAt[p - sizes.length + 1];
      expect(layer.channel === 'spike' && Array.from(layer.inferenceSpikes)).toEqual(
        Array.from(counted[source]),
      );
      expect(layer.channel === 'spike' && layer.inferenceNeuronUpdates).toBe(
        p < sizes.length - 1 ? 50 * sizes[p + 1] * data.steps : 0,
      );
    }
  });

  test('the same seed gives the same weights and counts with 1, 2, 3 and 8 threads', async () => {
    const data = randomData(100, sizes[0], 3, 5);
    const results = [];
    for (const threads of [1, 2, 3, 8]) {
      const one = trainer(config({ sizes, recurrent, optimiser: ADAM, inputDropout: 0.2, threads }), data);
      for (let epoch = 0; epoch < 3; epoch++) await one.epoch({ rate: () => 0.01 });
      await one.evaluate();
      results.push({
        weights: all((p) => one.weights(p)),
        ledger: await one.ledger('net'),
      });
    }
    for (const result of results.slice(1)) expect(result).toEqual(results[0]);
  });
});

test('L0 and L1 of the ledger are the changes that the weights went through', async () => {
  const net = config({ optimiser: ADAM, batch: 8 });
  const data = randomData(8, 12, 3, 6);
  const one = trainer(net, data);
  const l0 = [new Uint32Array(12 * 20), new Uint32Array(20 * 3)];
  const quanta = [new Float64Array(12 * 20), new Float64Array(20 * 3)];
  for (let step = 0; step < 300; step++) {
    const before = [one.weights(0), one.weights(1)];
    await one.epoch({ rate: () => 0.003 });
    for (const l of [0, 1]) {
      one.weights(l).forEach((w, i) => {
        if (w !== before[l][i]) l0[l][i]++;
        quanta[l][i] += Math.floor(
          Math.fround(Math.fround(Math.abs(Math.fround(w - before[l][i])) * 2 ** 24) + 0.5),
        );
      });
    }
  }
  const { layers } = await one.ledger('net');
  for (const l of [0, 1]) {
    expect(layers[l].changes?.steps).toBe(300);
    expect(Array.from(layers[l].changes!.l0)).toEqual(Array.from(l0[l]));
    expect(Array.from(layers[l].changes!.l1Quanta)).toEqual(Array.from(quanta[l]));
  }
});

test.each([null, LOOP])(
  'it learns: random patterns are told apart after some epochs; recurrent: %j',
  async (loop) => {
    const data = randomData(32, 30, 3, 7);
    const one = trainer(config({ sizes: [30, 64, 3], recurrent: [loop], optimiser: ADAM, threads: 2 }), data);
    const { accuracy: before } = await one.evaluate();
    for (let epoch = 0; epoch < 300; epoch++) await one.epoch({ rate: (step) => 0.02 / (1 + step / 400) });
    const { accuracy: after } = await one.evaluate();
    expect(before).toBeLessThan(0.7);
    expect(after).toBeGreaterThan(0.95);
  },
);

test('an aborted epoch rejects and leaves no worker behind', async () => {
  const one = trainer(config({ threads: 2 }), randomData(5000, 12, 3, 8));
  const controller = new AbortController();
  const epoch = one.epoch({ rate: () => 0.001, signal: controller.signal });
  controller.abort();
  await expect(epoch).rejects.toThrow(InterruptedError);
  await one.close();
  await expect(one.evaluate()).rejects.toThrow(RunError);
});

test('a learning rate that makes the weights jump is reported, not trained on', async () => {
  const one = trainer(config({ optimiser: ADAM }), randomData(64, 12, 3, 9));
  await expect(one.epoch({ rate: () => 5 })).rejects.toThrow(/diverged.*Lower the learning rate/);
});

test('weights that make a potential infinite are reported', async () => {
  const one = trainer(config({}), randomData(64, 12, 3, 9));
  one.setWeights(0, new Float32Array(one.config.sizes[0] * one.config.sizes[1]).fill(-3e38));
  await expect(one.evaluate()).rejects.toThrow(/a potential is not finite/);
});

test.each([
  [{ sizes: [12, 3] }, /sizes/],
  [{ sizes: [12, 0, 3] }, /sizes/],
  [{ sizes: [13, 20, 3] }, /data/],
  [{ sizes: [12, 20, 2] }, /label/],
  [{ threads: 9 }, /threads/],
  [{ batch: 0 }, /batch/],
])('refuses %j, naming the field', (part, message) => {
  const data = randomData(4, 12, 3, 1);
  data.labels[0] = 2;
  expect(() => new EventPropTrainer(config(part), data, data)).toThrow(UsageError);
  expect(() => new EventPropTrainer(config(part), data, data)).toThrow(message);
});
