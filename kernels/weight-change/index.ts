import { Arena } from '../arena.js';
import { loadKernel } from '../load.js';

/** Counts of what happened to an array of weights. */
export interface ChangeCounter {
  /** Takes the weights after one more step; the first call gives the weights before all steps. */
  add(weights: Float32Array): void;
  /** Counts what was added and not counted yet: call it before reading the counts. */
  finish(): void;
  readonly l0: Uint32Array;
  readonly l1Quanta: Float64Array;
}

/** Steps kept before they are counted together. */
const STEPS_AT_ONCE = 8;

/** A WASM counter (equations in reference.ts) for arrays of the given lengths; they share one memory. */
export function changeCounters(lengths: readonly number[]): ChangeCounter[] {
  const arena = new Arena();
  const { weightChange } = loadKernel('weight-change', arena.memory);
  return lengths.map((length) => {
    const row = Math.ceil(length / 4) * 4;
    const history = arena.float32((STEPS_AT_ONCE + 1) * row);
    const l0 = arena.uint32(row);
    const l1 = arena.float64(row);
    /** Rows of `history` in use. */
    let rows = 0;

    function finish(): void {
      if (rows < 2) return;
      weightChange(history.byteOffset, rows - 1, l0.byteOffset, l1.byteOffset, row);
      history.copyWithin(0, (rows - 1) * row, rows * row);
      rows = 1;
    }

    function add(weights: Float32Array): void {
      history.set(weights, rows * row);
      rows += 1;
      if (rows > STEPS_AT_ONCE) finish();
    }

    return { add, finish, l0: l0.subarray(0, length), l1Quanta: l1.subarray(0, length) };
  });
}
