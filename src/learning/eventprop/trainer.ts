import { BLOCK } from '../../../kernels/spiking-layer/index.js';
import type { Ledger, SpikingLayerLedger } from '../../energy/ledger.js';
import { InterruptedError, RunError, UsageError } from '../../util/errors.js';
import { stream } from '../../util/rng.js';
import type { EventPropConfig } from './config.js';
import { Crew } from './crew.js';
import type { SpikeData } from './encode.js';
import { CONTROL, type DataLayout, type LayerLayout, type Layout, layoutOf } from './layout.js';
import { readoutGains } from './neuron.js';

/** Batches are handed to the workers in chunks of about this many samples: some tens of milliseconds. */
const SAMPLES_PER_CHUNK = 2048;

/** The memory of a trainer is addressed with signed 32-bit numbers. */
const MOST_BYTES = 2 ** 31 - 65536;

export interface EpochResult {
  /** Mean cross-entropy over the epoch's samples, each measured before its batch was learned. */
  loss: number;
}

export interface EvaluationResult {
  accuracy: number;
  /** Class given to each sample. */
  answers: Uint8Array;
  inputSpikesPerSample: number;
  /** Over all hidden neurons. */
  hiddenSpikesPerSample: number;
}

export interface EpochOptions {
  /** Learning rate of optimiser step `step` (from 0, over all epochs). */
  rate: (step: number) => number;
  signal?: AbortSignal;
  /** Called now and then with the samples done in this epoch. */
  progress?: (samplesDone: number) => void;
}

/** Spikes of every population but the readout, summed over samples: inputs first. */
type SpikeCounts = Float64Array[];

/**
 * Trains a feed-forward spiking classifier by EventProp (Wunderlich and Pehle 2021), the samples of a batch spread
 * over worker threads. The same seed gives the same weights, bit for bit, with any number of threads.
 *
 * Forward and adjoint equations: kernels/spiking-layer/reference.ts. The answer is the mean membrane potential of
 * leaky, non-spiking readout neurons; the loss is the cross-entropy of its softmax (L_sum of Nowotny, Turner and
 * Knight 2025, doi 10.1088/2634-4386/ada852).
 */
export class EventPropTrainer {
  private readonly memory: WebAssembly.Memory;
  private readonly layout: Layout;
  private readonly crew: Crew;
  private readonly trainingCounts: SpikeCounts;
  private readonly inferenceCounts: SpikeCounts;
  private trainingSamples = 0;
  private inferences = 0;
  private stepsDone = 0;
  private epochsDone = 0;

  /**
   * Lays out one shared memory, draws the initial weights and starts the workers. Call `close` when done.
   *
   * @throws UsageError if configuration and data do not fit each other
   */
  constructor(
    readonly config: EventPropConfig,
    private readonly train: SpikeData,
    private readonly test: SpikeData,
  ) {
    check(config, train, test);
    this.layout = layoutOf(config, train, test);
    if (this.layout.bytes > MOST_BYTES) {
      throw new UsageError(
        `the network and its data need ${(this.layout.bytes / 2 ** 30).toFixed(1)} GiB, and 2 are there`,
        'network size',
        'Use fewer hidden units or fewer samples.',
      );
    }
    const pages = Math.ceil(this.layout.bytes / 65536);
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    this.copyIn(this.layout.train, train);
    this.copyIn(this.layout.test, test);
    const { readoutGain, errorGain } = readoutGains(config.neuron, config.kappa);
    this.f32(this.layout.readoutGain, readoutGain.length).set(readoutGain);
    this.f32(this.layout.errorGain, errorGain.length).set(errorGain);
    for (const l of this.layout.layers.keys()) this.setWeights(l, initialWeights(config, l));
    this.trainingCounts = config.sizes.slice(0, -1).map((n) => new Float64Array(n));
    this.inferenceCounts = config.sizes.slice(0, -1).map((n) => new Float64Array(n));
    this.crew = new Crew(
      this.layout.threads.map((_, thread) => ({ config, layout: this.layout, memory: this.memory, thread })),
    );
  }

  /** Learns every training sample once, in a new random order. */
  async epoch({ rate, signal, progress }: EpochOptions): Promise<EpochResult> {
    const { batch, seed } = this.config;
    const samples = this.train.count;
    const batches = Math.ceil(samples / batch);
    const order = stream(seed, `order of epoch ${this.epochsDone}`).permutation(samples);
    this.u32(this.layout.order, samples).set(order);
    const perChunk = Math.max(1, Math.round(SAMPLES_PER_CHUNK / batch));
    for (let firstBatch = 0; firstBatch < batches; firstBatch += perChunk) {
      const count = Math.min(perChunk, batches - firstBatch);
      const rates = Float64Array.from({ length: count }, (_, i) => rate(this.stepsDone + i));
      const chunk = { epoch: this.epochsDone, firstBatch, batches: count, stepsDone: this.stepsDone, rates };
      await this.crew.run({ do: 'train', chunk });
      this.stepsDone += count;
      if (signal?.aborted) throw new InterruptedError();
      this.refuseDivergence();
      progress?.(Math.min((firstBatch + count) * batch, samples));
    }
    this.epochsDone++;
    this.trainingSamples += samples;
    this.takeCounts(this.layout.inputSpikes, this.trainingCounts);
    const losses = this.f32(this.layout.loss, samples);
    let sum = 0;
    for (let i = 0; i < samples; i++) sum += losses[i];
    return { loss: sum / samples };
  }

  /** Shows the network the test (or the training) samples; the ledger books them as inferences. */
  async evaluate(which: 'test' | 'train' = 'test'): Promise<EvaluationResult> {
    const data = which === 'test' ? this.test : this.train;
    await this.crew.run({ do: 'evaluate', data: which });
    const spikes = this.config.sizes.slice(0, -1).map((n) => new Float64Array(n));
    this.takeCounts(undefined, spikes);
    for (const [l, counts] of spikes.entries()) {
      for (let i = 0; i < counts.length; i++) this.inferenceCounts[l][i] += counts[i];
    }
    this.inferences += data.count;
    const answers = this.u8(this.layout[which].answers, data.count).slice();
    let right = 0;
    for (let s = 0; s < data.count; s++) if (answers[s] === data.labels[s]) right++;
    const [input, ...hidden] = spikes.map((counts) => counts.reduce((sum, n) => sum + n, 0));
    return {
      accuracy: right / data.count,
      answers,
      inputSpikesPerSample: input / data.count,
      hiddenSpikesPerSample: hidden.reduce((sum, n) => sum + n, 0) / data.count,
    };
  }

  /** Weights of projection `l`, f32[sources][targets]. */
  weights(l: number): Float32Array {
    return Float32Array.from(
      this.unblocked(l, this.f32(this.layout.layers[l].weights, this.layout.layers[l].synapses)),
    );
  }

  /** Replaces the weights of projection `l`, [sources][targets]. */
  setWeights(l: number, weights: ArrayLike<number>): void {
    const { sources, targets, synapses, weights: address } = this.layout.layers[l];
    const blocked = this.f32(address, synapses);
    for (let i = 0; i < sources; i++) {
      for (let j = 0; j < targets; j++) blocked[blockedIndex(i, j, sources)] = weights[i * targets + j];
    }
  }

  /** What the network did so far, in training and in inference. */
  async ledger(network: string, labels: Ledger['labels'] = {}): Promise<Ledger> {
    await this.crew.run({ do: 'settle' });
    const { steps } = this.config.neuron;
    const layers = this.layout.layers.map((at, l): SpikingLayerLedger => {
      const isReadout = l === this.layout.layers.length - 1;
      const sent = (counts: SpikeCounts) => (isReadout ? 0 : counts[l + 1].reduce((sum, n) => sum + n, 0));
      return {
        name: layerName(l, this.layout.layers.length),
        channel: 'spike',
        sources: at.sources,
        targets: at.targets,
        inferenceSpikes: this.inferenceCounts[l].slice(),
        trainingSpikes: this.trainingCounts[l].slice(),
        inferenceNeuronUpdates: this.inferences * at.targets * steps,
        trainingNeuronUpdates: this.trainingSamples * at.targets * steps,
        inferenceTargetSpikes: sent(this.inferenceCounts),
        trainingTargetSpikes: sent(this.trainingCounts),
        backwardMacsPerSpike: l === 0 ? 0 : 1,
        changes: {
          steps: this.stepsDone,
          l0: Uint32Array.from(this.unblocked(l, this.u32(at.l0, at.synapses))),
          l1Quanta: this.unblocked(l, new Float64Array(this.memory.buffer, at.l1Total, at.synapses)),
        },
      };
    });
    return { network, labels, inferences: this.inferences, trainingSamples: this.trainingSamples, layers };
  }

  /** Ends the worker threads. */
  close(): Promise<void> {
    return this.crew.close();
  }

  private refuseDivergence(): void {
    if (this.i32(this.layout.control, CONTROL.words)[CONTROL.diverged] === 0) return;
    throw new RunError(
      `training diverged in epoch ${this.epochsDone + 1}: a weight moved by more than 1 (the threshold is ` +
        `${this.config.neuron.theta}) in one step. Lower the learning rate.`,
    );
  }

  /** Adds the spikes counted since the last call to `into` and clears the counters. */
  private takeCounts(input: number | undefined, into: SpikeCounts): void {
    const move = (counter: Uint32Array, total: Float64Array) => {
      for (let i = 0; i < total.length; i++) total[i] += counter[i];
      counter.fill(0);
    };
    if (input !== undefined) move(this.u32(input, into[0].length), into[0]);
    for (const thread of this.layout.threads) {
      if (input === undefined) move(this.u32(thread.inputCounts, into[0].length), into[0]);
      for (const [l, address] of thread.counts.entries()) {
        move(this.u32(address, this.layout.layers[l].blocks * BLOCK), into[l + 1]);
      }
    }
  }

  private copyIn(at: DataLayout, data: SpikeData): void {
    this.u32(at.offsets, data.offsets.length).set(data.offsets);
    this.u16(at.starts, data.starts.length).set(data.starts);
    this.u16(at.spikes, data.spikes.length).set(data.spikes);
    this.u8(at.labels, data.labels.length).set(data.labels);
  }

  /** From [blocks][sources][16] to [sources][targets]. */
  private unblocked(l: number, blocked: ArrayLike<number>): Float64Array {
    const { sources, targets }: LayerLayout = this.layout.layers[l];
    const plain = new Float64Array(sources * targets);
    for (let i = 0; i < sources; i++) {
      for (let j = 0; j < targets; j++) plain[i * targets + j] = blocked[blockedIndex(i, j, sources)];
    }
    return plain;
  }

  private f32 = (address: number, length: number) => new Float32Array(this.memory.buffer, address, length);
  private u32 = (address: number, length: number) => new Uint32Array(this.memory.buffer, address, length);
  private i32 = (address: number, length: number) => new Int32Array(this.memory.buffer, address, length);
  private u16 = (address: number, length: number) => new Uint16Array(this.memory.buffer, address, length);
  private u8 = (address: number, length: number) => new Uint8Array(this.memory.buffer, address, length);
}

/** Where synapse (i, j) lies in [blocks][sources][16]. */
function blockedIndex(i: number, j: number, sources: number): number {
  return (Math.floor(j / BLOCK) * sources + i) * BLOCK + (j % BLOCK);
}

/** Normal weights from a stream of the layer's own, [sources][targets]. */
export function initialWeights(config: EventPropConfig, l: number): Float64Array {
  const { mean, sd } = config.init[l];
  const { normal } = stream(config.seed, `weights of projection ${l}`);
  return Float64Array.from({ length: config.sizes[l] * config.sizes[l + 1] }, () => mean + sd * normal());
}

function layerName(l: number, layers: number): string {
  const population = (p: number) =>
    p === 0 ? 'input' : p === layers ? 'readout' : layers === 2 ? 'hidden' : `hidden ${p}`;
  return `${population(l)} → ${population(l + 1)}`;
}

function check(config: EventPropConfig, train: SpikeData, test: SpikeData): void {
  const { sizes, batch, threads, init } = config;
  const refuse = (what: string, where: string, todo: string) => {
    throw new UsageError(what, where, todo);
  };
  if (sizes.length < 3)
    refuse(`${sizes.length} populations`, 'sizes', 'Give inputs, at least one hidden layer, and outputs.');
  if (sizes.some((n) => !Number.isInteger(n) || n < 1))
    refuse(`[${sizes}]`, 'sizes', 'Give whole numbers from 1.');
  if (sizes.some((n) => n > 65535))
    refuse(`[${sizes}]`, 'sizes', 'A population holds at most 65535 neurons.');
  if (init.length !== sizes.length - 1)
    refuse(`${init.length} entries`, 'init', `Give ${sizes.length - 1}, one for each projection.`);
  if (!Number.isInteger(batch) || batch < 1) refuse(`${batch}`, 'batch', 'Give a whole number from 1.');
  if (!Number.isInteger(threads) || threads < 1 || threads > batch) {
    refuse(`${threads}`, 'threads', `Give a whole number from 1 to the batch size, ${batch}.`);
  }
  for (const data of [train, test]) {
    if (data.sources !== sizes[0])
      refuse(`${data.sources} inputs, the network has ${sizes[0]}`, 'data', 'Make them equal.');
    if (data.steps !== config.neuron.steps)
      refuse(
        `${data.steps} steps, the network has ${config.neuron.steps}`,
        'data',
        'Encode for the same window.',
      );
    if (data.labels.some((label) => label >= sizes[sizes.length - 1])) {
      refuse('a label beyond the last output', 'data', 'Give the network an output for each class.');
    }
  }
}
