import type { Ledger, SpikingLayerLedger } from '../../energy/ledger.js';
import { InterruptedError, UsageError } from '../../util/errors.js';
import { stream } from '../../util/rng.js';
import type { EventPropConfig, WeightInit } from './config.js';
import { Crew } from './crew.js';
import { refuseDivergence } from './divergence.js';
import type { SpikeData } from './encode.js';
import type { TimedSpikes } from './exact/timed-spikes.js';
import { CONTROL } from './layout.js';
import { memoryOf, type TrainerMemory } from './trainer-memory.js';

/** Batches are handed to the workers in chunks of about this many samples: some tens of milliseconds. */
const SAMPLES_PER_CHUNK = 2048;

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

/** What training or inference did so far, summed over samples. */
interface Activity {
  samples: number;
  /** Spikes of each neuron, for every population that spikes: inputs first. */
  spikes: Float64Array[];
  /** Neurons brought up to date, by projection. */
  updates: Float64Array;
}

/**
 * Trains a spiking classifier by EventProp (Wunderlich and Pehle 2021), the samples of a batch spread over worker
 * threads. The same seed gives the same weights, bit for bit, with any number of threads.
 *
 * Forward and adjoint equations: kernels/spiking-layer/reference.ts on a time grid, exact.ts beside it without one.
 * The answer is the mean membrane potential of leaky, non-spiking readout neurons; the loss is the cross-entropy of
 * its softmax (L_sum of Nowotny, Turner and Knight 2025, doi 10.1088/2634-4386/ada852). Without a grid it may also be
 * the first spike of each neuron of a last, spiking layer.
 */
export class EventPropTrainer {
  private readonly at: TrainerMemory;
  private readonly crew: Crew;
  private readonly training: Activity;
  private readonly inference: Activity;
  private stepsDone = 0;
  private epochsDone = 0;

  /**
   * Lays out one shared memory, draws the initial weights and starts the workers. Call `close` when done.
   *
   * @throws UsageError if configuration and data do not fit each other
   */
  constructor(
    readonly config: EventPropConfig,
    private readonly train: SpikeData | TimedSpikes,
    private readonly test: SpikeData | TimedSpikes,
  ) {
    this.at = memoryOf(config, train, test);
    const { layout, memory, projections } = this.at;
    for (const [p, { init }] of projections.entries()) this.setWeights(p, drawnWeights(config, init, p));
    const activity = (): Activity => ({
      samples: 0,
      spikes: [config.sizes[0], ...layout.threads[0].counts.map((_, l) => config.sizes[l + 1])].map(
        (neurons) => new Float64Array(neurons),
      ),
      updates: new Float64Array(projections.length),
    });
    this.training = activity();
    this.inference = activity();
    this.crew = new Crew(layout.threads.map((_, thread) => ({ config, layout, memory, thread })));
  }

  /** Learns every training sample once, in a new random order. */
  async epoch({ rate, signal, progress }: EpochOptions): Promise<EpochResult> {
    const { batch, seed } = this.config;
    const samples = this.train.count;
    const batches = Math.ceil(samples / batch);
    const order = stream(seed, `order of epoch ${this.epochsDone}`).permutation(samples);
    this.at.u32(this.at.layout.order, samples).set(order);
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
    this.takeActivity(samples, this.training, this.at.layout.inputSpikes);
    const losses = this.at.f32(this.at.layout.loss, samples);
    let sum = 0;
    for (let i = 0; i < samples; i++) sum += losses[i];
    return { loss: sum / samples };
  }

  /** Shows the network the test (or the training) samples; the ledger books them as inferences. */
  async evaluate(which: 'test' | 'train' = 'test'): Promise<EvaluationResult> {
    const data = which === 'test' ? this.test : this.train;
    await this.crew.run({ do: 'evaluate', data: which });
    this.refuseDivergence();
    const before = this.inference.spikes.map(total);
    this.takeActivity(data.count, this.inference);
    const answers = this.at.u8(this.at.layout[which].answers, data.count).slice();
    let right = 0;
    for (let s = 0; s < data.count; s++) if (answers[s] === data.labels[s]) right++;
    const [input, ...hidden] = this.inference.spikes.map((counts, p) => total(counts) - before[p]);
    return {
      accuracy: right / data.count,
      answers,
      inputSpikesPerSample: input / data.count,
      hiddenSpikesPerSample: hidden.reduce((sum, n) => sum + n, 0) / data.count,
    };
  }

  /** Weights of projection `p`, f32[sources][targets]. Recurrent projections come after the others. */
  weights(p: number): Float32Array {
    const { weights, synapses } = this.at.layout.layers[p];
    return Float32Array.from(this.at.unblocked(p, this.at.f32(weights, synapses)));
  }

  /** Replaces the weights of projection `p`, [sources][targets]. */
  setWeights(p: number, weights: ArrayLike<number>): void {
    this.at.setWeights(p, weights);
  }

  /** What the network did so far, in training and in inference. */
  async ledger(network: string, labels: Ledger['labels'] = {}): Promise<Ledger> {
    if (this.config.ledger === false)
      throw new UsageError('no ledger was kept', 'ledger', 'Leave it out, or say true.');
    await this.crew.run({ do: 'settle' });
    const { training, inference, at } = this;
    const layers = at.projections.map(({ name, source, target }, p): SpikingLayerLedger => {
      const { l0, l1Total, synapses } = at.layout.layers[p];
      const sent = ({ spikes }: Activity) => (target in spikes ? total(spikes[target]) : 0);
      return {
        name,
        channel: 'spike',
        sources: this.config.sizes[source],
        targets: this.config.sizes[target],
        inferenceSpikes: inference.spikes[source].slice(),
        trainingSpikes: training.spikes[source].slice(),
        inferenceNeuronUpdates: inference.updates[p],
        trainingNeuronUpdates: training.updates[p],
        // A population that two projections enter is booked with the first.
        inferenceTargetSpikes: source === target ? 0 : sent(inference),
        trainingTargetSpikes: source === target ? 0 : sent(training),
        backwardMacsPerSpike: source === 0 ? 0 : 1,
        changes: {
          steps: this.stepsDone,
          l0: Uint32Array.from(at.unblocked(p, at.u32(l0, synapses))),
          l1Quanta: at.unblocked(p, new Float64Array(at.memory.buffer, l1Total, synapses)),
        },
      };
    });
    const { samples: inferences } = inference;
    return { network, labels, inferences, trainingSamples: training.samples, layers };
  }

  /** Ends the worker threads. */
  close(): Promise<void> {
    return this.crew.close();
  }

  private refuseDivergence(): void {
    const control = this.at.i32(this.at.layout.control, CONTROL.words);
    refuseDivergence(control, `in epoch ${this.epochsDone + 1}`, this.config.neuron.theta);
  }

  /** Moves what the threads counted since the last call into `into`; their counters are cleared. */
  private takeActivity(samples: number, into: Activity, input?: number): void {
    const { layout } = this.at;
    into.samples += samples;
    const move = (address: number, totals: Float64Array) => {
      const counter = this.at.u32(address, totals.length);
      for (let i = 0; i < totals.length; i++) totals[i] += counter[i];
      counter.fill(0);
    };
    if (input !== undefined) move(input, into.spikes[0]);
    for (const [t, thread] of layout.threads.entries()) {
      if (input === undefined) move(thread.inputCounts, into.spikes[0]);
      for (const [l, address] of thread.counts.entries()) move(address, into.spikes[l + 1]);
      this.at.takeUpdates(t, samples, into.updates);
    }
  }
}

/** Initial weights of the projection from population l to the next. */
export function initialWeights(config: EventPropConfig, l: number): Float64Array {
  return drawnWeights(config, config.init[l], l);
}

/** Normal weights from a stream of the projection's own, [sources][targets]. */
export function drawnWeights(config: EventPropConfig, { mean, sd }: WeightInit, p: number): Float64Array {
  const forward = config.sizes.length - 1;
  const [sources, targets] =
    p < forward ? [config.sizes[p], config.sizes[p + 1]] : recurrentSizes(config)[p - forward];
  const { normal } = stream(config.seed, `weights of projection ${p}`);
  return Float64Array.from({ length: sources * targets }, () => mean + sd * normal());
}

function recurrentSizes({ sizes, recurrent = [] }: EventPropConfig): [number, number][] {
  return recurrent.flatMap((init, h): [number, number][] => (init ? [[sizes[h + 1], sizes[h + 1]]] : []));
}

function total(counts: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += counts[i];
  return sum;
}
