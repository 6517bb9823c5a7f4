import type { Phase } from './shared-phases.js';
import type { UpdateTask } from './update-tasks.js';

/** A run of batches of one epoch. */
export interface Chunk {
  epoch: number;
  firstBatch: number;
  batches: number;
  /** Optimiser steps taken before this chunk. */
  stepsDone: number;
  /** Learning rate of each batch. */
  rates: Float64Array;
}

/** What there is to do in a batch: `b` is its place in the epoch. */
export interface BatchWork {
  samplesIn(b: number): number;
  prepareInput(chunk: Chunk, b: number): void;
  trainSample(b: number, slot: number): void;
  /** Files the spikes of a batch that enter a layer as events by source. */
  fileEvents(layer: number, b: number): void;
  /** Layers but the first whose spikes have to be filed, after all samples. */
  filedLater: readonly number[];
  updateTasks: readonly UpdateTask[];
  update(task: UpdateTask, b: number, step: number, rate: number): void;
}

/** Trains the batches of a chunk, in phases that the threads share. */
export function trainBatches(chunk: Chunk, phase: Phase, work: BatchWork): void {
  const { updateTasks, filedLater } = work;
  const last = chunk.firstBatch + chunk.batches - 1;
  phase(1, () => work.prepareInput(chunk, chunk.firstBatch));
  for (let b = chunk.firstBatch; b <= last; b++) {
    const step = chunk.stepsDone + (b - chunk.firstBatch) + 1;
    const rate = chunk.rates[b - chunk.firstBatch];
    // The input's events depend on the lists alone: filing them is one more task beside the samples.
    phase(work.samplesIn(b) + 1, (task) =>
      task === 0 ? work.fileEvents(0, b) : work.trainSample(b, task - 1),
    );
    if (filedLater.length > 0) phase(filedLater.length, (task) => work.fileEvents(filedLater[task], b));
    phase(updateTasks.length + 1, (task) => {
      if (task > 0) work.update(updateTasks[task - 1], b, step, rate);
      else if (b < last) work.prepareInput(chunk, b + 1);
    });
  }
}
