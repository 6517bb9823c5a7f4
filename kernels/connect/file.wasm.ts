/** Files synapses in bins by source and delay: counts them, or writes them to their places. */
import { CONSTANT, drawFrom } from './draw.wasm';
import { Projection } from './projection.wasm';
import { DELAY, drawWords, WEIGHT } from './words.wasm';

/** Files `n` synapses of one target, drawing delays and weights in blocks of sixteen. */
// @ts-ignore: decorator
@inline
export function file(p: Projection, neuron: u32, local: i32, list: usize, n: i32): void {
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
export function drawBlock(p: Projection, neuron: u32, block: u32): void {
  if (p.longest != p.shortest) drawWords(p.key0, p.key1, DELAY, neuron, block, p.scratch + 64);
  if (p.weight.kind != CONSTANT && p.write) drawWords(p.key0, p.key1, WEIGHT, neuron, block, p.scratch + 128);
}

// @ts-ignore: decorator
@inline
export function delayOf(p: Projection, word: u32): i32 {
  const most = p.longest - p.shortest;
  let reached = most > 0 ? <i32>load<u16>(p.guide + 2 * (word >> 24)) : 0;
  while (reached < most && word >= load<u32>(p.thresholds + 4 * reached)) reached++;
  return p.shortest + reached;
}

/** Counts one synapse in its bin, or writes it there. */
// @ts-ignore: decorator
@inline
export function fileOne(p: Projection, source: u32, local: u32, delayWord: u32, weightWord: u32): void {
  const position = nextIn(p, source, p.delays > 1 ? delayOf(p, delayWord) : p.firstDelay);
  if (!p.write) return;
  if (p.packed) put(p, position, source, local, drawFrom(p.weight, weightWord));
  else store<u16>(p.data + 2 * position, local);
}

/** Counts one more synapse in the bin of a source and delay; returns its position. */
// @ts-ignore: decorator
@inline
export function nextIn(p: Projection, source: u32, delay: i32): u32 {
  const cursor = p.cursors + 4 * (source * p.delays + delay - p.firstDelay);
  const position = load<u32>(cursor);
  store<u32>(cursor, position + 1);
  return position;
}

/** Writes a synapse with a weight of its own. */
// @ts-ignore: decorator
@inline
export function put(p: Projection, position: u32, source: u32, local: u32, weight: f64): void {
  if (p.packed == 2) {
    store<u16>(p.data + 2 * position, local);
    store<f32>(p.weights + 4 * position, <f32>weight);
    return;
  }
  const rounded = <i32>Math.floor(weight + 0.5);
  if (p.packed == 1) store<u32>(p.data + 4 * position, local | (rounded << 16));
  else {
    const target = local - p.localOffset;
    const place = p.data + (<usize>((target >> 4) * p.sources + source) << 6) + (<usize>(target & 15) << 2);
    store<i32>(place, load<i32>(place) + (rounded << p.shift));
  }
}
