import { min } from 'simple-statistics';
import {
  type ClassifierNetwork,
  presentImages,
  toNetwork,
} from '../../models/networks/classifier-network.js';
import { encodeImages, latencyClassifier } from '../../models/networks/latency-classifier.js';
import { defineBench } from '../../src/cli/define-bench.js';
import { subset } from '../../src/data/images.js';
import { loadMnist } from '../../src/data/mnist.js';
import type { Ledger } from '../../src/energy/ledger.js';
import { EventPropTrainer, simulate, z } from '../../src/index.js';

const ROUNDS = 5;

const options = z.strictObject({
  hidden: z.array(z.int().min(1)).min(1).default([128]).describe('units of each hidden layer'),
  samples: z.int().min(100).max(60_000).default(10_000).describe('training images'),
  images: z.int().min(1).max(10_000).default(2000).describe('test images that both are shown'),
  epochs: z.int().min(1).default(2).describe('epochs of training'),
  seed: z.int().min(0).default(1).describe('seed of weights and order'),
});

/** One network, run by its trainer and by the event engine. */
export default defineBench({
  description:
    'show a trained classifier images in its trainer and in the event engine: what differs, and the time',
  options,
  async run({ hidden, samples, images: count, epochs, seed }, { progress, signal }) {
    const { pixels, classes, train, test } = loadMnist();
    const images = encodeImages(subset(test, count, seed), pixels);
    const learnt = encodeImages(subset(train, samples, seed), pixels);
    const config = latencyClassifier({
      inputs: pixels,
      hidden,
      classes,
      batch: 32,
      inputDropout: 0,
      seed,
      threads: 1,
    });
    const trainer = new EventPropTrainer(config, learnt, images);
    try {
      for (let epoch = 0; epoch < epochs; epoch++)
        await trainer.epoch({
          rate: () => 0.005,
          signal,
          progress: (done) => progress(epoch * samples + done, epochs * samples, `epoch ${epoch + 1}`),
        });
      const { answers: asTrained, accuracy } = await trainer.evaluate();
      const weights = config.sizes.slice(1).map((_, p) => trainer.weights(p));
      const network = toNetwork(config, weights, images);
      for (const [p, rounded] of network.weights.entries()) trainer.setWeights(p, rounded);
      const before = await trainer.ledger('before');
      const { answers } = await trainer.evaluate();
      const ledger = await trainer.ledger('after');
      const simulated = await presentImages(network, { signal });
      const differing = (a: ArrayLike<number>, b: ArrayLike<number>) =>
        Array.from(a).filter((value, i) => value !== b[i]).length;
      const times = { trainer: [] as number[], engine: [] as number[] };
      for (let round = 0; round < ROUNDS; round++) {
        progress(round, ROUNDS, 'timing');
        times.trainer.push(await cpuSeconds(() => trainer.evaluate()));
        times.engine.push(await secondsOfRun(network, signal));
      }
      const [inTrainer, inEngine] = [min(times.trainer), min(times.engine)];
      return {
        hidden,
        images: count,
        accuracy,
        // Of sixteen bits a weight.
        answersChangedByRounding: differing(asTrained, answers),
        answersThatDiffer: differing(answers, simulated.answers),
        countsThatDiffer: differing(
          countsOf(simulated.ledger),
          countsOf(ledger).map((n, i) => n - countsOf(before)[i]),
        ),
        trainerMicrosecondsPerImage: (1e6 * inTrainer) / count,
        engineMicrosecondsPerImage: (1e6 * inEngine) / count,
        ratio: inEngine / inTrainer,
        seed,
      };
    } finally {
      await trainer.close();
    }
  },
});

/** Spikes of every neuron, and updates and spikes of every layer. */
function countsOf({ layers }: Ledger): number[] {
  return layers.flatMap((layer) =>
    layer.channel === 'spike'
      ? [...layer.inferenceSpikes, layer.inferenceNeuronUpdates, layer.inferenceTargetSpikes]
      : [],
  );
}

async function secondsOfRun(
  { network, images, every, starts }: ClassifierNetwork,
  signal: AbortSignal,
): Promise<number> {
  const simulation = await simulate(network, { signal });
  try {
    const steps = images * every + starts[starts.length - 1];
    return await cpuSeconds(() => simulation.run(steps * network.dtMs));
  } finally {
    await simulation.close();
  }
}

/** Processor time of all threads. */
async function cpuSeconds(work: () => Promise<unknown>): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}
