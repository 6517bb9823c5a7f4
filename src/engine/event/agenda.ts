import type { Arena } from '../../../kernels/arena.js';
import { waitForChange } from '../../util/barrier.js';
import type { Plan } from './plan.js';

/** Words of an agenda: which part is to be claimed next, in which turn; how many are done; how many there are. */
const [CLAIM, DONE, PARTS, HEADER] = [0, 1, 2, 3];

/** Spikes of a part at the least: rows of a dozen are fetched together, so that fewer cost more each. */
const PART_SPIKES = 36;

/** Parts at the most: what one thread still does while the other waits for it should be little. */
const MOST_PARTS = 6;

/** Bits of a claim that tell the part; those above tell the turn, as far as they go. */
const PART_BITS = 4;

const partsIn = (window: number) => Math.min(window, MOST_PARTS);

/** Reserves an agenda that offers nothing yet; returns its address. */
export function placeAgenda({ window, populations }: Plan, arena: Arena): number {
  // For each part the step with which it begins, then where the spikes of each population and step begin.
  const words = arena.int32(HEADER + partsIn(window) + 1 + populations.length * window + 1);
  words[CLAIM] = closed(0);
  return words.byteOffset;
}

/** Some steps of a window: from … to before … */
export interface Part {
  from: number;
  to: number;
}

/**
 * The spikes of a window that are to be delivered to one slice, cut into parts of whole steps. It lies in the memory of
 * the slice, and any thread that knows it may claim a part: what is sent in different steps arrives in different
 * accumulators.
 */
export class Agenda {
  private readonly words: Int32Array;
  private readonly starts: Int32Array;
  private readonly offsets: Int32Array;

  /**
   * @param at address from `placeAgenda`
   * @param looks how often to look before going to sleep
   */
  constructor(
    private readonly plan: Plan,
    memory: WebAssembly.Memory,
    at: number,
    private readonly looks: number,
  ) {
    const parts = partsIn(plan.window);
    this.words = new Int32Array(memory.buffer, at, HEADER);
    this.starts = new Int32Array(memory.buffer, at + 4 * HEADER, parts + 1);
    const entries = plan.populations.length * plan.window;
    this.offsets = new Int32Array(memory.buffer, at + 4 * (HEADER + parts + 1), entries + 1);
  }

  /**
   * Cuts the spikes of `steps` steps into parts and offers them. All parts of the window before must be done.
   * @param counts how many there are of each population in each step; they are listed in this order
   */
  open(turn: number, steps: number, counts: Int32Array): void {
    const { words, starts, offsets, plan } = this;
    const { window, populations } = plan;
    for (let entry = 0; entry < counts.length; entry++) offsets[entry + 1] = offsets[entry] + counts[entry];
    const enough = Math.max(PART_SPIKES, offsets[counts.length] / MOST_PARTS);
    let parts = 0;
    let spikes = 0;
    for (let i = 0; i < steps; i++) {
      for (let population = 0; population < populations.length; population++)
        spikes += counts[population * window + i];
      if (spikes < enough) continue;
      starts[++parts] = i + 1;
      spikes = 0;
      if (parts === starts.length - 1) break;
    }
    // What is left over is too little for a part of its own.
    parts = Math.max(1, parts);
    starts[parts] = steps;
    words[PARTS] = parts;
    Atomics.store(words, DONE, 0);
    Atomics.store(words, CLAIM, tag(turn));
  }

  /** Claims a part of this turn; null if no more than `left` are to be had. */
  claim(turn: number, left = 0): Part | null {
    const { words, starts } = this;
    for (;;) {
      const seen = Atomics.load(words, CLAIM);
      const part = seen - tag(turn);
      if (part < 0 || part >= words[PARTS] - left) return null;
      if (Atomics.compareExchange(words, CLAIM, seen, seen + 1) === seen)
        return { from: starts[part], to: starts[part + 1] };
    }
  }

  /** Where the spikes of a population in a step begin in the list of all, and where they end. */
  spikes(population: number, step: number): [begin: number, end: number] {
    const entry = population * this.plan.window + step;
    return [this.offsets[entry], this.offsets[entry + 1]];
  }

  /** Tells that a claimed part is done. */
  done(): void {
    const { words } = this;
    if (Atomics.add(words, DONE, 1) + 1 === words[PARTS]) Atomics.notify(words, DONE);
  }

  /** Waits until all parts are done, and takes the offer back. */
  close(turn: number): void {
    const { words, looks } = this;
    for (;;) {
      const done = Atomics.load(words, DONE);
      if (done === words[PARTS]) break;
      waitForChange(words, DONE, done, looks);
    }
    // Who comes late must not take the number of parts of the next window for that of this one.
    Atomics.store(words, CLAIM, closed(turn));
  }
}

/** A claim of part 0; those of later turns are no claims of this one. */
function tag(turn: number): number {
  return (turn & (2 ** (30 - PART_BITS) - 1)) << PART_BITS;
}

/** A turn of which no part is to be had. */
function closed(turn: number): number {
  return tag(turn) + 2 ** PART_BITS - 1;
}
