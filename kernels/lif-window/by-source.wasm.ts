/** Sums of vectors over the rows in which a source spikes. */

/**
 * Sums the vectors of the rows in which each source spikes. The events are brought in order of source first, so that
 * a sum stays in registers; within a source they keep the order of rows.
 *
 * @param scratch i32[sources + 1 + events]
 */
export function sumBySource(
  rows: i32, sources: i32, targets: i32, starts: usize, events: usize, vectors: usize, gradient: usize, scratch: usize,
): void {
  const rowBytes = <usize>targets << 2;
  const ends = scratch;
  const bySource = scratch + (<usize>(sources + 1) << 2);
  sortBySource(rows, sources, starts, events, ends, bySource);
  let from = bySource;
  for (let source: i32 = 0; source < sources; source++) {
    const to = bySource + (<usize>load<i32>(ends + (<usize>source << 2)) << 2);
    sumRows(from, to, vectors, rowBytes, rowBytes, gradient);
    from = to;
    gradient += rowBytes;
  }
}

/** @param ends out i32[sources + 1]: the rows of source i end at bySource[ends[i]], where those of i + 1 begin */
export function sortBySource(rows: i32, sources: i32, starts: usize, events: usize, ends: usize, bySource: usize): void {
  memory.fill(ends, 0, <usize>(sources + 1) << 2);
  const count = load<i32>(starts + (<usize>rows << 2));
  for (let e: i32 = 0; e < count; e++) {
    const at = ends + (<usize>load<i32>(events + (<usize>e << 2)) << 2);
    store<i32>(at, load<i32>(at, 4) + 1, 4);
  }
  for (let i: i32 = 0; i < sources; i++) {
    const at = ends + (<usize>i << 2);
    store<i32>(at, load<i32>(at, 4) + load<i32>(at), 4);
  }
  let e: i32 = 0;
  for (let row: i32 = 0; row < rows; row++) {
    const end = load<i32>(starts + (<usize>(row + 1) << 2));
    for (; e < end; e++) {
      const at = ends + (<usize>load<i32>(events + (<usize>e << 2)) << 2);
      const place = load<i32>(at);
      store<i32>(bySource + (<usize>place << 2), row);
      store<i32>(at, place + 1);
    }
  }
}

/** Sums `bytes` of the vectors of some rows. */
// @ts-ignore: decorator
@inline
export function sumRows(from: usize, to: usize, vectors: usize, rowBytes: usize, bytes: usize, sum: usize): void {
  let at: usize = 0;
  for (; at + 64 <= bytes; at += 64) {
    let g0 = f32x4.splat(0), g1 = f32x4.splat(0), g2 = f32x4.splat(0), g3 = f32x4.splat(0);
    for (let event = from; event < to; event += 4) {
      const vector = vectors + at + <usize>load<i32>(event) * rowBytes;
      g0 = f32x4.add(g0, v128.load(vector, 0));
      g1 = f32x4.add(g1, v128.load(vector, 16));
      g2 = f32x4.add(g2, v128.load(vector, 32));
      g3 = f32x4.add(g3, v128.load(vector, 48));
    }
    v128.store(sum + at, g0, 0);
    v128.store(sum + at, g1, 16);
    v128.store(sum + at, g2, 32);
    v128.store(sum + at, g3, 48);
  }
  for (; at < bytes; at += 4) {
    let g: f32 = 0;
    for (let event = from; event < to; event += 4) {
      g += load<f32>(vectors + at + <usize>load<i32>(event) * rowBytes);
    }
    store<f32>(sum + at, g);
  }
}
