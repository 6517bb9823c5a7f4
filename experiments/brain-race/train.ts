import { brainOf } from '../../models/brains/brain.js';
import { cladeOf, readSpecies } from '../../models/brains/index.js';
import { encodeImages, latencyClassifier } from '../../models/networks/latency-classifier.js';
import { selectBackend } from '../../src/baseline/backend.js';
import type { DenseOptions } from '../../src/baseline/dense.js';
import { trainDenseMany } from '../../src/baseline/dense-pool.js';
import { type ImageData, type ImageSet, subset } from '../../src/data/images.js';
import { loadImageFolder, loadMnist } from '../../src/data/mnist.js';
import type { Ledger } from '../../src/energy/ledger.js';
import { loadTariff } from '../../src/energy/tariff.js';
import { type RunContext, type RunOutput, UsageError } from '../../src/index.js';
import { EventPropTrainer } from '../../src/learning/eventprop/trainer.js';
import type { Config } from './config.js';
import type { BrainRow, Metrics, NetworkRow } from './metrics.js';
import { learnFrugally, policiesOf } from './plasticity.js';
import { powerLawsOf } from './power-laws.js';
import { brainRows, exponentChecks, rulesOf, speciesOf } from './rules.js';

/** More hidden units than this are refused: their weights and counters alone take over a gigabyte. */
const MOST_UNITS = 30_000;

/**
 * Networks wider than this learn at a lower rate, as one over the root of their width: at the full rate 1,000 units
 * end at 94.1 %, at half of it at 95.0 % (10,000 images, five epochs), because more weights move one answer.
 */
const WIDTH_OF_RATE = 128;

/** One network to train; several brains may ask for the same. */
interface Entrant {
  units: number;
  seed: number;
}

interface Finish {
  accuracy: number;
  inputSpikes: number | null;
  hiddenSpikes: number | null;
  ledger: Ledger;
}

/** Sizes the networks by brains, trains them all, spiking and dense, and brings home what they did. */
export async function race(config: Config, context: RunContext): Promise<RunOutput<Metrics>> {
  const table = readSpecies();
  const clades = config.clades.map((clade) => cladeOf(clade).id);
  const brains = clades.flatMap((clade) => brainRows(clade, config.massesG, config.neuronsPerUnit, table));
  refuseTooLarge(brains);
  policiesOf(config);
  // A misspelt tariff must be told now, not after the training.
  for (const tariff of [config.tariff, ...config.compare]) loadTariff(tariff);
  const data = readImages(config, context.seed);
  const { used, asked, why } = await selectBackend(context.backend);
  context.record('backend', { asked, used, why });

  const entrants = entrantsOf(config, context, brains);
  const finishes = { spiking: new Map<string, Finish>(), dense: new Map<string, Finish>() };
  const work = entrants.map((entrant) => costOf(config, entrant));
  const total = work.reduce((sum, { spiking, dense }) => sum + spiking + dense, 0);
  let done = 0;
  const spikes = {
    train: encodeImages(data.train, data.pixels),
    test: encodeImages(data.test, data.pixels),
  };
  for (const [i, entrant] of entrants.entries()) {
    const tell = (share: number) =>
      context.progress(done + share * work[i].spiking, total, `spiking, ${unitsText(entrant)}`);
    finishes.spiking.set(keyOf(entrant), await runSpiking(config, context, entrant, spikes, data, tell));
    done += work[i].spiking;
  }
  const dense = await trainDenseMany(
    entrants.map((entrant) => denseNetwork(config, data, entrant)),
    data,
    {
      backend: used,
      threads: context.threads,
      signal: context.signal,
      progress: (part, all) =>
        context.progress(done + (part / all) * (total - done), total, 'dense networks'),
    },
  );
  for (const [i, { accuracy, ledger }] of dense.entries()) {
    finishes.dense.set(keyOf(entrants[i]), {
      accuracy: accuracy[accuracy.length - 1],
      inputSpikes: null,
      hiddenSpikes: null,
      ledger,
    });
  }

  const plasticity = await learnFrugally(config, context, data, brains, (units) => peakRate(config, units));
  const { networks, ledgers } = results(config, context, brains, finishes);
  const byClade = clades.map((clade) => brainOf(clade, config.massesG[0], table));
  const { powerLaws, problems } = powerLawsOf(networks, byClade);
  return {
    metrics: {
      rules: byClade.flatMap((brain) => rulesOf(brain, table)),
      species: byClade.flatMap(speciesOf),
      exponentChecks: exponentChecks(table),
      brains,
      networks,
      plasticity,
      powerLaws,
      powerLawProblems: problems,
      data: { name: data.name, train: data.train.count, test: data.test.count },
    },
    ledgers,
  };
}

function readImages(config: Config, seed: number): ImageData {
  const data = config.data === 'mnist' ? loadMnist() : loadImageFolder(config.data);
  if (config.samples > data.train.count) {
    throw new UsageError(
      `${config.samples} training images are asked for and ${data.name} has ${data.train.count}`,
      'samples',
      `Give at most ${data.train.count}.`,
    );
  }
  const train: ImageSet =
    config.samples < data.train.count ? subset(data.train, config.samples, seed) : data.train;
  return { ...data, train };
}

function refuseTooLarge(brains: readonly BrainRow[]): void {
  const largest = brains.reduce((most, brain) => (brain.units > most.units ? brain : most));
  if (largest.units <= MOST_UNITS) return;
  const enough = Math.ceil((largest.neurons / MOST_UNITS) * 1.01);
  throw new UsageError(
    `${largest.clade}, ${largest.massG} g, would have ${largest.units} hidden units`,
    'neuronsPerUnit',
    `At most ${MOST_UNITS} are possible: use --set neuronsPerUnit=${enough.toPrecision(2)} or smaller masses.`,
  );
}

/** The different networks that the brains ask for, and the reference networks, smallest first. */
function entrantsOf(config: Config, context: RunContext, brains: readonly BrainRow[]): Entrant[] {
  const entrants = new Map<string, Entrant>();
  const add = (entrant: Entrant) => entrants.set(keyOf(entrant), entrant);
  for (const { units } of brains) for (const seed of context.seeds) add({ units, seed });
  for (const seed of referenceSeeds(config, context)) add({ units: config.referenceUnits, seed });
  return [...entrants.values()].sort((a, b) => a.units - b.units || a.seed - b.seed);
}

function referenceSeeds({ referenceUnits, referenceSeeds }: Config, { seed }: RunContext): number[] {
  return referenceUnits === 0 ? [] : Array.from({ length: referenceSeeds }, (_, i) => seed + i);
}

const keyOf = ({ units, seed }: Entrant) => `${units}/${seed}`;
const unitsText = ({ units, seed }: Entrant) => `${units} unit${units === 1 ? '' : 's'}, seed ${seed}`;

/** Hidden units of each layer: they share the units as evenly as they can. */
function layersOf({ hiddenLayers }: Config, units: number): number[] {
  const each = Math.floor(units / hiddenLayers);
  return Array.from({ length: hiddenLayers }, (_, l) =>
    Math.max(1, each + (l < units % hiddenLayers ? 1 : 0)),
  );
}

/** Roughly the time a network takes, in arbitrary units: what the progress bar goes by. */
function costOf({ samples, epochs, denseEpochs }: Config, { units }: Entrant) {
  return {
    spiking: samples * epochs * (4 + 0.11 * units),
    dense: samples * denseEpochs * (20 + 0.35 * units),
  };
}

/** Learning rate of the first step. */
function peakRate({ learningRate }: Config, units: number): number {
  return learningRate * Math.min(1, Math.sqrt(WIDTH_OF_RATE / units));
}

async function runSpiking(
  config: Config,
  context: RunContext,
  { units, seed }: Entrant,
  spikes: { train: ReturnType<typeof encodeImages>; test: ReturnType<typeof encodeImages> },
  { pixels, classes }: ImageData,
  tell: (share: number) => void,
): Promise<Finish> {
  const { epochs, batch, inputDropout } = config;
  const threads = Math.min(context.threads, batch);
  const hidden = layersOf(config, units);
  const network = latencyClassifier({ inputs: pixels, hidden, classes, batch, inputDropout, seed, threads });
  const trainer = new EventPropTrainer(network, spikes.train, spikes.test);
  try {
    const steps = epochs * Math.ceil(spikes.train.count / batch);
    const peak = peakRate(config, units);
    const rate = (step: number) => (peak / 2) * (1 + Math.cos((Math.PI * step) / steps));
    for (let epoch = 0; epoch < epochs; epoch++) {
      await trainer.epoch({
        rate,
        signal: context.signal,
        progress: (samples) => tell((epoch + samples / spikes.train.count) / epochs),
      });
    }
    const { accuracy, inputSpikesPerSample, hiddenSpikesPerSample } = await trainer.evaluate();
    return {
      accuracy,
      inputSpikes: inputSpikesPerSample,
      hiddenSpikes: hiddenSpikesPerSample,
      ledger: await trainer.ledger(''),
    };
  } finally {
    await trainer.close();
  }
}

function denseNetwork(
  config: Config,
  { pixels, classes }: ImageData,
  { units, seed }: Entrant,
): DenseOptions {
  return {
    sizes: [pixels, ...layersOf(config, units), classes],
    seed,
    epochs: config.denseEpochs,
    batch: config.denseBatch,
    optimiser: 'sgd',
    learningRate: config.denseLearningRate,
    inputDropout: config.denseDropout,
    test: 'last epoch',
  };
}

/** Hands each brain its networks, and names the ledgers after the brains. */
function results(
  config: Config,
  context: RunContext,
  brains: readonly BrainRow[],
  finishes: { spiking: Map<string, Finish>; dense: Map<string, Finish> },
) {
  const networks: NetworkRow[] = [];
  const ledgers: Ledger[] = [];
  const add = (kind: 'spiking' | 'dense', clade: string, massG: number | null, entrant: Entrant) => {
    const { accuracy, inputSpikes, hiddenSpikes, ledger } = finishes[kind].get(keyOf(entrant))!;
    const brain = massG === null ? `${clade} ${entrant.units} units` : `${clade} ${massG} g`;
    ledgers.push({
      ...ledger,
      network: `${brain}, ${kind}, seed ${entrant.seed}`,
      labels: { clade, massG: massG ?? '', kind, units: entrant.units, seed: entrant.seed },
    });
    networks.push({
      clade,
      massG,
      kind,
      seed: entrant.seed,
      units: entrant.units,
      neurons: entrant.units * config.neuronsPerUnit,
      accuracy,
      error: Math.max(1 - accuracy, 0.5 / ledger.inferences),
      inputSpikes,
      hiddenSpikes,
      operations: operationsPerInference(ledger),
    });
  };
  for (const kind of ['spiking', 'dense'] as const) {
    for (const { clade, massG, units } of brains) {
      for (const seed of context.seeds) add(kind, clade, massG, { units, seed });
    }
    for (const seed of referenceSeeds(config, context)) {
      add(kind, 'reference', null, { units: config.referenceUnits, seed });
    }
  }
  return { networks, ledgers };
}

/** Synaptic events or multiply-accumulates of one inference. */
function operationsPerInference({ layers, inferences }: Ledger): number {
  const operations = layers.reduce((sum, layer) => {
    if (layer.channel === 'graded')
      return sum + layer.sources * layer.targets * layer.inferenceMacsPerSynapse;
    return sum + layer.targets * layer.inferenceSpikes.reduce((spikes, n) => spikes + n, 0);
  }, 0);
  return operations / inferences;
}
