import { selectBackend } from '../../src/baseline/backend.js';
import { trainDenseMany } from '../../src/baseline/dense-pool.js';
import { bitsOfWindow } from '../../src/baseline/quantise.js';
import { spikeRate } from '../../src/energy/crossover.js';
import type { Ledger } from '../../src/energy/ledger.js';
import { withTraffic } from '../../src/energy/traffic.js';
import type { RunContext, RunOutput } from '../../src/index.js';
import { EventPropTrainer } from '../../src/learning/eventprop/trainer.js';
import type { Config } from './config.js';
import { makeTask, TASKS, type Task } from './tasks.js';

export const KINDS = ['spiking', 'dense', 'quantised'] as const;
export type Kind = (typeof KINDS)[number];

/** One trained network. */
export interface Network {
  task: string;
  kind: Kind;
  hidden: number;
  seed: number;
  accuracy: number;
  /** Time steps of a window, and bits of the quantised rival. */
  steps: number;
  bits: number;
  /** Spikes a source and step, weighted by synapses; null for networks without spikes. */
  rate: number | null;
  inputSpikes: number | null;
  hiddenSpikes: number | null;
  /** Name of its ledger. */
  ledger: string;
}

export interface Metrics {
  networks: Network[];
}

/** Trains all networks of all tasks. */
export async function compare(config: Config, context: RunContext): Promise<RunOutput<Metrics>> {
  const { used, asked, why } = await selectBackend(context.backend);
  context.record('backend', { asked, used, why });
  const seeds = seedsOf(config, context);
  const networks: Network[] = [];
  const ledgers: Ledger[] = [];
  for (const [t, name] of TASKS.entries()) {
    const task = makeTask(name, config, context.seed);
    const tell = (share: number, what: string) =>
      context.progress(t + share, TASKS.length, `${name}, ${what}`);
    const entrants = config.widths.flatMap((hidden) => seeds.map((seed) => ({ hidden, seed })));
    for (const [n, { hidden, seed }] of entrants.entries()) {
      tell((0.5 * n) / entrants.length, `spiking, ${hidden} units`);
      const found = await trainSpiking(task, hidden, seed, context);
      networks.push(found.network);
      ledgers.push(found.ledger);
    }
    const kinds = ['dense', 'quantised'] as const;
    const rivals = kinds.flatMap((kind) => entrants.map((entrant) => ({ ...entrant, kind })));
    const results = await trainDenseMany(
      rivals.map(({ hidden, seed, kind }) => ({
        sizes: [task.inputs, hidden, task.classes],
        seed,
        epochs: task.epochs,
        batch: task.batch,
        learningRate: task.rates.dense,
        biases: task.biases,
        test: 'last epoch' as const,
        ...(kind === 'quantised' && { bits: bitsOfWindow(task.steps) }),
      })),
      task.dense,
      {
        backend: used,
        threads: context.threads,
        signal: context.signal,
        progress: (done, total) => tell(0.5 + (0.5 * done) / total, 'dense and quantised'),
      },
    );
    for (const [n, { accuracy, ledger }] of results.entries()) {
      const { kind, hidden, seed } = rivals[n];
      const bytesPerValue = kind === 'dense' ? 4 : Math.ceil(bitsOfWindow(task.steps) / 8);
      const found = named(task, kind, hidden, seed, withTraffic(ledger, { bytesPerValue, stateArrays: 1 }));
      ledgers.push(found);
      networks.push({
        ...about(task, kind, hidden, seed),
        accuracy: accuracy[accuracy.length - 1],
        rate: null,
        inputSpikes: null,
        hiddenSpikes: null,
        ledger: found.network,
      });
    }
  }
  return { metrics: { networks }, ledgers };
}

function seedsOf({ replicates }: Config, { seeds, seed }: RunContext): number[] {
  return seeds.length > 1 ? [...seeds] : Array.from({ length: replicates }, (_, n) => seed + n);
}

async function trainSpiking(task: Task, hidden: number, seed: number, context: RunContext) {
  const threads = Math.min(context.threads, task.batch);
  const trainer = new EventPropTrainer(
    task.network(hidden, seed, threads),
    task.spikes.train,
    task.spikes.test,
  );
  try {
    const steps = task.epochs * Math.ceil(task.spikes.train.count / task.batch);
    const rate = (step: number) => (task.rates.spiking / 2) * (1 + Math.cos((Math.PI * step) / steps));
    for (let epoch = 0; epoch < task.epochs; epoch++) await trainer.epoch({ rate, signal: context.signal });
    const { accuracy, inputSpikesPerSample, hiddenSpikesPerSample } = await trainer.evaluate();
    const counted = withTraffic(await trainer.ledger(''), { bytesPerValue: 4, stateArrays: 2 });
    const ledger = named(task, 'spiking', hidden, seed, counted);
    const network: Network = {
      ...about(task, 'spiking', hidden, seed),
      accuracy,
      rate: spikeRate(ledger, task.steps),
      inputSpikes: inputSpikesPerSample,
      hiddenSpikes: hiddenSpikesPerSample,
      ledger: ledger.network,
    };
    return { network, ledger };
  } finally {
    await trainer.close();
  }
}

const about = ({ name, steps }: Task, kind: Kind, hidden: number, seed: number) => ({
  task: name,
  kind,
  hidden,
  seed,
  steps,
  bits: bitsOfWindow(steps),
});

function named({ name }: Task, kind: Kind, hidden: number, seed: number, ledger: Ledger): Ledger {
  return {
    ...ledger,
    network: `${name}, ${kind}, ${hidden} units, seed ${seed}`,
    labels: { task: name, kind, hidden, seed },
  };
}
