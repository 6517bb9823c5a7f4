import * as Plot from '@observablehq/plot';
import { quantile } from 'simple-statistics';
import { readDatasetSizes } from '../src/data/dataset-sizes.js';
import { defineExperiment, near, stream, z } from '../src/index.js';
import { powerOfTen } from '../src/report/log-ticks.js';
import {
  bootstrapGrowth,
  type DataFuture,
  doublingMonths,
  drawFutures,
  percentileInterval,
} from '../src/scaling/index.js';

const config = z.strictObject({
  draws: z.int().min(20_000).default(100_000).describe('futures drawn'),
  bootstrap: z.int().min(500).default(4000).describe('refits of the growth of training sets'),
  overtraining: z
    .number()
    .min(1)
    .default(5)
    .describe('times the optimal tokens per parameter, for the second forecast'),
});

const VILLALOBOS = 'Villalobos et al. 2024, arXiv:2211.04325v2';
const RECOMPUTED = 'computed independently from the same inputs (Python, 400,000 draws)';
const YEARS = Array.from({ length: 15 }, (_, i) => 2024 + i);

export default defineExperiment({
  id: 'data-wall',
  title: 'When will the text of the world be used up?',
  question: 'In which year does the largest training set need all public human text, and how sure is that?',
  prediction:
    'The largest training sets hold about 10¹³ tokens and the indexed web about 5·10¹⁴, of which a fifth is good and ' +
    'can be read three times. Sets grow 2.3-fold a year. In which year do they meet? Give a range.',
  config,
  presets: { quick: { draws: 40_000, bootstrap: 2000 }, full: { draws: 400_000 } },

  async run({ draws, bootstrap, overtraining }, { seed }) {
    const sets = readDatasetSizes();
    const growth = bootstrapGrowth(
      sets.map(({ year }) => year),
      sets.map(({ words }) => words),
      bootstrap,
      stream(seed, 'growth'),
    );
    const futures = drawFutures(draws, growth.draws, stream(seed, 'futures'));
    const overtrained = drawFutures(draws, growth.draws, stream(seed, 'overtrained'), { overtraining });
    const years = futures.map(({ exhaustionYear }) => exhaustionYear);
    return {
      metrics: {
        stock: [
          { quantity: 'indexed web', ...trillions(futures.map(({ rawTokens }) => rawTokens)) },
          {
            quantity: 'good text, repetitions included',
            ...trillions(futures.map((future) => future.effectiveTokens)),
          },
          {
            quantity: 'largest training set, 2024',
            ...trillions(futures.map((future) => future.datasetTokens)),
          },
        ],
        growth: percentileInterval(growth.value, growth.draws),
        exhaustion: [
          { forecast: 'growth as before', ...yearQuantiles(years) },
          {
            forecast: `${overtraining}-fold overtraining`,
            ...yearQuantiles(overtrained.map(({ exhaustionYear }) => exhaustionYear)),
          },
        ],
        shareWithin: years.filter((year) => year >= 2026 && year <= 2032).length / years.length,
        yearsPerTenfold:
          1 /
          quantile(
            futures.map((future) => future.datasetGrowth - future.stockGrowth),
            0.5,
          ),
        fan: fan(futures),
        histogram: histogram(years),
        sets: sets.map(({ system, year, words }) => ({ system, year, words })),
      },
    };
  },

  tables: ({ metrics }) => [
    {
      name: 'exhaustion',
      title: 'Year in which the largest training set needs the whole stock',
      columns: [
        { key: 'forecast', label: 'forecast' },
        ...['q5', 'q10', 'q50', 'q90', 'q95'].map((key) => ({ key, label: `${key.slice(1)} %`, digits: 5 })),
      ],
      rows: metrics.exhaustion,
    },
    {
      name: 'stock',
      title: 'How much text there is (10¹² tokens)',
      columns: [
        { key: 'quantity', label: 'quantity' },
        ...['q2', 'q5', 'q50', 'q95', 'q98'].map((key) => ({ key, label: LABELS[key], digits: 3 })),
      ],
      rows: metrics.stock,
    },
  ],

  figures: ({ metrics }) => [
    {
      name: 'fan',
      title: 'Training sets against the stock of text',
      caption:
        'Median lines with bands from 5 to 95 %. The lines meet late in the decade; the bands overlap for years ' +
        'before and after.',
      plot: {
        x: { label: 'year', tickFormat: 'd' },
        y: { type: 'log', label: 'tokens', tickFormat: powerOfTen },
        color: { legend: true, type: 'categorical', domain: ['stock', 'largest training set'] },
        marks: [
          Plot.areaY(metrics.fan, { x: 'year', y1: 'low', y2: 'high', fill: 'quantity', fillOpacity: 0.2 }),
          Plot.line(metrics.fan, { x: 'year', y: 'median', stroke: 'quantity', strokeWidth: 2.5 }),
        ],
      },
      rows: metrics.fan,
    },
    {
      name: 'year',
      title: 'The year of exhaustion',
      caption:
        'Share of drawn futures by year. The distribution has a long tail to the right: growth may slow down.',
      plot: {
        x: { label: 'year', tickFormat: 'd' },
        y: { label: 'share of futures (%)' },
        marks: [
          Plot.rectY(metrics.histogram, { x1: 'from', x2: 'to', y: 'percent', fill: '#0072B2', inset: 0.5 }),
          Plot.ruleY([0]),
        ],
      },
      rows: metrics.histogram,
    },
    {
      name: 'growth',
      title: 'Training sets of language models',
      caption: 'Words in the training set by date, with the line behind the growth rate: 2.3-fold a year.',
      plot: {
        x: { label: 'year', tickFormat: 'd' },
        y: { type: 'log', label: 'words', tickFormat: powerOfTen },
        marks: [
          Plot.linearRegressionY(metrics.sets, { x: 'year', y: 'words', stroke: '#D55E00' }),
          Plot.dot(metrics.sets, { x: 'year', y: 'words', r: 3.5, fill: '#0072B2' }),
        ],
      },
      rows: metrics.sets,
    },
  ],

  claims({ metrics, config }) {
    const [raw, effective] = metrics.stock;
    const [asBefore, overtrained] = metrics.exhaustion;
    const factor = 10 ** metrics.growth.value;
    return [
      near('Indexed web, median', raw.q50, 508, 15, `${VILLALOBOS}: 510`, '10¹² tokens'),
      near('Good text, median', effective.q50, 322, 10, `${VILLALOBOS}: about 300`, '10¹² tokens'),
      near('Growth of training sets', metrics.growth.value, 0.371, 0.001, RECOMPUTED, 'log10 a year'),
      near('Doubling time at that growth', doublingMonths(factor), 9.7, 0.1, RECOMPUTED, 'months'),
      near(
        'Doubling time of 2.7-fold a year (quoted as ten months)',
        doublingMonths(2.7),
        8.4,
        0.05,
        'closed form',
        'months',
      ),
      near('Median year of exhaustion', asBefore.q50, 2029.1, 0.3, RECOMPUTED),
      near('Fifth percentile', asBefore.q5, 2027.0, 0.3, RECOMPUTED),
      near('95th percentile', asBefore.q95, 2032.0, 0.5, RECOMPUTED),
      near('Share of futures with exhaustion in 2026 to 2032', metrics.shareWithin, 0.94, 0.02, RECOMPUTED),
      ...(config.overtraining === 5
        ? [near('Median year with fivefold overtraining', overtrained.q50, 2028.0, 0.3, RECOMPUTED)]
        : []),
    ];
  },

  finding({ metrics }) {
    const [asBefore] = metrics.exhaustion;
    return (
      `If training sets go on growing ${(10 ** metrics.growth.value).toFixed(2)}-fold a year, they need all public text in ` +
      `${asBefore.q50.toFixed(1)} (90 % of futures: ${asBefore.q5.toFixed(1)} to ${asBefore.q95.toFixed(1)}). A ` +
      `tenfold error in the stock shifts that by ${metrics.yearsPerTenfold.toFixed(1)} years only: growth decides, not the ` +
      'size of the web.'
    );
  },

  caveats: () => [
    'The growth rate rests on 80 published training sets; it is assumed to stay as it was, with error but without change.',
    'The published median is 2028 because a second, compute-based model is blended in, whose input is not available here.',
    'Sizes of sets are in words. Their growth is that of tokens, so only the growth is used.',
    'Private, spoken and generated text, and pictures, are left out.',
  ],
});

const LABELS: Record<string, string> = { q2: '2.5 %', q5: '5 %', q50: '50 %', q95: '95 %', q98: '97.5 %' };

function trillions(tokens: readonly number[]) {
  const [q2, q5, q50, q95, q98] = quantile(
    tokens.map((value) => value / 1e12),
    [0.025, 0.05, 0.5, 0.95, 0.975],
  );
  return { q2, q5, q50, q95, q98 };
}

function yearQuantiles(years: readonly number[]) {
  const [q5, q10, q50, q90, q95] = quantile([...years], [0.05, 0.1, 0.5, 0.9, 0.95]);
  return { q5, q10, q50, q90, q95 };
}

function fan(futures: readonly DataFuture[]) {
  const sample = futures.slice(0, 20_000);
  return YEARS.flatMap((year) => {
    const grown = (start: number, growth: number) => start * 10 ** (growth * (year - 2024));
    const band = (quantity: string, values: number[]) => {
      const [low, median, high] = quantile(values, [0.05, 0.5, 0.95]);
      return { quantity, year, low, median, high };
    };
    return [
      band(
        'stock',
        sample.map((future) => grown(future.effectiveTokens, future.stockGrowth)),
      ),
      band(
        'largest training set',
        sample.map((future) => grown(future.datasetTokens, future.datasetGrowth)),
      ),
    ];
  });
}

function histogram(years: readonly number[]) {
  const width = 0.5;
  return Array.from({ length: 28 }, (_, i) => {
    const from = 2024 + i * width;
    const inside = years.filter((year) => year >= from && year < from + width).length;
    return { from, to: from + width, percent: (100 * inside) / years.length };
  });
}
