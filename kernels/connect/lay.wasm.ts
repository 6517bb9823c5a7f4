/** Tables of rows and segments from the counts of bins (source, delay), between the two passes. */

/** Synapses in a row or segment are a multiple of this many, so that delivery needs no remainder loop. */
// @ts-ignore: decorator
@inline
function padded(n: u32, multiple: u32): u32 {
  return (n + multiple - 1) & ~(multiple - 1);
}

/**
 * Turns the counts of a group with one delay into cursors, and writes the table of row starts.
 * @returns synapses with padding
 */
export function layRows(cursors: usize, sources: i32, multiple: u32, rows: usize): u32 {
  let position: u32 = 0;
  for (let source = 0; source < sources; source++) {
    const cursor = cursors + 4 * source;
    const n = load<u32>(cursor);
    store<u32>(rows + 4 * source, position);
    store<u32>(cursor, position);
    position += padded(n, multiple);
  }
  store<u32>(rows + 4 * sources, position);
  return position;
}

/** Adds the synapses of each source, over all delays, to an array. */
export function addOutDegrees(cursors: usize, sources: i32, delays: i32, degrees: usize): void {
  for (let source = 0; source < sources; source++) {
    let n: u32 = 0;
    for (let delay = 0; delay < delays; delay++) n += load<u32>(cursors + 4 * (source * delays + delay));
    store<u32>(degrees + 4 * source, load<u32>(degrees + 4 * source) + n);
  }
}

/** Number of bins that hold a synapse. */
export function countSegments(cursors: usize, bins: i32): i32 {
  let n = 0;
  for (let bin = 0; bin < bins; bin++) if (load<u32>(cursors + 4 * bin) > 0) n++;
  return n;
}

/**
 * The same for a group with many delays: rows hold the first segment and the first synapse of each source,
 * segments slots << 20 | synapses.
 */
export function laySegments(
  cursors: usize,
  sources: i32,
  delays: i32,
  firstSlots: i32,
  multiple: u32,
  rows: usize,
  segments: usize,
): u32 {
  let position: u32 = 0;
  let segment: u32 = 0;
  for (let source = 0; source < sources; source++) {
    store<u32>(rows + 8 * source, segment);
    store<u32>(rows + 8 * source, position, 4);
    for (let delay = 0; delay < delays; delay++) {
      const cursor = cursors + 4 * (source * delays + delay);
      const n = padded(load<u32>(cursor), multiple);
      store<u32>(cursor, position);
      if (n == 0) continue;
      store<u32>(segments + 4 * segment, ((firstSlots + delay) << 20) | n);
      segment++;
      position += n;
    }
  }
  store<u32>(rows + 8 * sources, segment);
  store<u32>(rows + 8 * sources, position, 4);
  return position;
}

/** Fills the gaps behind the u16 targets of every bin with a target that is no neuron. */
export function padTargets(cursors: usize, bins: i32, multiple: u32, targets: usize, nobody: u32): void {
  for (let bin = 0; bin < bins; bin++) {
    const written = load<u32>(cursors + 4 * bin);
    const end = padded(written, multiple);
    for (let position = written; position < end; position++) store<u16>(targets + 2 * position, nobody);
  }
}
