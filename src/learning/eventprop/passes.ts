import type { UpdateTask } from './update-tasks.js';

/**
 * What one thread does with samples, on a time grid (grid-passes.ts) or in exact time (exact/passes.ts). Samples of a
 * batch lie in slots; what is learnt from them is left there until all have been shown.
 */
export interface Passes<Data> {
  /** Copies the input of a sample to a slot, leaving out what `drops` says. */
  take(data: Data, index: number, slot: number, drops?: () => boolean): void;
  /** Runs the network on the input in a slot; 0, or why training has diverged (DIVERGED). */
  forward(slot: number): number;
  /** Runs the network on a sample, counts its input spikes, and leaves a slot in any state; 0 or why it diverged. */
  show(data: Data, index: number, slot: number): number;
  /** The answer to the last sample, an entry a class … */
  readonly answer: Float32Array | Float64Array;
  /** … and the class that it names. */
  named(): number;
  /** Loss of the sample that `forward` was run on. */
  loss(slot: number, label: number): number;
  /** Runs the adjoint of that sample, after `loss`. */
  backward(slot: number): void;
  /** Projections whose gradient is a sum over events: the input's first. */
  readonly byEvents: readonly number[];
  /** Files the spikes that entered such a projection in the first `samples` slots as events by source. */
  file(projection: number, samples: number): void;
  /** Leaves the mean gradient of some rows over so many samples in the thread's scratch memory. */
  gradient(task: UpdateTask, samples: number): void;
}
