import { BLOCK, blocksOf } from '../../../../kernels/spiking-layer/index.js';
import type { EventPropConfig } from '../config.js';
import {
  AddressBook,
  CONTROL,
  mostSpikes,
  type ProjectionLayout,
  projectionLayout,
  ROWS_PER_TASK,
  type TrainerLayout,
} from '../layout.js';
import type { TimedSpikes } from './timed-spikes.js';

/** Where a data set lies: byte addresses. */
export interface TimedDataLayout {
  count: number;
  offsets: number;
  timeOf: number;
  spikes: number;
  labels: number;
  /** exp(t/τ_m) and exp(t/τ_s) of the distinct times, f64. */
  em: number;
  es: number;
  /** Answers of the network, u8[count]. */
  answers: number;
}

/** The spikes of one population in each sample of a batch, in order of time: `most` places a sample. */
export interface SpikeListLayout {
  most: number;
  /** i32[batch] */
  counts: number;
  /** u16, f64, f64 [batch][most] */
  neurons: number;
  em: number;
  es: number;
}

/** The batch state of one projection. */
export interface ExactProjectionLayout extends ProjectionLayout {
  /** The list that enters the projection. */
  source: number;
  /** A recurrent projection: from a population to itself. */
  recurrent: boolean;
  /** The same spikes as events by source. */
  rowStarts: number;
  events: number;
  /** λ_I of the targets, f64[blocks][batch][most][16]; 0 for the readout. */
  lambda: number;
  /** Bytes between two blocks of `lambda`. */
  lambdaStride: number;
  /** The readout alone: what drives it, f64[batch][sources], and its error, f64[batch][blocks·16]. */
  drive: number;
  error: number;
}

/** Scratch memory of one thread: byte addresses. */
export interface ExactThreadLayout {
  /** Two f64 a neuron of the widest layer. */
  state: number;
  /** For each spiking layer: f64, u32, f64 of each spike. */
  inverseSlope: number[];
  before: number[];
  error: number[];
  /** Spikes of each neuron since the last reading, u32, and neurons brought up to date, f64, by projection. */
  counts: number[];
  updates: number;
  inputCounts: number;
  answer: number;
  gradient: number;
  active: number;
}

/** The one shared memory of a trainer without a time grid, described. */
export interface ExactLayout extends TrainerLayout {
  train: TimedDataLayout;
  test: TimedDataLayout;
  /** Input, then each spiking layer. */
  lists: SpikeListLayout[];
  /** The projections from one population to the next, then the recurrent ones. */
  layers: ExactProjectionLayout[];
  threads: ExactThreadLayout[];
}

/** Spikes that a sample may have: so many for each neuron on average, and some more for small layers. */
const SPIKES_PER_NEURON = 8;
const SPIKES_MORE = 512;

/** Populations that spike, input included. */
export function spikingPopulations({ sizes, answer }: Pick<EventPropConfig, 'sizes' | 'answer'>): number {
  return answer?.kind === 'first-spike' ? sizes.length : sizes.length - 1;
}

export function exactLayoutOf(config: EventPropConfig, train: TimedSpikes, test: TimedSpikes): ExactLayout {
  const book = new AddressBook();
  const { sizes, batch, threads } = config;
  const populations = spikingPopulations(config);

  const data = (set: TimedSpikes): TimedDataLayout => ({
    count: set.count,
    offsets: book.take(set.offsets.byteLength),
    timeOf: book.take(set.timeOf.byteLength),
    spikes: book.take(set.spikes.byteLength),
    labels: book.take(set.labels.byteLength),
    em: book.take(set.times.byteLength),
    es: book.take(set.times.byteLength),
    answers: book.take(set.count),
  });

  const mostOf = (p: number) =>
    p === 0 ? Math.max(mostSpikes(train), mostSpikes(test)) : SPIKES_PER_NEURON * sizes[p] + SPIKES_MORE;
  const list = (p: number): SpikeListLayout => {
    const most = mostOf(p);
    return {
      most,
      counts: book.take(batch * 4),
      neurons: book.take(batch * most * 2),
      em: book.take(batch * most * 8),
      es: book.take(batch * most * 8),
    };
  };

  const projection = (source: number, target: number): ExactProjectionLayout => {
    const recurrent = source === target;
    const spiking = target < populations;
    // Rows of a recurrent projection are padded like its columns: all neurons of a block are sources.
    const sources = recurrent ? blocksOf(sizes[source]) * BLOCK : sizes[source];
    const most = mostOf(source);
    const at = projectionLayout(book, sources, sizes[target]);
    const lambdaStride = batch * most * BLOCK * 8;
    return {
      ...at,
      source,
      recurrent,
      rowStarts: spiking ? book.take((sources + 2) * 4) : 0,
      events: spiking ? book.take(batch * most * 4) : 0,
      lambda: spiking ? book.take(at.blocks * lambdaStride) : 0,
      lambdaStride,
      drive: spiking ? 0 : book.take(batch * sources * 8),
      error: spiking ? 0 : book.take(batch * at.blocks * BLOCK * 8),
    };
  };

  const recurrentPopulations = (config.recurrent ?? []).flatMap((init, h) => (init ? [h + 1] : []));
  const projections = sizes.length - 1 + recurrentPopulations.length;
  const widest = Math.max(...sizes.slice(1).map(blocksOf)) * BLOCK;
  const thread = (): ExactThreadLayout => {
    const perSpike = (bytes: number) =>
      Array.from({ length: populations - 1 }, (_, l) => book.take(mostOf(l + 1) * bytes));
    return {
      state: book.take(2 * widest * 8),
      inverseSlope: perSpike(8),
      before: perSpike(4),
      error: perSpike(8),
      counts: Array.from({ length: populations - 1 }, (_, l) =>
        book.take(blocksOf(sizes[l + 1]) * BLOCK * 4),
      ),
      updates: book.take(projections * 8),
      inputCounts: book.take(sizes[0] * 4),
      answer: book.take(widest * 8),
      gradient: book.take(ROWS_PER_TASK * BLOCK * 4),
      active: book.take(ROWS_PER_TASK),
    };
  };

  const layout: ExactLayout = {
    bytes: 0,
    control: book.take(CONTROL.words * 4),
    train: data(train),
    test: data(test),
    order: book.take(train.count * 4),
    loss: book.take(train.count * 4),
    inputSpikes: book.take(sizes[0] * 4),
    lists: Array.from({ length: populations }, (_, p) => list(p)),
    layers: [
      ...sizes.slice(1).map((_, l) => projection(l, l + 1)),
      ...recurrentPopulations.map((p) => projection(p, p)),
    ],
    threads: Array.from({ length: threads }, thread),
  };
  layout.bytes = book.next;
  return layout;
}
