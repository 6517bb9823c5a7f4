import { type BackendName, selectBackend } from '../baseline/backend.js';
import { type DenseOptions, trainDense } from '../baseline/dense.js';
import { type ImageData, type ImageSet, subset } from '../data/images.js';
import { loadMnist } from '../data/mnist.js';
import { pack } from '../experiment/pack.js';
import type { EventPropConfig } from './eventprop/config.js';
import { encodeLatency, type LatencyCode, latencySteps } from './eventprop/encode.js';
import { EventPropTrainer } from './eventprop/trainer.js';

/** A classifier of handwritten digits to train on some of them: work for a worker thread of a sweep. */
export type DigitJob = SpikingDigitJob | DenseDigitJob;

interface Common {
  /** Training digits, balanced over the classes; a smaller set is part of a larger one of the same seed. */
  samples: number;
  seed: number;
}

export interface SpikingDigitJob extends Common {
  kind: 'spiking';
  network: EventPropConfig;
  code: LatencyCode;
  epochs: number;
  /** Of Adam at the start; it falls as half a cosine. */
  learningRate: number;
}

export interface DenseDigitJob extends Common {
  kind: 'dense';
  options: DenseOptions;
  backend: BackendName;
}

export interface DigitResult {
  /** Share of the 10,000 test digits. */
  accuracy: number;
  /** What it did, as `pack` keeps it. */
  ledger: unknown;
}

/** The digits are read once a thread. */
let mnist: ImageData | undefined;

/** Trains one network; the entry of a worker thread. */
export default async function work(job: DigitJob): Promise<DigitResult> {
  mnist ??= loadMnist();
  const train = subset(mnist.train, job.samples, job.seed);
  return job.kind === 'spiking' ? spiking(job, mnist, train) : dense(job, mnist, train);
}

async function spiking(job: SpikingDigitJob, { pixels, test }: ImageData, train: ImageSet) {
  const { network, code, epochs, learningRate } = job;
  const { dtMs, steps } = network.neuron;
  const stepOf = latencySteps(code, dtMs, steps);
  const encode = ({ images, labels }: ImageSet) => encodeLatency(images, labels, pixels, stepOf, steps);
  const trainer = new EventPropTrainer(network, encode(train), encode(test));
  try {
    const total = epochs * Math.ceil(train.count / network.batch);
    const rate = (step: number) => (learningRate / 2) * (1 + Math.cos((Math.PI * step) / total));
    for (let epoch = 0; epoch < epochs; epoch++) await trainer.epoch({ rate });
    const { accuracy } = await trainer.evaluate();
    return { accuracy, ledger: pack(await trainer.ledger('')) };
  } finally {
    await trainer.close();
  }
}

async function dense({ options, backend }: DenseDigitJob, data: ImageData, train: ImageSet) {
  await selectBackend(backend);
  const { accuracy, ledger } = await trainDense(options, { ...data, train });
  return { accuracy: accuracy[accuracy.length - 1], ledger: pack(ledger) };
}
