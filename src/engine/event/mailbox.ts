import { partsOf } from './layout.js';
import type { Plan } from './plan.js';
import type { Slice } from './slice.js';

/**
 * Where slices leave the spikes of a window for the others: two boxes for each slice, used in turn, so that one
 * meeting of the threads per window is enough. A box holds the number of spikes of each population in each step,
 * then their indices in this order.
 */
export class Mailbox {
  private readonly words: Int32Array;
  /** Where the first box of each slice begins, and how long it is. */
  private readonly starts: number[] = [];
  private readonly lengths: number[] = [];
  private readonly header: number;

  constructor(
    private readonly plan: Plan,
    readonly memory: SharedArrayBuffer = new SharedArrayBuffer(bytesOf(plan)),
  ) {
    this.words = new Int32Array(memory);
    this.header = plan.populations.length * plan.window;
    let at = 0;
    for (let slice = 0; slice < plan.slices; slice++) {
      const length = boxWords(plan, slice);
      this.starts.push(at);
      this.lengths.push(length);
      at += 2 * length;
    }
  }

  /** Leaves the spikes of a slice's last window. */
  post(slice: Slice, turn: number): void {
    const { words, plan, header } = this;
    const box = this.box(slice.index, turn);
    let at = box + header;
    for (let population = 0; population < plan.populations.length; population++) {
      for (let i = 0; i < plan.window; i++) {
        const n = slice.spikes.count(population, i);
        words[box + population * plan.window + i] = n;
        const list = slice.spikes.list(population, i) >> 2;
        for (let k = 0; k < n; k++) words[at + k] = slice.spikes.words[list + k];
        at += n;
      }
    }
  }

  /**
   * Copies the spikes of the window from some slices, one behind the other; returns how many they are.
   * @param into indices, by population, then step, then slice
   * @param counts how many there are of each population in each step
   */
  collect(turn: number, slices: readonly number[], into: Int32Array, counts: Int32Array): number {
    const { words, header } = this;
    const boxes = slices.map((slice) => this.box(slice, turn));
    const read = boxes.map((box) => box + header);
    let at = 0;
    for (let entry = 0; entry < header; entry++) {
      const start = at;
      for (let b = 0; b < boxes.length; b++) {
        const n = words[boxes[b] + entry];
        for (let k = 0; k < n; k++) into[at + k] = words[read[b] + k];
        read[b] += n;
        at += n;
      }
      counts[entry] = at - start;
    }
    return at;
  }

  private box(slice: number, turn: number): number {
    return this.starts[slice] + (turn & 1) * this.lengths[slice];
  }
}

/** The most spikes that `size` neurons of a population can send in one window. */
export function mostSpikes(plan: Plan, population: number, size: number): number {
  const { refractorySteps } = plan.populations[population];
  return size * Math.min(plan.window, Math.ceil(plan.window / (refractorySteps + 1)));
}

function boxWords(plan: Plan, slice: number): number {
  const spikes = partsOf(plan, slice).reduce(
    (sum, { population, count }) => sum + mostSpikes(plan, population, count),
    0,
  );
  return plan.populations.length * plan.window + spikes;
}

function bytesOf(plan: Plan): number {
  let words = 0;
  for (let slice = 0; slice < plan.slices; slice++) words += 2 * boxWords(plan, slice);
  return 4 * words;
}
