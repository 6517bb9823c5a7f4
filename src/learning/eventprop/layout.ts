import { workBytesOf } from '../../../kernels/spiking-layer/forward.js';
import { BLOCK, blocksOf } from '../../../kernels/spiking-layer/index.js';
import { BARRIER_WORDS } from '../../util/barrier.js';
import type { EventPropConfig } from './config.js';
import type { SpikeData } from './encode.js';

/** Slots of the control words that threads coordinate by (Int32Array at `control`); the barrier's come first. */
export const CONTROL = { task: BARRIER_WORDS, diverged: BARRIER_WORDS + 1, words: 16 };

/** Rows of weights that one update task covers. */
export const ROWS_PER_TASK = 112;

/** Room for the constants of a neuron's step. */
const COEFFICIENTS = 16;

/** Where a data set lies: byte addresses. */
export interface DataLayout {
  count: number;
  offsets: number;
  starts: number;
  spikes: number;
  labels: number;
  /** Answers of the network, u8[count]. */
  answers: number;
}

/** Where the weights of one projection, their moments and their ledger lie: byte addresses. */
export interface ProjectionLayout {
  sources: number;
  targets: number;
  /** Blocks of 16 targets; weights and counters are [blocks][sources][16]. */
  blocks: number;
  synapses: number;
  weights: number;
  first: number;
  second: number;
  l0: number;
  l1: number;
  l1Total: number;
}

/** A projection on the time grid, and its target population's batch state. */
export interface LayerLayout extends ProjectionLayout {
  /** Spike list of each sample of a batch that enters this projection: starts and spikes are `…Stride` bytes apart. */
  listStarts: number;
  listStartsStride: number;
  listSpikes: number;
  listSpikesStride: number;
  /** The same spikes as events by source. */
  rowStarts: number;
  events: number;
  /** λ_I of the target population, f32[blocks][batch][steps][16]; 0 for the readout. */
  lambdaI: number;
  /** Bytes between two blocks of lambdaI. */
  lambdaStride: number;
  /** Σ readoutGain over a neuron's spikes, f32[batch][blocks·16]; 0 for the readout. */
  drive: number;
  /** Error of the readout, f32[batch][blocks·16]; 0 for hidden layers. */
  error: number;
}

/** Scratch memory of one thread: byte addresses. */
export interface ThreadLayout {
  /** What arrives at a layer in each step, f32[steps][blocks][16], 0 but while a layer is run: for one after the other. */
  arrivals: number;
  /** For each hidden layer: its work space (kernels/spiking-layer/forward.ts), and what its adjoint leaves. */
  work: number[];
  lambdaDifference: number[];
  error: number[];
  sourceError: number[];
  /** Spikes of each neuron over the samples this thread has run since the last reading, u32[blocks·16]. */
  counts: number[];
  /** Input spikes over the samples this thread has evaluated since the last reading, u32[inputs]. */
  inputCounts: number;
  answer: number;
  gradient: number;
  active: number;
}

/** What a trainer needs to know of its memory, however time is kept. */
export interface TrainerLayout {
  bytes: number;
  control: number;
  train: { count: number; answers: number };
  test: { count: number; answers: number };
  /** Order of the training samples in this epoch, u32[train.count]. */
  order: number;
  /** Loss of each training sample in the order they came, f32[train.count]. */
  loss: number;
  /** Spikes of each input shown in training, u32[inputs]. */
  inputSpikes: number;
  layers: ProjectionLayout[];
  threads: { counts: number[]; inputCounts: number; gradient: number; active: number }[];
}

/** The one shared memory of a trainer on a time grid, described. */
export interface Layout extends TrainerLayout {
  /** Constants of a neuron's step. */
  coefficients: number;
  readoutGain: number;
  errorGain: number;
  train: DataLayout;
  test: DataLayout;
  /** From each population to the next, then the recurrent projections. */
  layers: LayerLayout[];
  /** For each hidden layer, which of `layers` joins its neurons; -1: none. */
  recurrent: number[];
  threads: ThreadLayout[];
}

/** Hands out addresses, each on a cache line of its own. */
export class AddressBook {
  next = 64;

  take(bytes: number): number {
    const address = this.next;
    this.next += Math.ceil(bytes / 64) * 64;
    return address;
  }
}

export function layoutOf(config: EventPropConfig, train: SpikeData, test: SpikeData): Layout {
  const arena = new AddressBook();
  const { sizes, batch, threads } = config;
  const { steps } = config.neuron;
  const hiddenLayers = sizes.length - 2;

  const data = (set: SpikeData): DataLayout => ({
    count: set.count,
    offsets: arena.take(set.offsets.byteLength),
    starts: arena.take(set.starts.byteLength),
    spikes: arena.take(set.spikes.byteLength),
    labels: arena.take(set.labels.byteLength),
    answers: arena.take(set.count),
  });

  const layer = (l: number): LayerLayout => {
    const sources = sizes[l];
    const targets = sizes[l + 1];
    const blocks = blocksOf(targets);
    const hidden = l < hiddenLayers;
    const spikesPerSample = l === 0 ? mostSpikes(train) : sources * steps;
    const forHidden = (bytes: number) => (hidden ? arena.take(bytes) : 0);
    return {
      ...projectionLayout(arena, sources, targets),
      listStarts: forHidden(batch * (steps + 1) * 2),
      listStartsStride: (steps + 1) * 2,
      listSpikes: forHidden(batch * spikesPerSample * 2),
      listSpikesStride: spikesPerSample * 2,
      rowStarts: forHidden((sources + 2) * 4),
      events: forHidden(batch * spikesPerSample * 4),
      lambdaI: forHidden(blocks * batch * steps * BLOCK * 4),
      lambdaStride: batch * steps * BLOCK * 4,
      drive: forHidden(batch * blocks * BLOCK * 4),
      error: hidden ? 0 : arena.take(batch * blocks * BLOCK * 4),
    };
  };

  /** A projection among the neurons of hidden layer `of`, the population of which is filed a second time. */
  const loop = (of: LayerLayout): LayerLayout => {
    const neurons = of.targets;
    return {
      ...projectionLayout(arena, neurons, neurons),
      listStarts: arena.take(batch * (steps + 1) * 2),
      listStartsStride: (steps + 1) * 2,
      listSpikes: arena.take(batch * neurons * steps * 2),
      listSpikesStride: neurons * steps * 2,
      rowStarts: arena.take((neurons + 2) * 4),
      events: arena.take(batch * neurons * steps * 4),
      lambdaI: of.lambdaI,
      lambdaStride: of.lambdaStride,
      drive: 0,
      error: 0,
    };
  };

  const thread = (): ThreadLayout => {
    const window = (l: number) => arena.take(blocksOf(sizes[l + 1]) * steps * BLOCK * 4);
    const vector = (l: number) => arena.take(blocksOf(sizes[l + 1]) * BLOCK * 4);
    const perHidden = (take: (l: number) => number) =>
      Array.from({ length: hiddenLayers }, (_, l) => take(l));
    return {
      arrivals: arena.take(steps * Math.max(...sizes.slice(1, -1).map(blocksOf)) * BLOCK * 4),
      work: perHidden((l) => arena.take(workBytesOf(blocksOf(sizes[l + 1]), steps))),
      lambdaDifference: perHidden((l) => (l > 0 ? window(l) : 0)),
      error: perHidden((l) => (l < hiddenLayers - 1 ? window(l) : 0)),
      sourceError: perHidden(vector),
      counts: perHidden(vector),
      inputCounts: arena.take(sizes[0] * 4),
      answer: vector(sizes.length - 2),
      gradient: arena.take(ROWS_PER_TASK * BLOCK * 4),
      active: arena.take(ROWS_PER_TASK),
    };
  };

  const { recurrent: loops = [] } = config;
  let next = sizes.length - 1;
  const recurrent = Array.from({ length: hiddenLayers }, (_, l) => (loops[l] ? next++ : -1));
  const layers = Array.from({ length: sizes.length - 1 }, (_, l) => layer(l));
  for (const [l, at] of recurrent.entries()) if (at >= 0) layers.push(loop(layers[l]));

  const layout: Layout = {
    bytes: 0,
    control: arena.take(CONTROL.words * 4),
    coefficients: arena.take(COEFFICIENTS * 4),
    readoutGain: arena.take(steps * 4),
    errorGain: arena.take(steps * 4),
    train: data(train),
    test: data(test),
    order: arena.take(train.count * 4),
    loss: arena.take(train.count * 4),
    inputSpikes: arena.take(sizes[0] * 4),
    layers,
    recurrent,
    threads: Array.from({ length: threads }, thread),
  };
  layout.bytes = arena.next;
  return layout;
}

export function projectionLayout(book: AddressBook, sources: number, targets: number): ProjectionLayout {
  const blocks = blocksOf(targets);
  const synapses = blocks * sources * BLOCK;
  const perSynapse = (bytes: number) => book.take(synapses * bytes);
  return {
    sources,
    targets,
    blocks,
    synapses,
    weights: perSynapse(4),
    first: perSynapse(4),
    second: perSynapse(4),
    l0: perSynapse(4),
    l1: perSynapse(4),
    l1Total: perSynapse(8),
  };
}

/** Spikes of the sample that has most. */
export function mostSpikes(data: Pick<SpikeData, 'count' | 'offsets'>): number {
  let most = 1;
  for (let s = 0; s < data.count; s++) most = Math.max(most, data.offsets[s + 1] - data.offsets[s]);
  return most;
}
