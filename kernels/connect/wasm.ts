/**
 * Draws the synapses of one projection that end in one slice, and files them in rows by source and delay.
 *
 * It is called twice: the first pass counts how many synapses fall into each bin (source, delay), the second
 * writes them, from the same numbers: every draw has a counter of its own (Philox), so it can be repeated
 * anywhere, and the network does not depend on how it was cut into slices.
 */
import { drawFrom } from './draw.wasm';
import { delayOf, drawBlock, file, fileOne, nextIn, put } from './file.wasm';
import { ALL_TO_ALL, BERNOULLI, DISTANCE, FIXED_IN_DEGREE, Projection } from './projection.wasm';
import { allSources, bernoulliSources, chooseSources, nearSources } from './sources.wasm';
import { below, drawWords, TARGET } from './words.wasm';

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
    const source = load<u32>(sources + 4 * k);
    const position = nextIn(p, source, delay);
    if (!p.write) continue;
    if (!p.packed) store<u16>(p.data + 2 * position, p.localOffset + local);
    else {
      const weight = weights != 0 ? load<f64>(weights + 8 * k) : drawFrom(p.weight, load<u32>(word, 128));
      put(p, position, source, p.localOffset + local, weight);
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

export { layRows, addOutDegrees, countSegments, laySegments, padTargets } from './lay.wasm';
export { dealToSources, drawRows } from './rows.wasm';
