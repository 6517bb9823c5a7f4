/**
 * A layer of leaky integrate-and-fire neurons over whole windows of a batch, on dense row-major arrays.
 * The same as plain.ts, four neurons at a time; equations, shapes and the time axis are told there.
 */
import { dot } from '../dot.wasm';

export { eventAdjoint, eventGradient, surrogateAdjoint } from './adjoint.wasm';
export { sumBySource } from './by-source.wasm';
export { forward } from './forward.wasm';

/**
 * The sources that spike, row by row, as a list: `events[starts[row] … starts[row+1])`. Rows are samples × steps.
 *
 * @param input f32[rows][sources], 0 where a source is silent
 * @param starts out i32[rows + 1]
 * @param events out i32[rows·sources] or as many as there are spikes
 */
export function list(rows: i32, sources: i32, input: usize, starts: usize, events: usize): void {
  let count: i32 = 0;
  for (let row: i32 = 0; row < rows; row++) {
    store<i32>(starts + (<usize>row << 2), count);
    let i: i32 = 0;
    for (; i + 16 <= sources; i += 16) {
      const any = v128.or(
        v128.or(v128.load(input, 0), v128.load(input, 16)),
        v128.or(v128.load(input, 32), v128.load(input, 48)),
      );
      if (v128.any_true(any)) count = listSome(i, 16, input, events, count);
      input += 64;
    }
    count = listSome(i, sources - i, input, events, count);
    input += <usize>(sources - i) << 2;
  }
  store<i32>(starts + (<usize>rows << 2), count);
}

function listSome(first: i32, number: i32, input: usize, events: usize, count: i32): i32 {
  for (let i: i32 = 0; i < number; i++) {
    if (load<f32>(input + (<usize>i << 2)) != 0) {
      store<i32>(events + (<usize>count << 2), first + i);
      count++;
    }
  }
  return count;
}

export function backproject(
  rows: i32, sources: i32, targets: i32, starts: usize, events: usize, weights: usize, vectors: usize, error: usize,
): void {
  const rowBytes = <usize>targets << 2;
  memory.fill(error, 0, <usize>rows * (<usize>sources << 2));
  for (let row: i32 = 0; row < rows; row++) {
    const to = events + (<usize>load<i32>(starts, 4) << 2);
    for (let event = events + (<usize>load<i32>(starts, 0) << 2); event < to; event += 4) {
      const source = <usize>load<i32>(event);
      store<f32>(error + (source << 2), dot(rowBytes, weights + source * rowBytes, vectors));
    }
    starts += 4;
    error += <usize>sources << 2;
    vectors += rowBytes;
  }
}
