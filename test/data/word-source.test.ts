import { expect, test } from 'vitest';
import {
  drawLexicon,
  entropyRate,
  NextSymbol,
  SPACE,
  SYMBOLS,
  type WordSource,
  writeText,
} from '../../src/data/word-source.js';
import { stream } from '../../src/util/rng.js';

/** Two words of equal chance, "a " and "b ": one bit in two symbols. */
const COIN: WordSource = {
  words: [Uint8Array.of(0, SPACE), Uint8Array.of(1, SPACE)],
  chances: Float64Array.of(0.5, 0.5),
};

test('the entropy rate of a coin spelled out is half a bit a symbol', () => {
  expect(entropyRate(COIN)).toBeCloseTo(Math.LN2 / 2, 14);
  expect(new NextSymbol(COIN).entropyRate()).toBeCloseTo(Math.LN2 / 2, 14);
});

test.each([2, 30, 1000])('words and states give the same entropy rate, %i words', (count) => {
  for (const exponent of [0, 1, 1.5]) {
    const source = drawLexicon(count, 5, exponent);
    expect(new NextSymbol(source).entropyRate()).toBeCloseTo(entropyRate(source), 12);
  }
});

test('a lexicon holds different words of at most seven letters, and chances that sum to one', () => {
  const { words, chances } = drawLexicon(500, 2);
  expect(new Set(words.map((word) => word.join())).size).toBe(500);
  for (const word of words) {
    expect(word.length).toBeGreaterThan(2);
    expect(word.length).toBeLessThan(9);
    expect(word.indexOf(SPACE)).toBe(word.length - 1);
  }
  expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 12);
  expect(chances[0] / chances[9]).toBeCloseTo(10, 10);
});

test('the true chances predict a written text as well as its entropy rate says, and nothing else does better', () => {
  const source = drawLexicon(50, 3);
  const text = writeText(source, 200_000, stream(3, 'text'));
  const flat = 1 / SYMBOLS;
  let [nats, mixed, i] = [0, 0, 0];
  for (const chances of new NextSymbol(source).along(text)) {
    nats -= Math.log(chances[text[i]]);
    mixed -= Math.log(0.95 * chances[text[i]] + 0.05 * flat);
    i++;
  }
  // Words are independent: the standard error of the mean over some 40,000 of them is about 0.003.
  expect(Math.abs(nats / text.length - entropyRate(source))).toBeLessThan(0.02);
  expect(mixed).toBeGreaterThan(nats);
});
