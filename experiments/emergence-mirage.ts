import * as Plot from '@observablehq/plot';
import { defineExperiment, near, stream, z } from '../src/index.js';
import { powerOfTen } from '../src/report/log-ticks.js';
import {
  crossEntropy,
  exactMatchWidthDecades,
  linearWidth,
  resolutionLimit,
  sizeForExactMatch,
  tokenSuccess,
} from '../src/scaling/emergence.js';
import { leastSquares, linspace, logspace } from '../src/scaling/index.js';

const config = z.strictObject({
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
type Config = z.output<typeof config>;

const SCHAEFFER = 'Schaeffer, Miranda & Koyejo 2023, arXiv:2304.15004 (model), closed form';
const FROM = 1e6;
const TO = 1e16;

export default defineExperiment({
  id: 'emergence-mirage',
  title: 'Does ability appear suddenly, or does the ruler?',
  question:
    'If every token is predicted a little better with size, can a test still jump from nothing to success?',
  prediction:
    'A model gets each of ten characters right with probability p. What share of ten-character answers is right at ' +
    'p = 0.5, 0.7, 0.9? Draw that share against size, on a linear and on a logarithmic axis.',
  config,
  presets: { quick: {}, full: { items: 10_000 } },

  async run(config, { seed }) {
    const sizes = logspace(FROM, TO, 81);
    return {
      metrics: {
        exactMatch: config.lengths.flatMap((length) =>
          sizes.map((size) => rowOf(config, size, length, seed)),
        ),
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
  },

  tables: ({ metrics }) => [
    {
      name: 'lengths',
      title: 'Size at which 5 % and 50 % of answers are right',
      columns: [
        { key: 'length', label: 'tokens' },
        { key: 'at5', label: 'parameters at 5 %', digits: 3 },
        { key: 'at50', label: 'parameters at 50 %', digits: 3 },
        { key: 'widthDecades', label: 'width, power-law cross-entropy', unit: 'decades', digits: 4 },
        { key: 'shiftDecades', label: 'shift against one token', unit: 'decades', digits: 4 },
        { key: 'linearWidthRatio', label: 'width if p is linear in log N, against one token', digits: 3 },
      ],
      rows: metrics.lengths,
    },
    {
      name: 'resolution',
      title: 'Per-token success below which the test reads zero',
      columns: [
        { key: 'length', label: 'tokens' },
        { key: 'p', label: 'p', digits: 3 },
      ],
      rows: metrics.resolution,
    },
  ],

  figures: ({ metrics, config }) => [
    {
      name: 'exact-match',
      title: 'All tokens right: the share of correct answers',
      caption:
        `Lines are exact, dots one test of ${config.items} questions. Longer answers come later, but no more ` +
        'suddenly: each curve is the first one moved to the right.',
      plot: {
        x: { type: 'log', label: 'parameters', tickFormat: powerOfTen },
        y: { label: 'correct answers (share)' },
        color: { legend: true, type: 'categorical', domain: lengthNames(config) },
        marks: [
          Plot.line(metrics.exactMatch, { x: 'size', y: 'exactMatch', stroke: 'length', strokeWidth: 2 }),
          Plot.dot(metrics.exactMatch, { x: 'size', y: 'measured', stroke: 'length', r: 2 }),
        ],
      },
      rows: metrics.exactMatch,
    },
    {
      name: 'exact-match-log',
      title: 'The same on a logarithmic axis',
      caption:
        'What looked like nothing was growing all the time. Dots end where the test has too few questions to see it.',
      plot: {
        x: { type: 'log', label: 'parameters', tickFormat: powerOfTen },
        y: {
          type: 'log',
          label: 'correct answers (share)',
          domain: [1e-6, 1],
          clamp: true,
          tickFormat: powerOfTen,
        },
        color: { legend: true, type: 'categorical', domain: lengthNames(config) },
        marks: [
          Plot.ruleY([1 / config.items], { strokeDasharray: '5 4' }),
          Plot.line(
            metrics.exactMatch.filter(({ exactMatch }) => exactMatch > 1e-6),
            { x: 'size', y: 'exactMatch', stroke: 'length', strokeWidth: 2 },
          ),
          Plot.dot(
            metrics.exactMatch.filter(({ measured }) => measured > 0),
            { x: 'size', y: 'measured', stroke: 'length', r: 2 },
          ),
        ],
      },
      rows: metrics.exactMatch,
    },
    {
      name: 'smooth',
      title: 'Rulers that see every step',
      caption:
        'For the same models: mean number of wrong tokens of ten, and cross-entropy, which is a straight line. ' +
        'Nothing jumps.',
      plot: {
        x: { type: 'log', label: 'parameters', tickFormat: powerOfTen },
        y: { type: 'log', label: 'wrong tokens of ten; cross-entropy (nats)', tickFormat: powerOfTen },
        color: { legend: true, type: 'categorical', domain: ['wrong tokens of ten', 'cross-entropy'] },
        marks: [
          Plot.line(metrics.smooth, {
            x: 'size',
            y: 'wrongTokens',
            stroke: () => 'wrong tokens of ten',
            strokeWidth: 2,
          }),
          Plot.line(metrics.smooth, {
            x: 'size',
            y: 'crossEntropy',
            stroke: () => 'cross-entropy',
            strokeWidth: 2,
          }),
        ],
      },
      rows: metrics.smooth,
    },
    {
      name: 'linear',
      title: 'What would sharpen: success that grows evenly with log N',
      caption:
        'If p itself rises in a straight line with log N (the axis), longer answers rise later and more steeply. ' +
        'Whether abilities emerge depends on which quantity is the smooth one.',
      plot: {
        x: { label: 'p, per-token success' },
        y: { label: 'correct answers (share)' },
        color: { legend: true, type: 'categorical', domain: lengthNames(config) },
        marks: [Plot.line(metrics.linear, { x: 'p', y: 'exactMatch', stroke: 'length', strokeWidth: 2 })],
      },
      rows: metrics.linear,
    },
  ],

  claims({ metrics, config }) {
    const expected = [0.00098, 0.0282, 0.349, 0.904];
    const powers = metrics.powers.map(({ p, tenTokens }, i) =>
      near(`p^10 at p = ${p}`, tenTokens, expected[i], 0.002 * expected[i] + 1e-5, SCHAEFFER),
    );
    const slope = near(
      'Slope of log cross-entropy in log N',
      metrics.crossEntropySlope,
      -config.exponent,
      1e-9,
      'closed form: -a',
    );
    const ten = metrics.lengths.find(({ length }) => length === 10);
    if (ten === undefined || config.exponent !== 0.3) return [...powers, slope];
    const resolution = metrics.resolution.find(({ length }) => length === 10)!;
    return [
      ...powers,
      slope,
      near('Shift of ten tokens against one', ten.shiftDecades, 3.333, 0.001, SCHAEFFER, 'decades'),
      near('Width from 5 to 50 % of ten tokens', ten.widthDecades, 2.119, 0.001, SCHAEFFER, 'decades'),
      near(
        'Width if p is linear in log N, ten tokens against one',
        ten.linearWidthRatio,
        0.426,
        0.001,
        SCHAEFFER,
      ),
      ...(config.items === 1000
        ? [
            near(
              'p below which a test of 1,000 reads zero for ten tokens',
              resolution.p,
              0.501,
              0.001,
              SCHAEFFER,
            ),
          ]
        : []),
    ];
  },

  finding({ metrics, config }) {
    const longest = metrics.lengths.at(-1)!;
    return (
      `With a smooth cross-entropy an answer of ${tokens(longest.length)} succeeds ${longest.shiftDecades.toFixed(1)} decades of ` +
      `size later than a single token, over the same ${longest.widthDecades.toFixed(2)} decades: later, not sharper. What looks ` +
      `like a jump is the late start, the linear axis, and a test of ${config.items} questions that reads zero below p = ` +
      `${resolutionLimit(config.items, longest.length).toFixed(2)}.`
    );
  },

  caveats: () => [
    'Tokens are taken as independent; in a real answer one error leads to others.',
    'p^10 is a power of p, and exponential only in the length of the answer.',
    'If per-token success grows evenly with log N, exact match does sharpen. The debate is about which holds.',
    'A law for the mean says nothing about abilities that need a certain depth or memory to exist at all.',
  ],
});

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

function lengthNames({ lengths }: Config): string[] {
  return lengths.map(tokens);
}

function tokens(length: number): string {
  return length === 1 ? '1 token' : `${length} tokens`;
}
