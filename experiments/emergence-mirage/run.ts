import { type RunContext, stream, z } from '../../src/index.js';
import {
  crossEntropy,
  exactMatchWidthDecades,
  linearWidth,
  resolutionLimit,
  sizeForExactMatch,
  tokenSuccess,
} from '../../src/scaling/emergence.js';
import { leastSquares, linspace, logspace } from '../../src/scaling/index.js';

export const config = z.strictObject({
  exponent: z.number().positive().default(0.3).describe('a of cross-entropy = (c/N)^a'),
  unitSize: z
    .number()
    .positive()
    .default(1e9)
    .describe('c: parameters at which the cross-entropy is one nat'),
  lengths: z
    .array(z.int().min(1))
    .min(1)
    .default([1, 3, 10, 30])
    .describe('tokens in an answer, all of which must be right'),
  items: z.int().min(1).default(1000).describe('questions in the test'),
});
export type Config = z.output<typeof config>;

const FROM = 1e6;
const TO = 1e16;

export async function compute(config: Config, { seed }: RunContext) {
  const sizes = logspace(FROM, TO, 81);
  return {
    metrics: {
      exactMatch: config.lengths.flatMap((length) => sizes.map((size) => rowOf(config, size, length, seed))),
      smooth: sizes.map((size) => smoothRow(config, size)),
      powers: [0.5, 0.7, 0.9, 0.99].map((p) => ({ p, tenTokens: p ** 10 })),
      crossEntropySlope: crossEntropySlope(config, sizes),
      lengths: config.lengths.map((length) => lengthRow(config, length)),
      resolution: config.lengths.map((length) => ({ length, p: resolutionLimit(config.items, length) })),
      linear: config.lengths.flatMap((length) =>
        linspace(0, 1, 101).map((p) => ({ length: tokens(length), p, exactMatch: p ** length })),
      ),
    },
  };
}

export type Outcome = Awaited<ReturnType<typeof compute>>;

function rowOf({ unitSize, exponent, items }: Config, size: number, length: number, seed: number) {
  const p = tokenSuccess(size, unitSize, exponent);
  const exactMatch = p ** length;
  const random = stream(seed, `test of ${length} at ${size}`);
  let right = 0;
  for (let i = 0; i < items; i++) if (random.uniform() < exactMatch) right++;
  return { length: tokens(length), size, p, exactMatch, measured: right / items };
}

function smoothRow({ unitSize, exponent }: Config, size: number) {
  const p = tokenSuccess(size, unitSize, exponent);
  return { size, wrongTokens: 10 * (1 - p), crossEntropy: crossEntropy(size, unitSize, exponent) };
}

function crossEntropySlope({ unitSize, exponent }: Config, sizes: readonly number[]): number {
  return leastSquares(
    sizes.map(Math.log),
    sizes.map((size) => Math.log(crossEntropy(size, unitSize, exponent))),
  ).slope.value;
}

function lengthRow({ unitSize, exponent }: Config, length: number) {
  const at = (share: number, tokens: number) => sizeForExactMatch(share, tokens, unitSize, exponent);
  return {
    length,
    at5: at(0.05, length),
    at50: at(0.5, length),
    widthDecades: Math.log10(at(0.5, length) / at(0.05, length)),
    sameForEveryLength: exactMatchWidthDecades(0.05, 0.5, exponent),
    shiftDecades: Math.log10(at(0.5, length) / at(0.5, 1)),
    linearWidthRatio: linearWidth(0.05, 0.5, length) / linearWidth(0.05, 0.5, 1),
  };
}

export function tokens(length: number): string {
  return length === 1 ? '1 token' : `${length} tokens`;
}
