import { gradientKernel } from '../../../kernels/gradient/index.js';
import { optimiserKernel } from '../../../kernels/optimiser/index.js';
import { spikeListsKernel } from '../../../kernels/spike-lists/index.js';
import type { SpikeList } from '../../../kernels/spiking-layer/forward.js';
import { named } from '../named.js';
import { type Chunk, trainBatches } from './batches.js';
import type { EventPropConfig } from './config.js';
import { DIVERGED } from './divergence.js';
import { dropper } from './dropout.js';
import { CONTROL, type DataLayout, type Layout } from './layout.js';
import { listAt, ROW_BYTES, samplePasses } from './sample.js';
import { sharedPhases } from './shared-phases.js';
import { type UpdateTask, updateTasksOf } from './update-tasks.js';
import { weightChanger } from './weight-changer.js';

/** What a learner with a plasticity policy does in its own way (see plastic-trainer.ts); one thread alone. */
export interface LearningHooks {
  /** Takes the gradient of an update task in place of the optimiser's step. */
  change?: ReturnType<typeof weightChanger>;
  /** Whether to learn from a sample with this label, asked when its answer (f32, an entry a class) is there. */
  learnsFrom?: (slot: number, label: number, answer: Float32Array) => boolean;
}

/**
 * What one thread does. All threads call the same method at the same time; they share the work of a phase by
 * claiming tasks and meet between phases. Which thread does a task changes nothing in its result: a sample's
 * forward and backward pass stand alone, and the gradient of a synapse is summed by one thread in the order of
 * the samples.
 */
export function phasesOf(
  config: EventPropConfig,
  layout: Layout,
  memory: WebAssembly.Memory,
  thread: number,
  hooks: LearningHooks = {},
) {
  const gradient = gradientKernel(memory);
  const optimiser = optimiserKernel(memory);
  const lists = spikeListsKernel(memory);
  const { answer, forward, loss, backward, passOver } = samplePasses(config, layout, memory, thread);

  const { neuron, batch, threads } = config;
  const { steps } = neuron;
  const { layers } = layout;
  const output = layers[layout.recurrent.length];
  const lastHidden = layers[layout.recurrent.length - 1];
  /** Projections whose events the hidden layers send. */
  const byHidden = layers.flatMap((at, l) => (l > 0 && at.lambdaI !== 0 ? [l] : []));
  const own = layout.threads[thread];

  const f32 = new Float32Array(memory.buffer);
  const u32 = new Uint32Array(memory.buffer);
  const u16 = new Uint16Array(memory.buffer);
  const u8 = new Uint8Array(memory.buffer);
  const control = new Int32Array(memory.buffer, layout.control, CONTROL.words);
  const phase = sharedPhases(control, threads);
  const change = hooks.change ?? weightChanger(config, optimiser, own);

  const samplesIn = (b: number) => Math.min(batch, layout.train.count - b * batch);

  /** Copies the input lists of a batch to its slots, dropping spikes at random. */
  function prepareInput(chunk: Chunk, b: number): void {
    const at = layers[0];
    const { train } = layout;
    for (let slot = 0; slot < samplesIn(b); slot++) {
      const position = b * batch + slot;
      const sample = u32[(layout.order >> 2) + position];
      const drops = dropper(config, chunk.epoch, position);
      let from = (train.spikes >> 1) + u32[(train.offsets >> 2) + sample];
      const startsOf = (train.starts >> 1) + sample * (steps + 1);
      const list = listAt(at, slot);
      const [starts, spikes] = [list.starts >> 1, list.spikes >> 1];
      let kept = 0;
      u16[starts] = 0;
      for (let k = 0; k < steps; k++) {
        for (let left = u16[startsOf + k + 1] - u16[startsOf + k]; left > 0; left--, from++) {
          if (drops === undefined || !drops()) u16[spikes + kept++] = u16[from];
        }
        u16[starts + k + 1] = kept;
      }
    }
  }

  /** Files the spikes of a batch that enter layer `l` as events by source; those of the input are counted. */
  function fileEvents(l: number, b: number): void {
    const at = layers[l];
    lists.clear(at.sources, at.rowStarts);
    for (let slot = 0; slot < samplesIn(b); slot++) {
      const { starts, spikes } = listAt(at, slot);
      lists.count(u16[(starts >> 1) + steps], spikes, at.rowStarts);
    }
    lists.offsets(at.sources, at.rowStarts);
    for (let slot = 0; slot < samplesIn(b); slot++) {
      const { starts, spikes } = listAt(at, slot);
      lists.file(steps, starts, spikes, slot * steps, at.rowStarts, at.events);
    }
    if (l > 0) return;
    const rows = at.rowStarts >> 2;
    const total = layout.inputSpikes >> 2;
    for (let i = 0; i < at.sources; i++) u32[total + i] += u32[rows + i + 1] - u32[rows + i];
  }

  function show(input: SpikeList, slot: number): void {
    if (!forward(input, slot)) Atomics.store(control, CONTROL.diverged, DIVERGED.potential);
  }

  function trainSample(b: number, slot: number): void {
    const position = b * batch + slot;
    const label = u8[layout.train.labels + u32[(layout.order >> 2) + position]];
    show(listAt(layers[0], slot), slot);
    const error = output.error + slot * output.blocks * ROW_BYTES;
    f32[(layout.loss >> 2) + position] = loss(label, error);
    if (hooks.learnsFrom?.(slot, label, answer) === false) passOver(slot, error);
    else backward(slot);
  }

  /** Gradient and optimiser step of one run of rows of one block of one layer. */
  function update(task: UpdateTask, b: number, step: number, rate: number): void {
    const at = layers[task.layer];
    const samples = samplesIn(b);
    if (at.lambdaI !== 0) {
      const vectors = at.lambdaI + task.block * at.lambdaStride;
      const scale = -neuron.tauSMs / samples;
      gradient.fromEvents(
        task.firstRow,
        task.lastRow,
        at.rowStarts,
        at.events,
        vectors,
        scale,
        own.gradient,
        own.active,
      );
    } else {
      gradient.fromDrive(
        task.firstRow,
        task.lastRow,
        samples,
        lastHidden.drive,
        lastHidden.blocks * ROW_BYTES,
        at.error + task.block * ROW_BYTES,
        at.blocks * ROW_BYTES,
        1 / samples,
        own.gradient,
        own.active,
      );
    }
    if (change(at, task, step, rate)) Atomics.store(control, CONTROL.diverged, DIVERGED.weight);
  }

  const updateTasks = updateTasksOf(layers);
  const work = {
    samplesIn,
    prepareInput,
    trainSample,
    fileEvents,
    filedLater: byHidden,
    updateTasks,
    update,
  };

  function train(chunk: Chunk): void {
    trainBatches(chunk, phase, work);
  }

  /** Answers of the network to the samples of a data set, and what it did meanwhile (own.counts, own.inputCounts). */
  function evaluate(data: DataLayout): void {
    const perTask = 64;
    phase(Math.ceil(data.count / perTask), (task) => {
      const end = Math.min((task + 1) * perTask, data.count);
      for (let sample = task * perTask; sample < end; sample++) {
        const offset = u32[(data.offsets >> 2) + sample];
        const starts = data.starts + sample * (steps + 1) * 2;
        // Slots of a batch are scratch here; a thread has one of its own.
        show({ starts, spikes: data.spikes + offset * 2 }, thread);
        u8[data.answers + sample] = named(answer);
        const spikes = (data.spikes >> 1) + offset;
        for (let i = 0; i < u16[(starts >> 1) + steps]; i++) u32[(own.inputCounts >> 2) + u16[spikes + i]]++;
      }
    });
  }

  /** Brings the counters of L1 up to date. */
  function settle(): void {
    phase(layers.length, (l) => {
      const at = layers[l];
      optimiser.flush(at.synapses, at.l1, at.l1Total);
    });
  }

  return { train, evaluate, settle };
}
