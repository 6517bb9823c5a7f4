import { median } from 'simple-statistics';
import { z } from 'zod';
import { selectBackend } from '../../baseline/backend.js';
import { denseOptions } from '../../baseline/dense-options.js';
import { trainDenseMany } from '../../baseline/dense-pool.js';
import { subset } from '../../data/images.js';
import { loadMnist } from '../../data/mnist.js';
import { defineBench } from '../define-bench.js';

const { epochs, batch, optimiser, learningRate, momentum, inputDropout, biases, countChanges } =
  denseOptions.shape;

const options = z.strictObject({
  hidden: z.int().min(1).default(350).describe('hidden units'),
  samples: z
    .int()
    .min(1)
    .max(60_000)
    .default(60_000)
    .describe('training digits; a balanced subset if fewer than all'),
  epochs,
  batch,
  optimiser,
  learningRate,
  momentum,
  inputDropout,
  biases,
  countChanges,
  backend: z
    .enum(['auto', 'tensorflow', 'webgpu', 'wasm', 'cpu'])
    .default('auto')
    .describe('backend of tfjs'),
  threads: z.int().min(1).default(1).describe('networks trained at once'),
  seeds: z.int().min(1).default(3).describe('networks to train, of seeds 1, 2, …'),
});

/** How accurate a dense network becomes on MNIST, and how long that takes. */
export default defineBench({
  description: 'train 784-H-10 on MNIST by back-propagation: test accuracy and time',
  options,
  async run({ hidden, samples, backend, threads, seeds, ...training }, { signal, progress }) {
    const { used } = await selectBackend(backend);
    const mnist = loadMnist();
    const train = samples < mnist.train.count ? subset(mnist.train, samples, 1) : mnist.train;
    const networks = Array.from({ length: seeds }, (_, i) => ({
      sizes: [mnist.pixels, hidden, mnist.classes],
      seed: i + 1,
      test: 'last epoch' as const,
      ...training,
    }));
    const start = performance.now();
    const results = await trainDenseMany(
      networks,
      { ...mnist, train },
      {
        backend: used,
        threads,
        signal,
        progress: (done, total) => progress(done, total, `dense 784-${hidden}-10`),
      },
    );
    const seconds = (performance.now() - start) / 1000;
    const accuracies = results.map(({ accuracy }) => accuracy[0]);
    return {
      backend: used,
      hidden,
      samples,
      ...training,
      threads,
      seeds,
      testAccuracy: median(accuracies),
      accuracies,
      seconds,
      secondsPerNetwork: seconds / seeds,
      secondsPerEpoch: seconds / seeds / training.epochs,
    };
  },
});
