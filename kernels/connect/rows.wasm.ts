/**
 * Draws fixed total numbers of synapses source by source, row by row, in one pass.
 *
 * Where sources and targets are drawn independently it does not matter which come first. Source first, all of a row
 * is written at once, sorted by delay: filing target by target writes to a place of its own for every synapse, a
 * cache line and a page each. Every draw has a counter of its own, so a slice keeps the targets that it owns and the
 * network does not depend on how it is cut.
 */
import { below, DELAY, drawWords, SOURCE, TARGET, WEIGHT } from './words.wasm';
import { Distribution, drawFrom } from './draw.wasm';

/** One projection, as seen by one slice. */
@unmanaged
class RowProjection {
  /** Synapses of each source; and, to be set, how many of them the slice keeps. */
  degrees: usize;
  keptDegrees: usize;
  allTargets: u32;
  /** The slice's targets: firstTarget … firstTarget + targets - 1, which are localOffset, … of the slice. */
  firstTarget: u32;
  targets: u32;
  localOffset: u32;
  key0: u32;
  key1: u32;
  /** Bin of the shortest delay; bytes by the highest twelve bits of a word: further bins, or 255 for "see thresholds". */
  firstBin: u32;
  quickDelays: usize;
  thresholds: usize;
  mostDelays: u32;
  /** 1025 f32: weights at the words i·2^22, between which they are interpolated; and the distribution, for the tails. */
  weightKnots: usize;
  weight: Distribution;
}

/** Bytes of a RowProjection. */
const ROW_PROJECTION: usize = 56;

/**
 * Deals `synapses` to `sources` at random: adds to `degrees`, one word a source, all zero before.
 * @param scratch room for sixteen words
 */
export function dealToSources(at: usize, sources: u32, synapses: u32, scratch: usize): void {
  const p = changetype<RowProjection>(at);
  for (let done: u32 = 0; done < synapses; done += 16) {
    drawWords(p.key0, p.key1, SOURCE, 0, done >> 4, scratch);
    const n = min<u32>(synapses - done, 16);
    for (let k: u32 = 0; k < n; k++) {
      const degree = p.degrees + 4 * below(load<u32>(scratch + 4 * k), sources);
      store<u32>(degree, load<u32>(degree) + 1);
    }
  }
}

// @ts-ignore: decorator
@inline
function binOf(p: RowProjection, word: u32): u32 {
  let bin: u32 = load<u8>(p.quickDelays + (word >> 20));
  if (bin == 255) {
    bin = 0;
    while (bin < p.mostDelays && word >= load<u32>(p.thresholds + 4 * bin)) bin++;
  }
  return p.firstBin + bin;
}

// @ts-ignore: decorator
@inline
function weightOf(p: RowProjection, word: u32): i32 {
  // Where the quantiles bend, within 1/64 of either end, exactly.
  const knot = word >> 22;
  if (knot - 16 >= 992) return <i32>Math.floor(drawFrom(p.weight, word) + 0.5);
  const low = load<f32>(p.weightKnots + 4 * knot);
  const high = load<f32>(p.weightKnots + 4 * knot, 4);
  return <i32>floor<f32>(low + (high - low) * (<f32>(word & 0x3fffff) * <f32>2.384185791015625e-7) + 0.5);
}

/** Draws one source's synapses of one projection behind `n` others; returns how many there are then. */
// @ts-ignore: decorator
@inline
function drawRow(p: RowProjection, source: u32, n: u32, counts: usize, row: usize, bins: usize, scratch: usize): u32 {
  const degree = load<u32>(p.degrees + 4 * source);
  const before = n;
  const kept = scratch + 192;
  for (let done: u32 = 0; done < degree; done += 16) {
    const block = done >> 4;
    drawWords(p.key0, p.key1, TARGET, source, block, scratch);
    const most = min<u32>(degree - done, 16);
    let m: u32 = 0;
    for (let k: u32 = 0; k < most; k++) {
      const local = below(load<u32>(scratch + 4 * k), p.allTargets) - p.firstTarget;
      store<u32>(kept + 4 * m, (local << 4) | k);
      m += <u32>(local < p.targets);
    }
    if (m == 0) continue;
    drawWords(p.key0, p.key1, DELAY, source, block, scratch + 64);
    drawWords(p.key0, p.key1, WEIGHT, source, block, scratch + 128);
    for (let j: u32 = 0; j < m; j++) {
      const entry = load<u32>(kept + 4 * j);
      const word = scratch + 4 * (entry & 15);
      const bin = binOf(p, load<u32>(word, 64));
      const weight = weightOf(p, load<u32>(word, 128));
      store<u32>(row + 4 * n, (p.localOffset + (entry >> 4)) | (weight << 16));
      store<u16>(bins + 2 * n, bin);
      const count = counts + 4 * bin;
      store<u32>(count, load<u32>(count) + 1);
      n++;
    }
  }
  store<u32>(p.keptDegrees + 4 * source, n - before);
  return n;
}

/**
 * Draws all rows of a table in which every synapse has a weight and a delay.
 *
 * @param projections `n` of them, from one source population
 * @param delays number of bins; a synapse in bin b is due firstSlots + b steps after the spike
 * @param room most synapses in a row, and in all
 * @param scratch 256 bytes, a word a bin, then 6 bytes for each synapse of the longest row
 * @param rows out: first segment and first synapse of each source, and of the one behind the last
 * @returns synapses, or -1 if there is no room for them; segments are rows[2·sources]
 */
export function drawRows(
  projections: usize,
  n: i32,
  sources: u32,
  delays: i32,
  firstSlots: u32,
  room: u32,
  longest: u32,
  scratch: usize,
  rows: usize,
  segments: usize,
  data: usize,
): i32 {
  const counts = scratch + 256;
  const row = counts + 4 * delays;
  const bins = row + 4 * longest;
  let position: u32 = 0;
  let segment: u32 = 0;
  for (let source: u32 = 0; source < sources; source++) {
    store<u32>(rows + 8 * source, segment);
    store<u32>(rows + 8 * source, position, 4);
    memory.fill(counts, 0, 4 * delays);
    let m: u32 = 0;
    for (let p = 0; p < n; p++) {
      const projection = changetype<RowProjection>(projections + ROW_PROJECTION * p);
      m = drawRow(projection, source, m, counts, row, bins, scratch);
    }
    if (position + m > room) return -1;
    let start = position;
    for (let bin = 0; bin < delays; bin++) {
      const count = load<u32>(counts + 4 * bin);
      store<u32>(counts + 4 * bin, start);
      if (count == 0) continue;
      store<u32>(segments + 4 * segment, ((firstSlots + bin) << 20) | count);
      segment++;
      start += count;
    }
    for (let k: u32 = 0; k < m; k++) {
      const cursor = counts + 4 * load<u16>(bins + 2 * k);
      const place = load<u32>(cursor);
      store<u32>(cursor, place + 1);
      store<u32>(data + 4 * place, load<u32>(row + 4 * k));
    }
    position += m;
  }
  store<u32>(rows + 8 * sources, segment);
  store<u32>(rows + 8 * sources, position, 4);
  return position;
}
