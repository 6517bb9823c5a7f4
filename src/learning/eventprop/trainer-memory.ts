import { unitCoefficients } from '../../../kernels/spiking-layer/coefficients.js';
import { BLOCK } from '../../../kernels/spiking-layer/index.js';
import { UsageError } from '../../util/errors.js';
import { checkConfig } from './check.js';
import type { EventPropConfig, WeightInit } from './config.js';
import type { SpikeData } from './encode.js';
import { type ExactLayout, exactLayoutOf, type TimedDataLayout } from './exact/layout.js';
import type { TimedSpikes } from './exact/timed-spikes.js';
import { type DataLayout, type Layout, layoutOf, type TrainerLayout } from './layout.js';
import { readoutGains } from './neuron.js';

/** The memory of a trainer is addressed with signed 32-bit numbers. */
const MOST_BYTES = 2 ** 31 - 65536;

/** A projection: which populations it joins (input is 0), and how its weights begin. */
export interface Projection {
  name: string;
  source: number;
  target: number;
  init: WeightInit;
}

/** The one shared memory of a trainer, seen from the main thread. */
export interface TrainerMemory {
  memory: WebAssembly.Memory;
  layout: Layout | ExactLayout;
  /** From each population to the next, then the recurrent ones. */
  projections: Projection[];
  /** Sets the weights of a projection, given as [sources][targets]. */
  setWeights(p: number, weights: ArrayLike<number>): void;
  /** From [blocks][sources][16] to [sources][targets]. */
  unblocked(p: number, blocked: ArrayLike<number>): Float64Array;
  /** Adds the neurons of each projection that thread `t` brought up to date over `samples` samples of all threads. */
  takeUpdates(t: number, samples: number, into: Float64Array): void;
  f32(address: number, length: number): Float32Array;
  u32(address: number, length: number): Uint32Array;
  i32(address: number, length: number): Int32Array;
  u8(address: number, length: number): Uint8Array;
}

/**
 * Lays out and fills the memory: data, order, constants; weights are left at 0.
 * @throws UsageError if configuration and data do not fit each other, or the memory is too small for them
 */
export function memoryOf(
  config: EventPropConfig,
  train: SpikeData | TimedSpikes,
  test: SpikeData | TimedSpikes,
): TrainerMemory {
  checkConfig(config, train, test);
  const exact = config.time === 'exact';
  const layout = exact
    ? exactLayoutOf(config, train as TimedSpikes, test as TimedSpikes)
    : layoutOf(config, train as SpikeData, test as SpikeData);
  if (layout.bytes > MOST_BYTES) {
    throw new UsageError(
      `the network and its data need ${(layout.bytes / 2 ** 30).toFixed(1)} GiB, and 2 are there`,
      'network size',
      'Use fewer hidden units, a smaller batch or fewer samples.',
    );
  }
  const pages = Math.ceil(layout.bytes / 65536);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const view = viewsOf(memory.buffer);
  if (exact) {
    copyTimed(config, view, (layout as ExactLayout).train, train as TimedSpikes);
    copyTimed(config, view, (layout as ExactLayout).test, test as TimedSpikes);
  } else copyGrid(config, view, layout as Layout, train as SpikeData, test as SpikeData);
  const projections = projectionsOf(config);

  function setWeights(p: number, weights: ArrayLike<number>): void {
    const { sources, synapses, weights: address }: TrainerLayout['layers'][number] = layout.layers[p];
    const blocked = view.f32(address, synapses);
    const targets = config.sizes[projections[p].target];
    for (let i = 0; i < config.sizes[projections[p].source]; i++) {
      for (let j = 0; j < targets; j++) blocked[blockedIndex(i, j, sources)] = weights[i * targets + j];
    }
  }

  function unblocked(p: number, blocked: ArrayLike<number>): Float64Array {
    const sources = config.sizes[projections[p].source];
    const targets = config.sizes[projections[p].target];
    const plain = new Float64Array(sources * targets);
    for (let i = 0; i < sources; i++) {
      for (let j = 0; j < targets; j++)
        plain[i * targets + j] = blocked[blockedIndex(i, j, layout.layers[p].sources)];
    }
    return plain;
  }

  function takeUpdates(t: number, samples: number, into: Float64Array): void {
    if (exact) {
      const counter = view.f64((layout as ExactLayout).threads[t].updates, into.length);
      for (let p = 0; p < into.length; p++) into[p] += counter[p];
      counter.fill(0);
    } else if (t === 0) {
      // On the grid every neuron is brought up to date at every step, booked with the first projection that enters it.
      for (let p = 0; p < config.sizes.length - 1; p++)
        into[p] += samples * config.sizes[p + 1] * config.neuron.steps;
    }
  }

  return { memory, layout, projections, setWeights, unblocked, takeUpdates, ...view };
}

type Views = ReturnType<typeof viewsOf>;

function viewsOf(buffer: ArrayBufferLike) {
  return {
    f64: (address: number, length: number) => new Float64Array(buffer, address, length),
    f32: (address: number, length: number) => new Float32Array(buffer, address, length),
    u32: (address: number, length: number) => new Uint32Array(buffer, address, length),
    i32: (address: number, length: number) => new Int32Array(buffer, address, length),
    u16: (address: number, length: number) => new Uint16Array(buffer, address, length),
    u8: (address: number, length: number) => new Uint8Array(buffer, address, length),
  };
}

function copyGrid(config: EventPropConfig, view: Views, layout: Layout, train: SpikeData, test: SpikeData) {
  const copy = (at: DataLayout, data: SpikeData) => {
    view.u32(at.offsets, data.offsets.length).set(data.offsets);
    view.u16(at.starts, data.starts.length).set(data.starts);
    view.u16(at.spikes, data.spikes.length).set(data.spikes);
    view.u8(at.labels, data.labels.length).set(data.labels);
  };
  copy(layout.train, train);
  copy(layout.test, test);
  const coefficients = unitCoefficients(config.neuron);
  view.f32(layout.coefficients, coefficients.length).set(coefficients);
  const { readoutGain, errorGain } = readoutGains(config.neuron, config.kappa);
  view.f32(layout.readoutGain, readoutGain.length).set(readoutGain);
  view.f32(layout.errorGain, errorGain.length).set(errorGain);
}

function copyTimed({ neuron }: EventPropConfig, view: Views, at: TimedDataLayout, data: TimedSpikes): void {
  view.u32(at.offsets, data.offsets.length).set(data.offsets);
  view.u32(at.timeOf, data.timeOf.length).set(data.timeOf);
  view.u16(at.spikes, data.spikes.length).set(data.spikes);
  view.u8(at.labels, data.labels.length).set(data.labels);
  view.f64(at.em, data.times.length).set(data.times.map((ms) => Math.exp(ms / neuron.tauMMs)));
  view.f64(at.es, data.times.length).set(data.times.map((ms) => Math.exp(ms / neuron.tauSMs)));
}

/** Where synapse (i, j) lies in [blocks][sources][16]. */
function blockedIndex(i: number, j: number, sources: number): number {
  return (Math.floor(j / BLOCK) * sources + i) * BLOCK + (j % BLOCK);
}

function projectionsOf({ sizes, init, recurrent = [] }: EventPropConfig): Projection[] {
  const last = sizes.length - 1;
  const population = (p: number) => {
    if (p === 0) return 'input';
    if (p === last) return 'readout';
    return last === 2 ? 'hidden' : `hidden ${p}`;
  };
  const projection = (source: number, target: number, its: WeightInit): Projection => ({
    name: `${population(source)} → ${population(target)}`,
    source,
    target,
    init: its,
  });
  return [
    ...init.map((its, l) => projection(l, l + 1, its)),
    ...recurrent.flatMap((its, h) => (its ? [projection(h + 1, h + 1, its)] : [])),
  ];
}
