/** Rows in which every target has its place: one weight for each, sixteen to a block, [blocks][sources][16]. */

const ROW_BYTES: usize = 64;

/** Adds the rows of the sources listed from `next` to before `end` to sixteen accumulators. */
// @ts-ignore: decorator
@inline
function addRows<Weight, Index>(acc: usize, rows: usize, next: usize, end: usize): void {
  if (next >= end) return;
  // What arrives in a step is added up first: that sum is exact, in any order, for whole multiples of a power of two.
  let s0 = v128.splat<Weight>(0), s1 = s0, s2 = s0, s3 = s0;
  do {
    const row = rows + <usize>load<Index>(next) * ROW_BYTES;
    s0 = v128.add<Weight>(s0, v128.load(row, 0));
    s1 = v128.add<Weight>(s1, v128.load(row, 16));
    s2 = v128.add<Weight>(s2, v128.load(row, 32));
    s3 = v128.add<Weight>(s3, v128.load(row, 48));
    next += sizeof<Index>();
  } while (next < end);
  v128.store(acc, v128.add<Weight>(v128.load(acc, 0), s0), 0);
  v128.store(acc, v128.add<Weight>(v128.load(acc, 16), s1), 16);
  v128.store(acc, v128.add<Weight>(v128.load(acc, 32), s2), 32);
  v128.store(acc, v128.add<Weight>(v128.load(acc, 48), s3), 48);
}

/**
 * The spikes of a window to f32[steps][blocks][16]: those of step k, spikes[starts[k] … starts[k+1]), arrive in it.
 *
 * @param starts u16[steps + 1]
 * @param spikes u16[]
 */
export function deliverDenseWindow(
  steps: i32, starts: usize, spikes: usize, sources: i32, blocks: i32, weights: usize, acc: usize,
): void {
  const stepBytes = <usize>blocks * ROW_BYTES;
  for (let block: i32 = 0; block < blocks; block++) {
    let next = spikes;
    let at = acc;
    for (let k: i32 = 1; k <= steps; k++) {
      const end = spikes + 2 * <usize>load<u16>(starts + 2 * <usize>k);
      addRows<f32, u16>(at, weights, next, end);
      next = end;
      at += stepBytes;
    }
    weights += <usize>sources * ROW_BYTES;
    acc += ROW_BYTES;
  }
}

/** The `n` spikes listed at `spikes`, u32[n], to f32[blocks][16]. */
export function deliverDense(
  spikes: usize, n: i32, sources: i32, blocks: i32, weights: usize, acc: usize,
): void {
  addAll<f32>(spikes, n, sources, blocks, weights, acc);
}

/** The same with weights and accumulators in quanta, i32. */
export function deliverDenseQuanta(
  spikes: usize, n: i32, sources: i32, blocks: i32, weights: usize, acc: usize,
): void {
  addAll<i32>(spikes, n, sources, blocks, weights, acc);
}

// @ts-ignore: decorator
@inline
function addAll<Weight>(spikes: usize, n: i32, sources: i32, blocks: i32, weights: usize, acc: usize): void {
  const end = spikes + 4 * <usize>n;
  for (let block: i32 = 0; block < blocks; block++) {
    addRows<Weight, u32>(acc, weights, spikes, end);
    weights += <usize>sources * ROW_BYTES;
    acc += ROW_BYTES;
  }
}
