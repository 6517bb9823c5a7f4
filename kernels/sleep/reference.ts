import type { Matrix } from '../compile/propagator.js';

/** (x, 1) after one application of a propagator whose last row is (0, …, 0, 1). */
function leap(propagator: Matrix, x: readonly number[]): number[] {
  return x.map((_, v) => propagator[v].reduce((sum, entry, j) => sum + entry * (j < x.length ? x[j] : 1), 0));
}

/** x after `missed` steps without input, and then the input of the step that has come. */
export function receive(
  propagator: Matrix,
  x: readonly number[],
  missed: number,
  input: readonly number[],
): number[] {
  let state = [...x];
  for (let k = 0; k < missed; k++) state = leap(propagator, state);
  return state.map((value, v) => value + input[v]);
}

/** The highest value that variable `which` can reach at any of the next `steps` steps, without input. */
export function highest(propagator: Matrix, x: readonly number[], which: number, steps: number): number {
  let most = Number.NEGATIVE_INFINITY;
  let state = [...x];
  for (let k = 0; k < steps; k++) {
    state = leap(propagator, state);
    most = Math.max(most, state[which]);
  }
  return most;
}
