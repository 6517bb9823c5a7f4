import { type Stream, stream } from '../util/rng.js';

/** Letters of the alphabet, and the space that ends a word. */
const LETTERS = 26;
export const SPACE = LETTERS;
export const SYMBOLS = LETTERS + 1;

/** A language of independent words, spelled with one space after each. */
export interface WordSource {
  /** Symbols of each word, the space at its end included; all different. */
  readonly words: readonly Uint8Array[];
  /** Chance of each word; sums to 1. */
  readonly chances: Float64Array;
}

/**
 * Draws a lexicon: pronounceable words of one to three syllables, the r-th with chance ∝ 1/r^exponent (Zipf).
 *
 * @param count words
 */
export function drawLexicon(count: number, seed: number | string, exponent = 1): WordSource {
  const random = stream(seed, 'lexicon');
  const words = new Map<string, Uint8Array>();
  while (words.size < count) {
    const word = drawWord(random);
    words.set(word.join(), word);
  }
  const weights = Float64Array.from({ length: count }, (_, r) => (r + 1) ** -exponent);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return { words: [...words.values()], chances: weights.map((weight) => weight / total) };
}

const VOWELS = [0, 4, 8, 14, 20];
const CONSONANTS = Array.from({ length: LETTERS }, (_, i) => i).filter((i) => !VOWELS.includes(i));

/** Consonant and vowel, one to three times, sometimes closed by a consonant: two to seven letters. */
function drawWord(random: Stream): Uint8Array {
  const syllables = 1 + random.integer(3);
  const letters = Array.from({ length: syllables }, () => [pick(CONSONANTS, random), pick(VOWELS, random)]);
  const close = random.uniform() < 0.5 ? [pick(CONSONANTS, random)] : [];
  return Uint8Array.from([...letters.flat(), ...close, SPACE]);
}

/** The early entries more often, as some letters are more common. */
function pick(from: readonly number[], random: Stream): number {
  return from[Math.floor(from.length * random.uniform() * random.uniform())];
}

/**
 * Entropy rate in nats a symbol, exactly: H(word) / E[symbols of a word]. The space makes words uniquely
 * decodable, so that text and words carry the same information, and words renew the source (renewal reward).
 */
export function entropyRate({ words, chances }: WordSource): number {
  let entropy = 0;
  let symbols = 0;
  words.forEach((word, w) => {
    entropy -= chances[w] * Math.log(chances[w]);
    symbols += chances[w] * word.length;
  });
  return entropy / symbols;
}

/**
 * What comes next, exactly: after the beginning of a word, each symbol has the chance of the words that go on with
 * it. Nothing before the last space matters.
 */
export class NextSymbol {
  private readonly root = new PrefixNode();

  constructor({ words, chances }: WordSource) {
    words.forEach((word, w) => {
      let node = this.root;
      for (const symbol of word) {
        node.weight[symbol] += chances[w];
        if (symbol !== SPACE) node = node.next[symbol] ??= new PrefixNode();
      }
    });
  }

  /** Chances of the next symbol at each position of a text that starts at the beginning of a word. */
  *along(text: Uint8Array): Generator<Float64Array> {
    let node = this.root;
    for (const symbol of text) {
      yield node.chances();
      node = symbol === SPACE ? this.root : node.next[symbol]!;
    }
  }

  /**
   * The entropy rate by another way than `entropyRate`: the entropy of the next symbol in each state, weighted with
   * how often the source is there.
   */
  entropyRate(): number {
    let nats = 0;
    let visits = 0;
    const visit = (node: PrefixNode) => {
      const total = node.weight.reduce((sum, weight) => sum + weight, 0);
      visits += total;
      for (const weight of node.weight) if (weight > 0) nats -= weight * Math.log(weight / total);
      for (const child of node.next) if (child) visit(child);
    };
    visit(this.root);
    return nats / visits;
  }
}

class PrefixNode {
  readonly weight = new Float64Array(SYMBOLS);
  readonly next: (PrefixNode | undefined)[] = [];
  private known: Float64Array | undefined;

  /** Asked for once the tree is complete, and then often. */
  chances(): Float64Array {
    if (this.known) return this.known;
    const total = this.weight.reduce((sum, weight) => sum + weight, 0);
    this.known = this.weight.map((weight) => weight / total);
    return this.known;
  }
}

/** A text of that many symbols, which starts at the beginning of a word and may end inside one. */
export function writeText({ words, chances }: WordSource, symbols: number, random: Stream): Uint8Array {
  const upTo = cumulative(chances);
  const text = new Uint8Array(symbols);
  let at = 0;
  while (at < symbols) {
    const word = words[lowerBound(upTo, random.uniform())];
    const length = Math.min(word.length, symbols - at);
    text.set(word.subarray(0, length), at);
    at += length;
  }
  return text;
}

function cumulative(chances: Float64Array): Float64Array {
  let sum = 0;
  return chances.map((chance) => {
    sum += chance;
    return sum;
  });
}

/** First index whose entry is above the value; the last one if none is, which rounding alone can cause. */
function lowerBound(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
