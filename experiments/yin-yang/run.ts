import {
  encodeImages,
  encodeImageTimes,
  latencyClassifier,
} from '../../models/networks/latency-classifier.js';
import { encodePoints, yinYangClassifier } from '../../models/networks/yin-yang-classifier.js';
import type { FeatureSet } from '../../src/data/images.js';
import { loadMnist } from '../../src/data/mnist.js';
import { yinYang, yinYangClass } from '../../src/data/yin-yang.js';
import type { Ledger } from '../../src/energy/ledger.js';
import type { RunContext, RunOutput } from '../../src/experiment/define.js';
import { replicateSeeds } from '../../src/experiment/sweep.js';
import type { EventPropConfig } from '../../src/learning/eventprop/config.js';
import type { SpikeData } from '../../src/learning/eventprop/encode.js';
import type { TimedSpikes } from '../../src/learning/eventprop/exact/timed-spikes.js';
import { onGrid } from '../../src/learning/eventprop/on-grid.js';
import { EventPropTrainer } from '../../src/learning/eventprop/trainer.js';
import { type Config, VARIANTS, type Variant } from './config.js';
import { type Trained, trained } from './trained.js';

/** The published sizes of the data set. */
const TRAIN = 5000;
const TEST = 1000;

/** Adam's rate for the digits, as in the bench. */
const DIGIT_RATE = 0.01;

/** One trained network. */
export interface Row {
  task: 'Yin-Yang' | 'MNIST';
  network: string;
  variant: string;
  seed: number;
  epochs: number;
  accuracy: number;
  hiddenSpikes: number;
}

/** Accuracy on the test set along the way. */
export interface Point {
  variant: string;
  seed: number;
  epoch: number;
  accuracy: number;
}

/** What the first network of a variant says of a point of the disc. */
export interface MapPoint {
  variant: string;
  x: number;
  y: number;
  named: number;
  truth: number;
}

export interface Metrics {
  rows: Row[];
  curve: Point[];
  map: MapPoint[];
}

export async function run(config: Config, context: RunContext): Promise<RunOutput<Metrics>> {
  const seeds = replicateSeeds(context, config.repeats);
  const digitSeeds = config.digitEpochs > 0 ? replicateSeeds(context, config.digitRepeats) : [];
  // Progress in samples; the digits' networks are larger.
  const pointWork = config.epochs * TRAIN;
  const digitWork = 3 * config.digitEpochs * 60_000;
  const total = config.variants.length * seeds.length * pointWork + 2 * digitSeeds.length * digitWork;
  let before = 0;
  const metrics: Metrics = { rows: [], curve: [], map: [] };
  const ledgers: Ledger[] = [];

  for (const variant of config.variants) {
    for (const [k, seed] of seeds.entries()) {
      const one = await learnPoints(config, variant, seed, k === 0, {
        ...context,
        progress: (samples) => context.progress(before + samples, total, `${variant}, seed ${seed}`),
      });
      metrics.rows.push(one.row);
      metrics.curve.push(...one.curve);
      metrics.map.push(...one.map);
      ledgers.push(one.ledger);
      before += pointWork;
    }
  }
  for (const time of ['exact', 'grid'] as const) {
    for (const seed of digitSeeds) {
      const one = await learnDigits(config.digitEpochs, time, seed, {
        ...context,
        progress: (samples) => context.progress(before + 3 * samples, total, `digits, ${time}, seed ${seed}`),
      });
      metrics.rows.push(one.row);
      ledgers.push(one.ledger);
      before += digitWork;
    }
  }
  return { metrics, ledgers };
}

async function learnPoints(
  { hidden, epochs, learningRate, mapSize }: Config,
  variant: Variant,
  seed: number,
  mapped: boolean,
  context: Trained['context'],
) {
  const network = yinYangClassifier({ ...VARIANTS[variant], hidden, seed, threads: context.threads });
  const { dtMs, steps } = network.neuron;
  const encode = (points: Pick<FeatureSet, 'features' | 'labels'>) => {
    const times = encodePoints(points);
    return network.time === 'exact' ? times : onGrid(times, dtMs, steps);
  };
  const train = encode(yinYang(TRAIN, `${seed}/train`));
  const test = encode(yinYang(TEST, `${seed}/test`));
  const { trainer, curve, ...row } = await trained({
    network,
    train,
    test,
    epochs,
    rate: learningRate,
    context,
  });
  try {
    const name = `5-${hidden}-3`;
    return {
      row: { task: 'Yin-Yang' as const, network: name, variant, seed, epochs, ...row },
      curve: curve.map((accuracy, k) => ({ variant, seed, epoch: k + 1, accuracy })),
      map: mapped
        ? await regions(network, [trainer.weights(0), trainer.weights(1)], encode, variant, mapSize)
        : [],
      ledger: await trainer.ledger(`Yin-Yang, ${variant}, seed ${seed}`, { task: 'Yin-Yang', variant, seed }),
    };
  } finally {
    await trainer.close();
  }
}

/** What a trained network says of the points of a square lattice that lie in the disc. */
async function regions(
  network: EventPropConfig,
  weights: Float32Array[],
  encode: (points: Pick<FeatureSet, 'features' | 'labels'>) => TimedSpikes | SpikeData,
  variant: Variant,
  mapSize: number,
): Promise<MapPoint[]> {
  const side = Array.from({ length: mapSize }, (_, k) => k / (mapSize - 1));
  const points = side
    .flatMap((y) => side.map((x) => [x, y]))
    .filter(([x, y]) => Math.hypot(x - 0.5, y - 0.5) <= 0.5);
  const data = encode({
    features: Float32Array.from(points.flatMap(([x, y]) => [x, y, 1 - x, 1 - y])),
    labels: Uint8Array.from(points, ([x, y]) => yinYangClass(x, y)),
  });
  const trainer = new EventPropTrainer(network, data, data);
  try {
    for (const [p, w] of weights.entries()) trainer.setWeights(p, w);
    const { answers } = await trainer.evaluate();
    return points.map(([x, y], k) => ({ variant, x, y, named: answers[k], truth: data.labels[k] }));
  } finally {
    await trainer.close();
  }
}

async function learnDigits(
  epochs: number,
  time: 'exact' | 'grid',
  seed: number,
  context: Trained['context'],
): Promise<{ row: Row; ledger: Ledger }> {
  const { pixels, classes, train, test } = loadMnist();
  const { threads } = context;
  const hidden = [128];
  const network = latencyClassifier({
    inputs: pixels,
    hidden,
    classes,
    batch: 32,
    inputDropout: 0,
    seed,
    threads,
    time,
  });
  const encode = time === 'exact' ? encodeImageTimes : encodeImages;
  const {
    trainer,
    curve: _,
    ...row
  } = await trained({
    network,
    train: encode(train, pixels),
    test: encode(test, pixels),
    epochs,
    rate: DIGIT_RATE,
    context,
  });
  try {
    const variant = `${time}, mean voltage`;
    return {
      row: { task: 'MNIST', network: '784-128-10', variant, seed, epochs, ...row },
      ledger: await trainer.ledger(`MNIST, ${variant}, seed ${seed}`, { task: 'MNIST', variant, seed }),
    };
  } finally {
    await trainer.close();
  }
}
