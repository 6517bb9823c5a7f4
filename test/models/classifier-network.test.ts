import { beforeAll, describe, expect, test } from 'vitest';
import { spikeListsKernel } from '../../kernels/spike-lists/index.js';
import { unitCoefficients } from '../../kernels/spiking-layer/coefficients.js';
import { layerForward, windowPlaces, workBytesOf } from '../../kernels/spiking-layer/forward.js';
import { BLOCK, blocksOf } from '../../kernels/spiking-layer/index.js';
import {
  type ClassifierNetwork,
  inSixteenBits,
  type Presentation,
  presentImages,
  toNetwork,
} from '../../models/networks/classifier-network.js';
import { encodeImages, latencyClassifier } from '../../models/networks/latency-classifier.js';
import { subset } from '../../src/data/images.js';
import { loadMnist } from '../../src/data/mnist.js';
import { energyFj, makeBill } from '../../src/energy/bill.js';
import type { Ledger } from '../../src/energy/ledger.js';
import { loadTariff } from '../../src/energy/tariff.js';
import type { EventPropConfig } from '../../src/learning/eventprop/config.js';
import type { SpikeData } from '../../src/learning/eventprop/encode.js';
import { type EvaluationResult, EventPropTrainer } from '../../src/learning/eventprop/trainer.js';

const { train, test: unseen, pixels } = loadMnist();
const images = encodeImages(subset(unseen, 250, 1), pixels);

/**
 * The spikes of the hidden layers, image by image, as "image/layer/step/neuron": from the trainer's own kernels.
 * @param weights of each projection, [sources][targets]
 */
function trainerSpikes(config: EventPropConfig, weights: readonly Float64Array[], data: SpikeData): string[] {
  const memory = new WebAssembly.Memory({ initial: 64, maximum: 64, shared: true });
  const { steps } = config.neuron;
  let next = 64;
  const take = (bytes: number) => {
    const at = next;
    next += 64 * Math.ceil(bytes / 64);
    return at;
  };
  const hidden = config.sizes.slice(1, -1).map((targets, l) => {
    const sources = 16 * blocksOf(config.sizes[l]);
    const at = take(4 * BLOCK * blocksOf(targets) * sources);
    const blocked = new Float32Array(memory.buffer, at, BLOCK * blocksOf(targets) * sources);
    weights[l].forEach((weight, k) => {
      const [i, j] = [Math.floor(k / targets), k % targets];
      blocked[(Math.floor(j / BLOCK) * sources + i) * BLOCK + (j % BLOCK)] = weight;
    });
    return { neurons: targets, sources, blocks: blocksOf(targets), weights: at };
  });
  const most = Math.max(...hidden.map(({ blocks }) => blocks));
  const [readoutGain, coefficients] = [take(4 * steps), take(64)];
  const [work, arrivals] = [take(workBytesOf(most, steps)), take(4 * 16 * most * steps)];
  const [drive, counts] = [take(4 * 16 * most), take(4 * 16 * most)];
  const constants = unitCoefficients(config.neuron);
  new Float32Array(memory.buffer, coefficients).set(constants);
  const forward = layerForward(memory, { ...config.neuron, ...config, coefficients, readoutGain });
  const lists = spikeListsKernel(memory);
  const list = [0, 1].map(() => ({ starts: take(2 * (steps + 1)), spikes: take(2 * 20_000) }));
  const u16 = (at: number, length: number) => new Uint16Array(memory.buffer, at, length);
  const found: string[] = [];
  for (let s = 0; s < data.count; s++) {
    u16(list[0].starts, steps + 1).set(data.starts.subarray(s * (steps + 1), (s + 1) * (steps + 1)));
    const own = data.spikes.subarray(data.offsets[s], data.offsets[s + 1]);
    u16(list[0].spikes, own.length).set(own);
    hidden.forEach(({ neurons, sources, blocks, weights: at }, l) => {
      const [from, to] = [list[l % 2], list[(l + 1) % 2]];
      const window = windowPlaces(work, blocks, steps);
      forward({ neurons, sources, blocks, weights: at, loop: null, window, arrivals, counts }, from, drive);
      const { spikeCounts, spikeLists, listBytes } = window;
      lists.oneStepLater(steps, spikeCounts, spikeLists, listBytes, to.starts, to.spikes);
      for (let k = 0; k < steps; k++) {
        const sent = new Uint32Array(memory.buffer, spikeCounts, steps)[k];
        for (const neuron of new Uint32Array(memory.buffer, spikeLists + k * listBytes, sent))
          found.push(`${s}/${l}/${k}/${neuron}`);
      }
    });
  }
  return found.sort();
}

/** The same of a network that was simulated. */
function simulatedSpikes({ hidden, every, starts }: ClassifierNetwork, { spikes }: Presentation): string[] {
  const found: string[] = [];
  hidden.forEach((population, l) => {
    const first = spikes.first.get(population)!;
    spikes.neurons.forEach((neuron, k) => {
      if (neuron < first || neuron >= first + population.size) return;
      const since = spikes.steps[k] - starts[l];
      found.push(`${Math.floor(since / every)}/${l}/${since % every}/${neuron - first}`);
    });
  });
  return found.sort();
}

describe.each([{ hidden: [100] }, { hidden: [64, 48] }])(
  'a classifier with hidden layers $hidden',
  ({ hidden }) => {
    const config = latencyClassifier({
      inputs: pixels,
      hidden,
      classes: 10,
      batch: 32,
      inputDropout: 0,
      seed: 3,
      threads: 1,
    });
    let converted: ClassifierNetwork;
    let simulated: Presentation;
    let trained: Float64Array[];
    let asTrained: EvaluationResult;
    let evaluated: EvaluationResult;
    let ledger: Ledger;

    beforeAll(async () => {
      const trainer = new EventPropTrainer(config, encodeImages(subset(train, 4000, 1), pixels), images);
      for (let epoch = 0; epoch < 2; epoch++) await trainer.epoch({ rate: () => 0.005 });
      asTrained = await trainer.evaluate();
      trained = config.sizes.slice(1).map((_, p) => Float64Array.from(trainer.weights(p)));
      await trainer.close();
      converted = toNetwork(config, trained, images);
      simulated = await presentImages(converted);
      const rounded = new EventPropTrainer(config, images, images);
      for (const [p, weights] of converted.weights.entries()) rounded.setWeights(p, weights);
      evaluated = await rounded.evaluate();
      ledger = await rounded.ledger('trainer');
      await rounded.close();
    });

    test('learns', () => {
      expect(asTrained.accuracy).toBeGreaterThan(0.75);
    });

    test('has weights of sixteen bits, each within half a quantum of the trained one', () => {
      for (const [p, weights] of converted.weights.entries()) {
        const largest = trained[p].reduce((most, w) => Math.max(most, Math.abs(w)), 0);
        const quantum = 2 ** Math.ceil(Math.log2(largest / 32_767));
        const wrong = weights.filter(
          (weight, k) =>
            !Number.isInteger(weight / quantum) || Math.abs(weight - trained[p][k]) > quantum / 2,
        );
        expect(wrong).toHaveLength(0);
      }
    });

    test('sends the very spikes of the trainer, neuron by neuron and step by step', () => {
      const spikes = trainerSpikes(config, converted.weights, images);
      expect(spikes.length).toBeGreaterThan(40 * images.count);
      expect(simulatedSpikes(converted, simulated)).toEqual(spikes);
    });

    test('gives the answers of the trainer, and of the weights before they were rounded', () => {
      expect(simulated.answers).toEqual(evaluated.answers);
      // Images on which rounding could decide are few.
      const changed = asTrained.answers.filter((answer, s) => answer !== simulated.answers[s]).length;
      expect(changed).toBeLessThanOrEqual(images.count / 100);
    });

    test('has its ledger, layer by layer, and its bill on every tariff that prices it', () => {
      expect(simulated.ledger.inferences).toBe(ledger.inferences);
      expect(simulated.ledger.layers).toHaveLength(ledger.layers.length);
      const counts = ({ layers }: Ledger) =>
        layers.map((layer) => {
          if (layer.channel !== 'spike') throw new Error('spikes alone');
          const { name, sources, targets, inferenceSpikes } = layer;
          const { inferenceNeuronUpdates, inferenceTargetSpikes } = layer;
          return { name, sources, targets, inferenceSpikes, inferenceNeuronUpdates, inferenceTargetSpikes };
        });
      expect(counts(simulated.ledger)).toEqual(counts(ledger));
      for (const name of ['biology-marginal', 'biology-marginal-with-spike', 'loihi', '45nm-int8']) {
        const price = (of: Ledger) => energyFj(makeBill(of, loadTariff(name)), { phases: ['inference'] });
        expect(price(ledger), name).not.toBeNull();
        expect(price(simulated.ledger), name).toEqual(price(ledger));
      }
    });

    test('does the same on two threads', async () => {
      const again = await presentImages(converted, { threads: 2 });
      expect(again.spikes.steps).toEqual(simulated.spikes.steps);
      expect(again.spikes.neurons).toEqual(simulated.spikes.neurons);
      expect(again.potentials).toEqual(simulated.potentials);
    });
  },
);

test('a classifier in exact time is refused: an engine has a grid', () => {
  const config = latencyClassifier({
    inputs: pixels,
    hidden: [4],
    classes: 10,
    batch: 1,
    inputDropout: 0,
    seed: 1,
    threads: 1,
    time: 'exact',
  });
  expect(() => toNetwork(config, [], images)).toThrow('time: the network keeps exact time');
});

test('where many small weights end at one target, the sum sets the quantum', () => {
  const weights = new Float64Array(100_000).fill(0.9);
  const rounded = inSixteenBits(weights, 1);
  // 100,000 sums of at most 2^24 quanta: a quantum of at least 0.0054, so 2^-7.
  expect(rounded[0]).toBe(Math.round(0.9 * 2 ** 7) / 2 ** 7);
  expect(inSixteenBits([0, 0], 2)).toEqual(new Float64Array(2));
});
