/**
 * Draws the synapses of one projection that end in one slice, and files them in rows by source and delay.
 *
 * It is called twice: the first pass counts how many synapses fall into each bin (source, delay), the second
 * writes them, from the same numbers: every draw has a counter of its own (Philox), so it can be repeated
 * anywhere, and the network does not depend on how it was cut into slices.
 */
import { ACCEPT, below, DELAY, drawWords, SOURCE, TARGET, WEIGHT } from './words.wasm';
import { exponential, ln } from './math.wasm';
import { CONSTANT, Distribution, drawFrom, unit } from './draw.wasm';

/** Everything about one projection in one slice; addresses are in the slice's memory. */
@unmanaged
class Projection {
  connector: i32;
  sources: i32;
  /** The slice's targets: firstTarget … firstTarget + targets - 1 of the target population … */
  firstTarget: i32;
  targets: i32;
  /** … which are the neurons localOffset, localOffset + 1, … of the slice. */
  localOffset: i32;
  allTargets: i32;
  /** Synapses per target or source, the same for all, or an array of them for the slice's targets. */
  degree: i32;
  degrees: usize;
  /** 1: source and target populations are one and no neuron connects to itself. */
  noAutapses: i32;
  noMultapses: i32;
  key0: u32;
  key1: u32;
  /** Bin (source, delay) has index source · delays + delay - firstDelay. */
  cursors: usize;
  delays: i32;
  firstDelay: i32;
  /** 0 counts, 1 writes. */
  write: i32;
  data: usize;
  /** 1: a synapse is target | weight << 16 in four bytes; 0: target in two bytes; 2: these, and f32 at `weights`. */
  packed: i32;
  /** Room for 48 words, then for the sources of one target. */
  scratch: usize;
  /** One word per source, zeroed; tells which sources a target has already. */
  marks: usize;
  probability: f64;
  /**
   * A delay is as many steps above `shortest` as there are thresholds that its random word reaches. guide[word >> 24]
   * is how many it reaches at least.
   */
  thresholds: usize;
  guide: usize;
  shortest: i32;
  longest: i32;
  weight: Distribution;
  weights: usize;
  sheet: Sheet;
}

/** Where neurons lie, for a probability that falls with distance. Places are pairs of f32, in mm. */
@unmanaged
class Sheet {
  sources: usize;
  targets: usize;
  /** 0: e^(-d²/2s²); 1: e^(-d/s). */
  profile: i32;
  unused: i32;
  /** s, in mm. */
  length: f64;
  /** Size of a sheet whose edges meet; 0: they do not. */
  width: f64;
  height: f64;
}

const FIXED_IN_DEGREE = 0;
const BERNOULLI = 1;
const ALL_TO_ALL = 2;
const ONE_TO_ONE = 3;
const DISTANCE = 4;

/** Synapses chosen target by target. Returns how many there are. */
export function connect(at: usize): i32 {
  const p = changetype<Projection>(at);
  const list = p.scratch + 192;
  let total = 0;
  for (let i = 0; i < p.targets; i++) {
    const target: u32 = p.firstTarget + i;
    let n: i32;
    if (p.connector == FIXED_IN_DEGREE) n = chooseSources(p, target, i, list);
    else if (p.connector == BERNOULLI) n = bernoulliSources(p, target, list);
    else if (p.connector == ALL_TO_ALL) n = allSources(p, target, list);
    else if (p.connector == DISTANCE) n = nearSources(p, target, list);
    else {
      store<u32>(list, target);
      n = <i32>target < p.sources ? 1 : 0;
    }
    file(p, target, p.localOffset + i, list, n);
    total += n;
  }
  return total;
}

function chooseSources(p: Projection, target: u32, index: i32, list: usize): i32 {
  const degree = p.degrees != 0 ? load<i32>(p.degrees + 4 * index) : p.degree;
  const sources: u32 = p.sources;
  let n = 0;
  for (let block: u32 = 0; n < degree; block++) {
    drawWords(p.key0, p.key1, SOURCE, target, block, p.scratch);
    for (let k: u32 = 0; k < 16 && n < degree; k++) {
      const source = below(load<u32>(p.scratch + 4 * k), sources);
      if (p.noAutapses && source == target) continue;
      if (p.noMultapses) {
        // The mark differs for each target and pass, so that nothing has to be cleared in between.
        const mark = p.marks + 4 * source;
        const seen = 2 * target + 1 + p.write;
        if (load<u32>(mark) == seen) continue;
        store<u32>(mark, seen);
      }
      store<u32>(list + 4 * n, source);
      n++;
    }
  }
  return n;
}

/** Of the pairs chosen with the probability of neighbours, each is kept with the profile at its distance. */
function nearSources(p: Projection, target: u32, list: usize): i32 {
  const candidates = bernoulliSources(p, target, list);
  const accept = p.scratch + 64;
  let n = 0;
  for (let k = 0; k < candidates; k++) {
    if ((k & 15) == 0) drawWords(p.key0, p.key1, ACCEPT, target, k >> 4, accept);
    const source = load<u32>(list + 4 * k);
    if (unit(load<u32>(accept + 4 * (k & 15))) >= profileAt(p.sheet, source, target)) continue;
    store<u32>(list + 4 * n, source);
    n++;
  }
  return n;
}

/** The profile, 1 at distance 0, at the distance of two neurons. */
function profileAt(sheet: Sheet, source: u32, target: u32): f64 {
  const from = sheet.sources + 8 * source;
  const to = sheet.targets + 8 * target;
  const dx = apart(<f64>load<f32>(from) - <f64>load<f32>(to), sheet.width);
  const dy = apart(<f64>load<f32>(from, 4) - <f64>load<f32>(to, 4), sheet.height);
  const squared = (dx * dx + dy * dy) / (sheet.length * sheet.length);
  return exponential(sheet.profile == 0 ? -0.5 * squared : -Math.sqrt(squared));
}

/** Distance along one side, the short way round where edges meet. */
// @ts-ignore: decorator
@inline
function apart(d: f64, side: f64): f64 {
  const straight = Math.abs(d);
  return side > 0 ? Math.min(straight, Math.abs(side - straight)) : straight;
}

/** Each pair with one probability: the gaps between chosen sources are geometric. */
function bernoulliSources(p: Projection, target: u32, list: usize): i32 {
  // At probability 1 there are no gaps.
  const scale = p.probability < 1.0 ? 1.0 / ln(1.0 - p.probability) : 0.0;
  let source: f64 = -1.0;
  let n = 0;
  let block: u32 = 0;
  while (true) {
    drawWords(p.key0, p.key1, SOURCE, target, block, p.scratch);
    block++;
    for (let k: u32 = 0; k < 16; k++) {
      source += 1.0 + Math.floor(ln(unit(load<u32>(p.scratch + 4 * k))) * scale);
      if (source >= <f64>p.sources) return n;
      if (p.noAutapses && <u32>source == target) continue;
      store<u32>(list + 4 * n, <u32>source);
      n++;
    }
  }
}

function allSources(p: Projection, target: u32, list: usize): i32 {
  let n = 0;
  for (let source: u32 = 0; source < <u32>p.sources; source++) {
    if (p.noAutapses && source == target) continue;
    store<u32>(list + 4 * n, source);
    n++;
  }
  return n;
}

/** Files `n` synapses of one target, drawing delays and weights in blocks of sixteen. */
// @ts-ignore: decorator
@inline
function file(p: Projection, neuron: u32, local: i32, list: usize, n: i32): void {
  const delayWords = p.scratch + 64;
  const weightWords = p.scratch + 128;
  for (let k = 0; k < n; k++) {
    if ((k & 15) == 0) drawBlock(p, neuron, k >> 4);
    const source = load<u32>(list + 4 * k);
    fileOne(p, source, local, load<u32>(delayWords + 4 * (k & 15)), load<u32>(weightWords + 4 * (k & 15)));
  }
}

// @ts-ignore: decorator
@inline
function drawBlock(p: Projection, neuron: u32, block: u32): void {
  if (p.longest != p.shortest) drawWords(p.key0, p.key1, DELAY, neuron, block, p.scratch + 64);
  if (p.weight.kind != CONSTANT && p.write) drawWords(p.key0, p.key1, WEIGHT, neuron, block, p.scratch + 128);
}

// @ts-ignore: decorator
@inline
function delayOf(p: Projection, word: u32): i32 {
  const most = p.longest - p.shortest;
  let reached = most > 0 ? <i32>load<u16>(p.guide + 2 * (word >> 24)) : 0;
  while (reached < most && word >= load<u32>(p.thresholds + 4 * reached)) reached++;
  return p.shortest + reached;
}

/** Counts one synapse in its bin, or writes it there. */
// @ts-ignore: decorator
@inline
function fileOne(p: Projection, source: u32, local: u32, delayWord: u32, weightWord: u32): void {
  const position = nextIn(p, source, p.delays > 1 ? delayOf(p, delayWord) : p.firstDelay);
  if (!p.write) return;
  if (p.packed) put(p, position, local, drawFrom(p.weight, weightWord));
  else store<u16>(p.data + 2 * position, local);
}

/** Counts one more synapse in the bin of a source and delay; returns its position. */
// @ts-ignore: decorator
@inline
function nextIn(p: Projection, source: u32, delay: i32): u32 {
  const cursor = p.cursors + 4 * (source * p.delays + delay - p.firstDelay);
  const position = load<u32>(cursor);
  store<u32>(cursor, position + 1);
  return position;
}

/** Writes a synapse with a weight of its own. */
// @ts-ignore: decorator
@inline
function put(p: Projection, position: u32, local: u32, weight: f64): void {
  if (p.packed == 2) {
    store<u16>(p.data + 2 * position, local);
    store<f32>(p.weights + 4 * position, <f32>weight);
  } else store<u32>(p.data + 4 * position, local | (<i32>Math.floor(weight + 0.5) << 16));
}

/** Synapses chosen source by source: each has `degree` targets among all of the target population. */
export function connectOutward(at: usize): i32 {
  const p = changetype<Projection>(at);
  let total = 0;
  for (let source: u32 = 0; source < <u32>p.sources; source++) {
    let block: u32 = 0;
    let k: u32 = 16;
    for (let n = 0; n < p.degree; n++) {
      if ((n & 15) == 0) drawBlock(p, source, n >> 4);
      let target: u32 = 0;
      for (;;) {
        if (k == 16) {
          drawWords(p.key0, p.key1, TARGET, source, block, p.scratch);
          block++;
          k = 0;
        }
        target = below(load<u32>(p.scratch + 4 * k), p.allTargets);
        k++;
        if (p.noAutapses && target == source) continue;
        if (p.noMultapses) {
          const mark = p.marks + 4 * target;
          const seen = 2 * source + 1 + p.write;
          if (load<u32>(mark) == seen) continue;
          store<u32>(mark, seen);
        }
        break;
      }
      const local = target - p.firstTarget;
      if (local >= <u32>p.targets) continue;
      const word = p.scratch + 4 * (n & 15);
      fileOne(p, source, p.localOffset + local, load<u32>(word, 64), load<u32>(word, 128));
      total++;
    }
  }
  return total;
}

/**
 * Synapses from a list of `n`: u32 sources and targets. Their weights, f64, and delays, i32 steps, are those at
 * `weights` and `delays` or, where that is 0, drawn by their place in the list.
 */
export function connectList(
  at: usize, sources: usize, targets: usize, n: i32, weights: usize, delays: usize,
): void {
  const p = changetype<Projection>(at);
  for (let k = 0; k < n; k++) {
    if ((k & 15) == 0) drawBlock(p, 0, k >> 4);
    const local = load<u32>(targets + 4 * k) - p.firstTarget;
    if (local >= <u32>p.targets) continue;
    const word = p.scratch + 4 * (k & 15);
    const delay = delays != 0 ? load<i32>(delays + 4 * k) : delayOf(p, load<u32>(word, 64));
    const position = nextIn(p, load<u32>(sources + 4 * k), delay);
    if (!p.write) continue;
    if (!p.packed) store<u16>(p.data + 2 * position, p.localOffset + local);
    else {
      const weight = weights != 0 ? load<f64>(weights + 8 * k) : drawFrom(p.weight, load<u32>(word, 128));
      put(p, position, p.localOffset + local, weight);
    }
  }
}

/** In-degrees of the slice's targets when `synapses` are dealt to all targets at random (multinomial). */
export function dealSynapses(at: usize, synapses: u32): void {
  const p = changetype<Projection>(at);
  for (let i = 0; i < p.targets; i++) store<u32>(p.degrees + 4 * i, 0);
  const blocks: u32 = (synapses + 15) / 16;
  for (let block: u32 = 0; block < blocks; block++) {
    drawWords(p.key0, p.key1, TARGET, 0, block, p.scratch);
    const n = min<u32>(synapses - 16 * block, 16);
    for (let k: u32 = 0; k < n; k++) {
      const local = below(load<u32>(p.scratch + 4 * k), p.allTargets) - p.firstTarget;
      if (local >= <u32>p.targets) continue;
      const degree = p.degrees + 4 * local;
      store<u32>(degree, load<u32>(degree) + 1);
    }
  }
}

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

export { dealToSources, drawRows } from './rows.wasm';
