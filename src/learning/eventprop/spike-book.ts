import type { EventPropConfig } from './config.js';
import { listAt } from './grid-passes.js';
import type { Layout } from './layout.js';
import type { TrainerMemory } from './trainer-memory.js';

/**
 * The spikes of a network with one hidden layer, neuron by neuron: of all samples shown in training, of those that were
 * learnt from, and of those shown in inference.
 */
export class SpikeBook {
  readonly training: readonly Float64Array[];
  readonly learnt: readonly Float64Array[];
  readonly inference: readonly Float64Array[];
  /** Whether each sample of the batch was learnt from. */
  private learntInBatch: boolean[] = [];
  /** Spikes of the hidden units for each sample of a batch. */
  private readonly hiddenOf: Uint32Array[];
  private readonly hiddenBefore: Uint32Array;

  constructor(
    private readonly config: EventPropConfig,
    private readonly layout: Layout,
    private readonly at: TrainerMemory,
  ) {
    const counters = () => config.sizes.slice(0, -1).map((n) => new Float64Array(n));
    this.training = counters();
    this.learnt = counters();
    this.inference = counters();
    this.hiddenOf = Array.from({ length: config.batch }, () => new Uint32Array(config.sizes[1]));
    this.hiddenBefore = new Uint32Array(config.sizes[1]);
  }

  beginBatch(): void {
    this.learntInBatch = [];
    this.hiddenBefore.fill(0);
  }

  /** Notes what the sample in a slot of the batch, shown just now, made the hidden units do. */
  noteSample(slot: number, learnt: boolean): void {
    this.learntInBatch[slot] = learnt;
    const counts = this.at.u32(this.layout.threads[0].counts[0], this.hiddenBefore.length);
    for (let j = 0; j < counts.length; j++) this.hiddenOf[slot][j] = counts[j] - this.hiddenBefore[j];
    this.hiddenBefore.set(counts);
  }

  /** Books a batch of `count` samples; returns how many of them were learnt from. */
  endBatch(count: number): number {
    const { layout, at, config } = this;
    move(at.u32(layout.inputSpikes, config.sizes[0]), this.training[0]);
    move(at.u32(layout.threads[0].counts[0], config.sizes[1]), this.training[1]);
    const u16 = new Uint16Array(at.memory.buffer);
    for (let slot = 0; slot < count; slot++) {
      if (!this.learntInBatch[slot]) continue;
      const list = listAt(layout.layers[0], slot);
      const [starts, spikes] = [list.starts >> 1, list.spikes >> 1];
      for (let k = 0; k < u16[starts + config.neuron.steps]; k++) this.learnt[0][u16[spikes + k]]++;
      const sent = this.hiddenOf[slot];
      for (let j = 0; j < sent.length; j++) this.learnt[1][j] += sent[j];
    }
    return this.learntInBatch.filter(Boolean).length;
  }

  /** Books the spikes of an evaluation; returns how many the hidden units sent. */
  endInference(): number {
    const { layout, at, config } = this;
    const own = layout.threads[0];
    move(at.u32(own.inputCounts, config.sizes[0]), this.inference[0]);
    return move(at.u32(own.counts[0], config.sizes[1]), this.inference[1]);
  }
}

/** Empties a counter into another; returns its sum. */
function move(counter: Uint32Array, to: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < to.length; i++) {
    to[i] += counter[i];
    sum += counter[i];
  }
  counter.fill(0);
  return sum;
}
