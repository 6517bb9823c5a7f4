import { drawLexicon, NextSymbol, SPACE, SYMBOLS, writeText } from '../../data/word-source.js';
import { stream } from '../../util/rng.js';
import type { Batch } from '../batches.js';
import type { Task } from './task.js';

/** Symbols seen before the one to predict: the longest word and its space, so that nothing that matters is hidden. */
const WINDOW = 8;
export const TEXT_INPUTS = WINDOW * SYMBOLS;
const VALIDATION_SYMBOLS = 2000;
const TEST_SYMBOLS = 6000;

/**
 * Predicting the next character of a text whose source is known. Held-out text is judged by the true chances of the
 * next symbol, not by the one that came: the loss is then the entropy there plus a divergence that is never
 * negative, and most of the noise of sampling is gone.
 */
export function textTask(
  { words, seed: taskSeed }: { words: number; seed: number },
  examples: number,
  seed: number,
): Task {
  const source = drawLexicon(words, taskSeed);
  const next = new NextSymbol(source);
  const text = writeText(source, examples, stream(seed, 'text'));
  const held = (symbols: number, name: string) => {
    const heldText = writeText(source, symbols, stream(taskSeed, `${name} text`));
    const batch = windows(
      heldText,
      Uint32Array.from({ length: symbols }, (_, i) => i),
    );
    let s = 0;
    for (const chances of next.along(heldText)) {
      chances.forEach((chance, symbol) => {
        batch.targets[symbol * symbols + s] = chance;
      });
      s++;
    }
    return batch;
  };
  return {
    inputs: TEXT_INPUTS,
    outputs: SYMBOLS,
    loss: 'cross-entropy',
    train: { count: examples, batch: (indices) => windows(text, indices) },
    validation: held(VALIDATION_SYMBOLS, 'validation'),
    test: held(TEST_SYMBOLS, 'test'),
  };
}

/** The symbols before each position, one-hot, and the symbol there; before the text there are spaces. */
function windows(text: Uint8Array, positions: ArrayLike<number>): Batch {
  const count = positions.length;
  const width = TEXT_INPUTS + 1;
  const rows = new Float32Array(count * width);
  const targets = new Float32Array(SYMBOLS * count);
  for (let s = 0; s < count; s++) {
    for (let back = 0; back < WINDOW; back++) {
      const at = positions[s] - 1 - back;
      rows[s * width + back * SYMBOLS + (at < 0 ? SPACE : text[at])] = 1;
    }
    rows[s * width + TEXT_INPUTS] = 1;
    targets[text[positions[s]] * count + s] = 1;
  }
  return { rows, targets, count };
}
