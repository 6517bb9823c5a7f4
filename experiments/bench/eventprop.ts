import { median, min } from 'simple-statistics';
import {
  encodeImages,
  encodeImageTimes,
  latencyClassifier,
} from '../../models/networks/latency-classifier.js';
import { Stopwatch } from '../../src/cli/bench/stopwatch.js';
import { defineBench } from '../../src/cli/define-bench.js';
import { subset } from '../../src/data/images.js';
import { loadMnist } from '../../src/data/mnist.js';
import { z } from '../../src/index.js';
import type { EventPropConfig } from '../../src/learning/eventprop/config.js';
import type { SpikeData } from '../../src/learning/eventprop/encode.js';
import type { TimedSpikes } from '../../src/learning/eventprop/exact/timed-spikes.js';
import { PlasticTrainer } from '../../src/learning/eventprop/plastic-trainer.js';
import { EventPropTrainer } from '../../src/learning/eventprop/trainer.js';
import { policyName, policyNamed } from '../../src/plasticity/named.js';
import { parsePolicy } from '../../src/plasticity/policy.js';

const options = z.strictObject({
  hidden: z.array(z.int().min(1)).min(1).default([128]).describe('units of each hidden layer'),
  threads: z.int().min(1).default(1).describe('worker threads'),
  epochs: z.int().min(1).default(4).describe('epochs; the time is that of the fastest'),
  samples: z.int().min(100).max(60_000).default(60_000).describe('training images'),
  batch: z.int().min(1).default(32).describe('images a step'),
  learningRate: z.number().positive().default(0.01).describe('of Adam, falling as a half cosine'),
  inputDropout: z.number().min(0).max(0.9).default(0).describe('share of input spikes left out in training'),
  seed: z.int().min(0).default(1).describe('seed of weights, order and dropout'),
  exact: z.boolean().default(false).describe('from event to event, spike times without a time grid'),
  policy: z
    .string()
    .default('dense')
    .describe('also measure learning under a policy on the grid: lazy, compete, cache, with + between them'),
  recurrentSd: z
    .number()
    .min(0)
    .default(0)
    .describe('spread of weights among the units of a hidden layer (0: none)'),
});

/** EventProp on MNIST: forward, backward and update of whole epochs. */
export default defineBench({
  description: 'train a spiking classifier on MNIST by EventProp: seconds an epoch, and what it learns',
  options,
  async run(
    { hidden, threads, epochs, samples, batch, learningRate, inputDropout, seed, exact, recurrentSd, policy },
    { progress, signal },
  ) {
    const chosen = policyName(policy, 'bench.policy');
    const { pixels, classes, train, test } = loadMnist();
    const data = samples < train.count ? subset(train, samples, seed) : train;
    const network = latencyClassifier({
      inputs: pixels,
      hidden,
      classes,
      batch,
      inputDropout,
      seed,
      threads,
      time: exact ? 'exact' : 'grid',
      recurrentSd,
    });
    const encode = exact ? encodeImageTimes : encodeImages;
    const trainer = new EventPropTrainer(network, encode(data, pixels), encode(test, pixels));
    try {
      const steps = epochs * Math.ceil(samples / batch);
      const rate = (step: number) => (learningRate / 2) * (1 + Math.cos((Math.PI * step) / steps));
      const seconds: number[] = [];
      const cpuSeconds: number[] = [];
      for (let epoch = 0; epoch < epochs; epoch++) {
        const start = performance.now();
        const cpuStart = process.cpuUsage();
        await trainer.epoch({
          rate,
          signal,
          progress: (done) => progress(epoch * samples + done, epochs * samples, `epoch ${epoch + 1}`),
        });
        seconds.push((performance.now() - start) / 1000);
        const { user, system } = process.cpuUsage(cpuStart);
        cpuSeconds.push((user + system) / 1e6);
      }
      const { accuracy, inputSpikesPerSample, hiddenSpikesPerSample } = await trainer.evaluate();
      const { layers } = await trainer.ledger('bench');
      const changes = layers.reduce((sum, layer) => sum + total(layer.changes?.l0 ?? []), 0);
      const ledgerShare = await shareOfLedger(
        network,
        encode(subset(train, SHARE_SAMPLES, seed), pixels),
        learningRate,
      );
      const events = layers.reduce(
        (sum, { sources, targets, ...layer }) =>
          sum + (layer.channel === 'spike' ? targets * total(layer.inferenceSpikes) : 0),
        0,
      );
      return {
        secondsPerEpoch: min(seconds),
        // Time of the processor over all threads: what a busy machine cannot stretch by making us wait.
        cpuSecondsPerEpoch: min(cpuSeconds),
        samplesPerS: samples / min(seconds),
        // Δw written, all epochs.
        changesPerS: changes / seconds.reduce((sum, s) => sum + s, 0),
        changesPerSample: changes / (epochs * samples),
        // Nothing is selected here: every proposed change is written.
        ledgerShare,
        ...(chosen === 'dense'
          ? {}
          : underPolicy(
              chosen,
              network,
              encodeImages(subset(train, SHARE_SAMPLES, seed), pixels),
              learningRate,
            )),
        microsecondsPerSample: (1e6 * min(seconds)) / samples,
        eventsPerSample: events / test.count,
        inputSpikesPerSample,
        hiddenSpikesPerSample,
        testAccuracy: accuracy,
        epochs,
        samples,
        hidden,
        threads,
        seed,
        time: exact ? 'exact' : 'grid',
        secondsOfEachEpoch: seconds,
      };
    } finally {
      await trainer.close();
    }
  },
});

const SHARE_SAMPLES = 4000;
const SHARE_ROUNDS = 9;

/**
 * Share of the processor's time that booking every change of a weight takes: epochs with and without it in turn,
 * median of the pairs.
 */
async function shareOfLedger(
  network: EventPropConfig,
  data: SpikeData | TimedSpikes,
  rate: number,
): Promise<number> {
  const trainers = [true, false].map((ledger) => new EventPropTrainer({ ...network, ledger }, data, data));
  try {
    const shares: number[] = [];
    for (let round = 0; round < SHARE_ROUNDS; round++) {
      const times: number[] = [];
      for (const trainer of trainers) {
        const start = process.cpuUsage();
        await trainer.epoch({ rate: () => rate });
        const { user, system } = process.cpuUsage(start);
        times.push(user + system);
      }
      shares.push(1 - times[1] / times[0]);
    }
    return median(shares);
  } finally {
    await Promise.all(trainers.map((trainer) => trainer.close()));
  }
}

/**
 * Learning under a policy, p = 0.1, θ = 0.05, confidence 0.9, on one thread: its speed, and the shares of ledger and
 * selection and of the cache. Median of epochs after the first.
 */
function underPolicy(name: string, network: EventPropConfig, data: SpikeData, rate: number) {
  const watch = new Stopwatch();
  const policy = parsePolicy(policyNamed(name, { confidence: 0.9, fraction: 0.1, threshold: 0.05, tau: 0 }));
  const config: EventPropConfig = { ...network, time: 'grid', threads: 1 };
  const trainer = new PlasticTrainer(config, data, data, policy, {
    instrument: (kernels) => watch.around(kernels),
  });
  const batches = Math.ceil(data.count / network.batch);
  const rows = Array.from({ length: SHARE_ROUNDS }, () => {
    watch.reset();
    const started = performance.now();
    trainer.learn(batches, () => rate);
    const ms = performance.now() - started;
    const { tally = 0, compete = 0, consolidate = 0 } = watch.shares(ms);
    return { microseconds: (1000 * ms) / data.count, chosen: tally + compete, cache: consolidate };
  }).slice(1);
  const of = (value: (row: (typeof rows)[number]) => number) => median(rows.map(value));
  return {
    policy: name,
    policyMicrosecondsPerSample: of((row) => row.microseconds),
    policyShareOfLedgerAndSelection: of((row) => row.chosen),
    policyShareOfCache: of((row) => row.cache),
  };
}

function total(values: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k];
  return sum;
}
