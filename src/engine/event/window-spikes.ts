import type { PartState } from './place-part.js';

/** The spikes of a slice's neurons in the steps of a window. They lie in the slice's memory. */
export class WindowSpikes {
  /** @param counts address of as many words as there are populations and steps */
  constructor(
    private readonly parts: readonly PartState[],
    private readonly window: number,
    private readonly counts: number,
    readonly words: Int32Array,
  ) {}

  clear(): void {
    this.words.fill(0, this.counts / 4, this.counts / 4 + this.parts.length * this.window);
  }

  /** How many neurons of a population (in this slice) spiked in the `i`-th step of the window … */
  count(population: number, i: number): number {
    return this.words[this.countAddress(population, i) >> 2];
  }

  /** … and the address of the list of their indices in the population. */
  list(population: number, i: number): number {
    const part = this.parts[population];
    return part.spikeLists + i * part.listBytes;
  }

  countAddress(population: number, i: number): number {
    return this.counts + 4 * (population * this.window + i);
  }
}
