import { Arena } from '../arena.js';
import { loadKernel } from '../load.js';

/** Counts of one array of weights, and the place in the kernel's memory to put their new values. */
export interface ChangeCounter {
  /** Write the weights as they are now here, then call `count`. */
  readonly now: Float32Array;
  readonly l0: Uint32Array;
  readonly l1Quanta: Float64Array;
  /** Compares `now` with the values at the last call (0 before the first); returns how many weights changed. */
  count(): number;
  /** Takes the values in `now` as the starting point, without counting. */
  start(): void;
}

/** A WASM counter (equations in reference.ts) for arrays of the given lengths; they share one memory. */
export function changeCounters(lengths: readonly number[]): ChangeCounter[] {
  const arena = new Arena();
  const { weightChange } = loadKernel('weight-change', arena.memory);
  return lengths.map((length) => {
    const padded = Math.ceil(length / 4) * 4;
    const previous = arena.float32(padded);
    const now = arena.float32(padded);
    const l0 = arena.uint32(padded);
    const l1 = arena.float64(padded);
    return {
      now: now.subarray(0, length),
      l0: l0.subarray(0, length),
      l1Quanta: l1.subarray(0, length),
      count: () =>
        weightChange(previous.byteOffset, now.byteOffset, l0.byteOffset, l1.byteOffset, padded) >>> 0,
      start: () => previous.set(now),
    };
  });
}
