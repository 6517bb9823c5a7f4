import { availableParallelism } from 'node:os';

/** Looks this often before going to sleep, where every thread has a core of its own. */
const SPINS = 4000;

/** Words of the shared array that a barrier takes. */
export const BARRIER_WORDS = 2;

/**
 * Waits until all threads have come here.
 * @param words two words of shared memory, zero at first: how many have come, and which meeting it is
 * @param last done once, by the thread that comes last, before any of them goes on
 */
export function meet(words: Int32Array, threads: number, last?: () => unknown): void {
  if (threads === 1) {
    last?.();
    return;
  }
  const meeting = Atomics.load(words, 1);
  if (Atomics.add(words, 0, 1) === threads - 1) {
    Atomics.store(words, 0, 0);
    last?.();
    Atomics.add(words, 1, 1);
    Atomics.notify(words, 1);
    return;
  }
  if (threads <= CORES) {
    for (let spin = 0; spin < SPINS; spin++) if (Atomics.load(words, 1) !== meeting) return;
  }
  while (Atomics.load(words, 1) === meeting) Atomics.wait(words, 1, meeting);
}

const CORES = availableParallelism();
