import { exactLayerKernel } from '../../../../kernels/exact-layer/index.js';
import { optimiserKernel } from '../../../../kernels/optimiser/index.js';
import { spikeListsKernel } from '../../../../kernels/spike-lists/index.js';
import { BLOCK } from '../../../../kernels/spiking-layer/index.js';
import { type Chunk, trainBatches } from '../batches.js';
import type { EventPropConfig } from '../config.js';
import { DIVERGED } from '../divergence.js';
import { dropper } from '../dropout.js';
import { CONTROL } from '../layout.js';
import { sharedPhases } from '../shared-phases.js';
import { type UpdateTask, updateTasksOf } from '../update-tasks.js';
import { weightChanger } from '../weight-changer.js';
import type { ExactLayout, TimedDataLayout } from './layout.js';
import { samplePasses } from './sample.js';

/**
 * What one thread does, without a time grid: the same phases as ../phases.ts, the same independence of the number of
 * threads, by the same means.
 */
export function exactPhasesOf(
  config: EventPropConfig,
  layout: ExactLayout,
  memory: WebAssembly.Memory,
  thread: number,
) {
  const kernel = exactLayerKernel(memory);
  const optimiser = optimiserKernel(memory);
  const lists = spikeListsKernel(memory);
  const own = layout.threads[thread];
  const sample = samplePasses(config, layout, kernel, memory.buffer, thread);

  const f32 = new Float32Array(memory.buffer);
  const f64 = new Float64Array(memory.buffer);
  const i32 = new Int32Array(memory.buffer);
  const u32 = new Uint32Array(memory.buffer);
  const u16 = new Uint16Array(memory.buffer);
  const u8 = new Uint8Array(memory.buffer);
  const control = new Int32Array(memory.buffer, layout.control, CONTROL.words);
  const phase = sharedPhases(control, config.threads);
  const change = weightChanger(config, optimiser, own);
  const { batch, neuron } = config;
  const { layers } = layout;
  const updateTasks = updateTasksOf(layers);
  /** Projections whose gradient is a sum over events; the readout's is not. */
  const byEvents = [...layers.keys()].filter((p) => layers[p].lambda !== 0);

  const samplesIn = (b: number) => Math.min(batch, layout.train.count - b * batch);

  /** Copies the input list of a sample to a slot, leaving out what `drops` says. */
  function show(data: TimedDataLayout, index: number, slot: number, drops?: () => boolean): void {
    const input = layout.lists[0];
    const last = u32[(data.offsets >> 2) + index + 1];
    let to = slot * input.most;
    for (let k = u32[(data.offsets >> 2) + index]; k < last; k++) {
      if (drops?.()) continue;
      const time = u32[(data.timeOf >> 2) + k];
      u16[(input.neurons >> 1) + to] = u16[(data.spikes >> 1) + k];
      f64[(input.em >> 3) + to] = f64[(data.em >> 3) + time];
      f64[(input.es >> 3) + to] = f64[(data.es >> 3) + time];
      to++;
    }
    i32[(input.counts >> 2) + slot] = to - slot * input.most;
  }

  function prepareInput(chunk: Chunk, b: number): void {
    for (let slot = 0; slot < samplesIn(b); slot++) {
      const position = b * batch + slot;
      const index = u32[(layout.order >> 2) + position];
      show(layout.train, index, slot, dropper(config, chunk.epoch, position));
    }
  }

  /** Files the spikes of a batch that enter projection p as events by source; those of the input are counted. */
  function fileEvents(p: number, b: number): void {
    const at = layers[p];
    const from = layout.lists[at.source];
    const countIn = (slot: number) => i32[(from.counts >> 2) + slot];
    const neurons = (slot: number) => from.neurons + slot * from.most * 2;
    lists.clear(at.sources, at.rowStarts);
    for (let slot = 0; slot < samplesIn(b); slot++) lists.count(countIn(slot), neurons(slot), at.rowStarts);
    lists.offsets(at.sources, at.rowStarts);
    for (let slot = 0; slot < samplesIn(b); slot++) {
      const base = slot * from.most;
      if (at.recurrent) kernel.fileSpikes(countIn(slot), neurons(slot), base, at.rowStarts, at.events);
      else {
        const em = from.em + slot * from.most * 8;
        kernel.fileArrivals(countIn(slot), neurons(slot), em, base, at.rowStarts, at.events);
      }
    }
    if (p > 0) return;
    const rows = at.rowStarts >> 2;
    const total = layout.inputSpikes >> 2;
    for (let i = 0; i < at.sources; i++) u32[total + i] += u32[rows + i + 1] - u32[rows + i];
  }

  function trainSample(b: number, slot: number): void {
    const position = b * batch + slot;
    const label = u8[layout.train.labels + u32[(layout.order >> 2) + position]];
    if (!sample.forward(slot)) Atomics.store(control, CONTROL.diverged, DIVERGED.spikes);
    f32[(layout.loss >> 2) + position] = sample.loss(slot, label);
    sample.backward(slot);
  }

  /** Gradient and optimiser step of one run of rows of one block of one projection. */
  function update(task: UpdateTask, b: number, step: number, rate: number): void {
    const at = layers[task.layer];
    const samples = samplesIn(b);
    if (at.lambda !== 0) {
      kernel.fromRows(
        task.firstRow,
        task.lastRow,
        at.rowStarts,
        at.events,
        at.lambda + task.block * at.lambdaStride,
        -neuron.tauSMs / samples,
        own.gradient,
        own.active,
      );
    } else {
      kernel.fromDrive(
        task.firstRow,
        task.lastRow,
        samples,
        at.drive,
        at.sources * 8,
        at.error + task.block * BLOCK * 8,
        at.blocks * BLOCK * 8,
        1 / samples,
        own.gradient,
        own.active,
      );
    }
    if (change(at, task, step, rate)) Atomics.store(control, CONTROL.diverged, DIVERGED.weight);
  }

  const work = {
    samplesIn,
    prepareInput,
    trainSample,
    fileEvents,
    filedLater: byEvents.slice(1),
    updateTasks,
    update,
  };

  function train(chunk: Chunk): void {
    trainBatches(chunk, phase, work);
  }

  /** Answers of the network to the samples of a data set, and what it did meanwhile (own.counts, own.inputCounts). */
  function evaluate(data: TimedDataLayout): void {
    const perTask = 64;
    phase(Math.ceil(data.count / perTask), (task) => {
      const end = Math.min((task + 1) * perTask, data.count);
      for (let index = task * perTask; index < end; index++) {
        // Slots of a batch are scratch here; a thread has one of its own.
        show(data, index, thread);
        if (!sample.forward(thread)) Atomics.store(control, CONTROL.diverged, DIVERGED.spikes);
        u8[data.answers + index] = sample.named();
        const input = layout.lists[0];
        const first = (input.neurons >> 1) + thread * input.most;
        const spikes = i32[(input.counts >> 2) + thread];
        for (let k = 0; k < spikes; k++) u32[(own.inputCounts >> 2) + u16[first + k]]++;
      }
    });
  }

  /** Brings the counters of L1 up to date. */
  function settle(): void {
    phase(layers.length, (p) => optimiser.flush(layers[p].synapses, layers[p].l1, layers[p].l1Total));
  }

  return { train, evaluate, settle };
}
