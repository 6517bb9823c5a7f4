import { encodeImages, latencyClassifier } from '../../models/networks/latency-classifier.js';
import type { DenseData } from '../../src/baseline/dense.js';
import { garments } from '../../src/data/garments.js';
import { type FeatureSet, type ImageData, type ImageSet, subset } from '../../src/data/images.js';
import { loadMnist } from '../../src/data/mnist.js';
import { yinYang } from '../../src/data/yin-yang.js';
import type { EventPropConfig } from '../../src/learning/eventprop/config.js';
import { encodeLatency, type SpikeData } from '../../src/learning/eventprop/encode.js';

export const TASKS = ['MNIST', 'garments', 'Yin-Yang'] as const;
export type TaskName = (typeof TASKS)[number];

/** One task as each kind of network sees it. */
export interface Task {
  name: TaskName;
  steps: number;
  spikes: { train: SpikeData; test: SpikeData };
  dense: DenseData;
  inputs: number;
  classes: number;
  biases: boolean;
  epochs: number;
  batch: number;
  rates: { spiking: number; dense: number };
  network(hidden: number, seed: number, threads: number): EventPropConfig;
}

export interface TaskSizes {
  samples: number;
  testSamples: number;
  epochs: number;
  yinYangSamples: number;
  yinYangEpochs: number;
}

export function makeTask(name: TaskName, sizes: TaskSizes, seed: number): Task {
  if (name === 'Yin-Yang') return yinYangTask(sizes, seed);
  const { samples, testSamples } = sizes;
  return imageTask(name, name === 'MNIST' ? loadMnist() : garments(samples, testSamples, seed), sizes, seed);
}

function imageTask(
  name: TaskName,
  data: ImageData,
  { samples, testSamples, epochs }: TaskSizes,
  seed: number,
): Task {
  const part = (set: ImageSet, count: number) => (count < set.count ? subset(set, count, seed) : set);
  const [train, test] = [part(data.train, samples), part(data.test, testSamples)];
  const { pixels: inputs, classes } = data;
  const batch = 32;
  return {
    name,
    steps: 20,
    spikes: { train: encodeImages(train, inputs), test: encodeImages(test, inputs) },
    dense: { train, test, classes },
    inputs,
    classes,
    biases: false,
    epochs,
    batch,
    rates: { spiking: 0.004, dense: 0.05 },
    network: (hidden, networkSeed, threads) =>
      latencyClassifier({
        inputs,
        hidden: [hidden],
        classes,
        batch,
        inputDropout: 0,
        seed: networkSeed,
        threads,
      }),
  };
}

/** A window of 30 ms in steps of 0.5: the four features spike between 2 and 26 ms, a bias neuron at 2 ms. */
const [STEPS, DT_MS, FIRST_MS, LAST_MS] = [60, 0.5, 2, 26];

function yinYangTask({ yinYangSamples, yinYangEpochs }: TaskSizes, seed: number): Task {
  const train = yinYang(yinYangSamples, `${seed}/train`);
  const test = yinYang(1000, `${seed}/test`);
  return {
    name: 'Yin-Yang',
    steps: STEPS,
    spikes: { train: encodeFeatures(train), test: encodeFeatures(test) },
    dense: { train, test, classes: 3 },
    inputs: 4,
    classes: 3,
    // The bias neuron of the spiking network has its like in the dense one.
    biases: true,
    epochs: yinYangEpochs,
    batch: 20,
    rates: { spiking: 0.006, dense: 0.05 },
    network: (hidden, networkSeed, threads) => ({
      ...latencyClassifier({
        inputs: 5,
        hidden: [hidden],
        classes: 3,
        batch: 20,
        inputDropout: 0,
        seed: networkSeed,
        threads,
      }),
      neuron: { tauMMs: 20, tauSMs: 5, theta: 1, dtMs: DT_MS, steps: STEPS },
      // Five spikes must do what a hundred and fifty do for a digit (mlGeNN's Yin-Yang example: N(1.5, 0.78)).
      init: [
        { mean: 1.5, sd: 0.78 },
        { mean: 0, sd: 0.34 / Math.sqrt(hidden) },
      ],
    }),
  };
}

/** The features in 256 levels, as latencies; the fifth input spikes first and always. */
function encodeFeatures({ features, labels, count }: FeatureSet): SpikeData {
  const values = new Uint8Array(5 * count);
  for (let s = 0; s < count; s++) {
    for (let i = 0; i < 4; i++) values[5 * s + i] = Math.round(255 * features[4 * s + i]);
    values[5 * s + 4] = 255;
  }
  const stepOf = Int16Array.from({ length: 256 }, (_, x) =>
    Math.round((FIRST_MS + ((LAST_MS - FIRST_MS) * (255 - x)) / 255) / DT_MS),
  );
  return encodeLatency(values, labels, 5, stepOf, STEPS);
}
