import { selectBackend } from '../../src/baseline/backend.js';
import { convValues } from '../../src/baseline/convnet.js';
import { checkedConv } from '../../src/baseline/convnet-options.js';
import { trainDenseMany } from '../../src/baseline/dense-pool.js';
import { bitsOfWindow } from '../../src/baseline/quantise.js';
import { spikeRate } from '../../src/energy/crossover.js';
import type { Ledger } from '../../src/energy/ledger.js';
import { type TrafficOptions, withTraffic } from '../../src/energy/traffic.js';
import type { RunContext, RunOutput } from '../../src/index.js';
import { EventPropTrainer } from '../../src/learning/eventprop/trainer.js';
import type { Config } from './config.js';
import { makeTask, TASKS, type Task } from './tasks.js';

export const KINDS = ['spiking', 'dense', 'quantised', 'convolutional'] as const;
export type Kind = (typeof KINDS)[number];

/** One trained network. */
export interface Network {
  task: string;
  kind: Kind;
  /** Hidden units; of a convolutional network the filters of its second layer. */
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
    const rivals = rivalsOf(task, config, entrants, seeds);
    const results = await trainDenseMany(
      rivals.map(({ options }) => options),
      task.dense,
      {
        backend: used,
        threads: context.threads,
        signal: context.signal,
        progress: (done, total) => tell(0.5 + (0.5 * done) / total, 'dense, quantised and convolutional'),
      },
    );
    for (const [n, { accuracy, ledger }] of results.entries()) {
      const { kind, hidden, seed, traffic } = rivals[n];
      const found = named(task, kind, hidden, seed, withTraffic(ledger, traffic));
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

interface Entrant {
  hidden: number;
  seed: number;
}

/** The networks without spikes of a task, as options for their trainer. */
function rivalsOf(task: Task, config: Config, entrants: readonly Entrant[], seeds: readonly number[]) {
  const { epochs, batch, rates, steps, inputs, classes, biases } = task;
  const training = { epochs, batch, learningRate: rates.dense, test: 'last epoch' as const };
  const dense = (['dense', 'quantised'] as const).flatMap((kind) =>
    entrants.map(({ hidden, seed }) => {
      const bits = kind === 'quantised' ? { bits: bitsOfWindow(steps) } : {};
      const bytesPerValue = kind === 'dense' ? 4 : Math.ceil(bitsOfWindow(steps) / 8);
      return {
        kind,
        hidden,
        seed,
        options: { ...training, sizes: [inputs, hidden, classes], seed, biases, ...bits },
        traffic: { bytesPerValue, stateArrays: 1 } as TrafficOptions,
      };
    }),
  );
  if (!config.convolve.some((name) => name === task.name)) return dense;
  const convolutional = config.filters.flatMap((filters) =>
    seeds.map((seed) => {
      const options = { ...training, filters, seed };
      const values = convValues(checkedConv(options, task.dense).shape);
      return {
        kind: 'convolutional' as const,
        hidden: filters[1],
        seed,
        options,
        traffic: { bytesPerValue: 4, stateArrays: 1, values } as TrafficOptions,
      };
    }),
  );
  return [...dense, ...convolutional];
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
