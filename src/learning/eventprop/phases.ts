import { optimiserKernel } from '../../../kernels/optimiser/index.js';
import { type BatchWork, type Chunk, trainBatches } from './batches.js';
import type { EventPropConfig } from './config.js';
import { DIVERGED } from './divergence.js';
import { dropper } from './dropout.js';
import { CONTROL, type TrainerLayout } from './layout.js';
import type { Passes } from './passes.js';
import { type Phase, sharedPhases } from './shared-phases.js';
import { type UpdateTask, updateTasksOf } from './update-tasks.js';
import { weightChanger } from './weight-changer.js';

/** Samples of an evaluation that a thread takes at a time. */
const SAMPLES_PER_TASK = 64;

/** What a learner with a plasticity policy does in its own way (see plastic-trainer.ts); one thread alone. */
export interface LearningHooks {
  /** Takes the gradient of an update task in place of the optimiser's step. */
  change?: ReturnType<typeof weightChanger>;
  /** Whether to learn from a sample with this label; asked when its answer is there. */
  learnsFrom?: (slot: number, label: number) => boolean;
  /** Makes the gradient of a sample 0 that is not learnt from. */
  passOver?: (slot: number) => void;
}

/** Where a data set lies, as far as it does not matter how time is kept. */
interface DataPlaces {
  count: number;
  /** u8[count] */
  labels: number;
  answers: number;
}

type LayoutOf<Data> = TrainerLayout & { train: Data; test: Data };

/**
 * What one thread does. All threads call the same method at the same time; they share the work of a phase by
 * claiming tasks and meet between phases. Which thread does a task changes nothing in its result: a sample's
 * forward and backward pass stand alone, and the gradient of a synapse is summed by one thread in the order of
 * the samples.
 */
export class Phases<Data extends DataPlaces> implements BatchWork {
  readonly updateTasks: readonly UpdateTask[];
  readonly filedLater: readonly number[];
  private readonly optimiser;
  private readonly change;
  private readonly phase: Phase;
  private readonly control: Int32Array;
  private readonly f32: Float32Array;
  private readonly u32: Uint32Array;
  private readonly u8: Uint8Array;

  constructor(
    private readonly config: EventPropConfig,
    private readonly layout: LayoutOf<Data>,
    memory: WebAssembly.Memory,
    private readonly thread: number,
    private readonly passes: Passes<Data>,
    private readonly hooks: LearningHooks = {},
  ) {
    const { buffer } = memory;
    this.optimiser = optimiserKernel(memory);
    this.change = hooks.change ?? weightChanger(config, this.optimiser, layout.threads[thread]);
    this.control = new Int32Array(buffer, layout.control, CONTROL.words);
    this.phase = sharedPhases(this.control, config.threads);
    this.updateTasks = updateTasksOf(layout.layers);
    this.filedLater = passes.byEvents.slice(1);
    this.f32 = new Float32Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.u8 = new Uint8Array(buffer);
  }

  train(chunk: Chunk): void {
    trainBatches(chunk, this.phase, this);
  }

  /** Answers of the network to the samples of a data set, and what it did meanwhile. */
  evaluate(which: 'train' | 'test'): void {
    const { layout, passes, u8 } = this;
    const data = layout[which];
    this.phase(Math.ceil(data.count / SAMPLES_PER_TASK), (task) => {
      const end = Math.min((task + 1) * SAMPLES_PER_TASK, data.count);
      for (let index = task * SAMPLES_PER_TASK; index < end; index++) {
        // Slots of a batch are scratch here; a thread has one of its own.
        this.stopIf(passes.show(data, index, this.thread));
        u8[data.answers + index] = passes.named();
      }
    });
  }

  /** Brings the counters of L1 up to date. */
  settle(): void {
    const { layers } = this.layout;
    this.phase(layers.length, (p) => {
      const { synapses, l1, l1Total } = layers[p];
      this.optimiser.flush(synapses, l1, l1Total);
    });
  }

  samplesIn(b: number): number {
    const { batch } = this.config;
    return Math.min(batch, this.layout.train.count - b * batch);
  }

  /** Copies the input of a batch to its slots, dropping spikes at random. */
  prepareInput({ epoch }: Chunk, b: number): void {
    const { config, layout, passes } = this;
    for (let slot = 0; slot < this.samplesIn(b); slot++) {
      const position = b * config.batch + slot;
      passes.take(layout.train, this.sampleAt(position), slot, dropper(config, epoch, position));
    }
  }

  trainSample(b: number, slot: number): void {
    const { layout, passes, hooks } = this;
    const position = b * this.config.batch + slot;
    const label = this.u8[layout.train.labels + this.sampleAt(position)];
    this.stopIf(passes.forward(slot));
    this.f32[(layout.loss >> 2) + position] = passes.loss(slot, label);
    if (hooks.learnsFrom?.(slot, label) === false) hooks.passOver?.(slot);
    else passes.backward(slot);
  }

  fileEvents(projection: number, b: number): void {
    this.passes.file(projection, this.samplesIn(b));
  }

  /** Gradient and optimiser step of one run of rows of one block of one projection. */
  update(task: UpdateTask, b: number, step: number, rate: number): void {
    this.passes.gradient(task, this.samplesIn(b));
    const wentTooFar = this.change(this.layout.layers[task.layer], task, step, rate);
    this.stopIf(wentTooFar ? DIVERGED.weight : 0);
  }

  private sampleAt(position: number): number {
    return this.u32[(this.layout.order >> 2) + position];
  }

  private stopIf(diverged: number): void {
    if (diverged !== 0) Atomics.store(this.control, CONTROL.diverged, diverged);
  }
}
