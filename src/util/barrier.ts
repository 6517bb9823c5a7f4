import { availableParallelism } from 'node:os';

/**
 * The most and the fewest looks before a thread goes to sleep; one takes some 13 ns. To be woken takes 50 microseconds,
 * and more on a machine that has other work.
 */
const MOST_LOOKS = 20_000;
const FEWEST_LOOKS = 500;

/** Words of the shared array that a barrier takes. */
export const BARRIER_WORDS = 2;

/**
 * One thread's place at a barrier: it lets nobody go on until all have come. `arrive` and `wait` may be apart: what is
 * done in between needs nothing of the others, and gives them time to come.
 */
export class Barrier {
  /** How often to look before going to sleep: more where that was enough lately, less where it was in vain. */
  private looks = MOST_LOOKS;
  private meeting = 0;

  /** @param words two words of shared memory, zero at first: how many have come, and which meeting it is */
  constructor(
    private readonly words: Int32Array,
    private readonly threads: number,
  ) {
    // Threads that share a core hold each other up by looking.
    if (threads > availableParallelism()) this.looks = 0;
  }

  /** @param last done once, by the thread that comes last, before any of them goes on */
  arrive(last?: () => unknown): void {
    const { words, threads } = this;
    if (threads === 1) return void last?.();
    this.meeting = Atomics.load(words, 1);
    if (Atomics.add(words, 0, 1) < threads - 1) return;
    Atomics.store(words, 0, 0);
    last?.();
    Atomics.add(words, 1, 1);
    Atomics.notify(words, 1);
  }

  /** Waits for the others. */
  wait(): void {
    const { words, meeting, looks } = this;
    if (this.threads === 1) return;
    if (changesWhileLooking(words, 1, meeting, looks)) {
      this.looks = Math.min(MOST_LOOKS, 2 * looks);
      return;
    }
    if (looks > 0) this.looks = Math.max(FEWEST_LOOKS, looks >> 1);
    while (Atomics.load(words, 1) === meeting) Atomics.wait(words, 1, meeting);
  }

  meet(last?: () => unknown): void {
    this.arrive(last);
    this.wait();
  }
}

/**
 * Looks at most `looks` times whether a word is no longer `value`. A function of its own: compiled in the middle of its
 * loop, it needs to know nothing of what comes after.
 */
function changesWhileLooking(words: Int32Array, word: number, value: number, looks: number): boolean {
  for (let look = 0; look < looks; look++) if (Atomics.load(words, word) !== value) return true;
  return false;
}
