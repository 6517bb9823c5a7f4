/** Which sources a target has, by the rule of the connector: a list of indices, and how many they are. */
import { unit } from './draw.wasm';
import { exponential, ln } from './math.wasm';
import { Projection, Sheet } from './projection.wasm';
import { ACCEPT, below, drawWords, SOURCE } from './words.wasm';

export function chooseSources(p: Projection, target: u32, index: i32, list: usize): i32 {
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
export function nearSources(p: Projection, target: u32, list: usize): i32 {
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
export function bernoulliSources(p: Projection, target: u32, list: usize): i32 {
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

export function allSources(p: Projection, target: u32, list: usize): i32 {
  let n = 0;
  for (let source: u32 = 0; source < <u32>p.sources; source++) {
    if (p.noAutapses && source == target) continue;
    store<u32>(list + 4 * n, source);
    n++;
  }
  return n;
}
