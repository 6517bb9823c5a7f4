import * as Plot from '@observablehq/plot';
import { readChinchillaPoints } from '../src/data/chinchilla-points.js';
import { defineExperiment, z } from '../src/index.js';
import { powerOfTen } from '../src/report/log-ticks.js';
import { type IsoflopCurve, isoflopCurves, isoflopExponent } from '../src/scaling/index.js';

const config = z.strictObject({
  drop: z.int().min(0).max(100).default(5).describe('highest losses left out'),
  halfWidth: z.number().positive().max(0.3).default(0.08).describe('half-width of a bin in log10 of FLOP'),
});

export default defineExperiment({
  id: 'isoflop',
  title: 'The best model for a budget, read off parabolas',
  question:
    'At a fixed training budget, which model size has the lowest loss, and how does it grow with the budget?',
  prediction:
    'For one budget, draw the loss against the size of the model. Why does it rise again for large models? How far ' +
    'does the lowest point move when the budget grows tenfold?',
  config,
  presets: { quick: {}, full: {} },

  async run({ drop, halfWidth }) {
    const curves = isoflopCurves(readChinchillaPoints(drop), { halfWidth });
    return {
      metrics: {
        budgets: curves.map(({ flop, bestParameters, tokensPerParameter, points }) => ({
          budget: label(flop),
          flop,
          runs: points.length,
          bestParameters,
          bestTokens: tokensPerParameter * bestParameters,
          tokensPerParameter,
        })),
        exponent: isoflopExponent(curves),
        runs: curves.flatMap(({ flop, points }) =>
          points.map(({ parameters, loss }) => ({ budget: label(flop), parameters, loss })),
        ),
        parabolas: curves.flatMap(parabola),
        medianTokensPerParameter: median(curves.map(({ tokensPerParameter }) => tokensPerParameter)),
      },
    };
  },

  tables: ({ metrics }) => [
    {
      name: 'budgets',
      title: 'Vertex of each parabola',
      columns: [
        { key: 'flop', label: 'budget', unit: 'FLOP', digits: 3 },
        { key: 'runs', label: 'runs' },
        { key: 'bestParameters', label: 'best parameters', digits: 3 },
        { key: 'bestTokens', label: 'best tokens', digits: 3 },
        { key: 'tokensPerParameter', label: 'tokens per parameter', digits: 3 },
      ],
      rows: metrics.budgets,
    },
  ],

  figures: ({ metrics }) => [
    {
      name: 'parabolas',
      title: 'Loss against model size at nine budgets',
      caption:
        'Points are training runs, one colour a budget; curves are parabolas in log N, the black dots their lowest ' +
        'points. Left of it the model is too small for the budget, right of it too little data is left.',
      plot: {
        x: { type: 'log', label: 'parameters', tickFormat: powerOfTen },
        y: { label: 'loss (nats a token)' },
        color: {
          legend: true,
          type: 'ordinal',
          scheme: 'viridis',
          label: 'FLOP',
          domain: metrics.budgets.map(({ budget }) => budget),
        },
        marks: [
          Plot.line(metrics.parabolas, { x: 'parameters', y: 'loss', stroke: 'budget', strokeWidth: 1.5 }),
          Plot.dot(metrics.runs, { x: 'parameters', y: 'loss', stroke: 'budget', r: 3 }),
          Plot.dot(vertices(metrics.parabolas), { x: 'parameters', y: 'loss', r: 4, fill: 'black' }),
        ],
      },
      rows: metrics.runs,
    },
    {
      name: 'best-model',
      title: 'The best model against the budget',
      caption:
        `The best size grows as the budget to the power ${metrics.exponent.value.toFixed(2)}, close to one half: ` +
        'model and data share a larger budget evenly.',
      plot: {
        x: { type: 'log', label: 'training budget (FLOP)', tickFormat: powerOfTen, inset: 8 },
        y: { type: 'log', label: 'best number of parameters (billions)', tickFormat: String, inset: 16 },
        marks: [
          Plot.linearRegressionY(metrics.budgets, {
            x: 'flop',
            y: billions,
            stroke: '#0072B2',
            ci: 0.95,
          }),
          Plot.dot(metrics.budgets, { x: 'flop', y: billions, r: 5, fill: 'black' }),
        ],
      },
      rows: metrics.budgets,
    },
  ],

  claims: ({ metrics, config }) =>
    config.drop !== 5
      ? []
      : [
          {
            name: 'Exponent of the best model in the budget',
            value: metrics.exponent.value,
            expected: 0.516,
            tolerance: 0.02,
            source: 'computed independently from the same points (Python, nine bins of budget)',
          },
          {
            name: 'Median tokens per parameter, from below',
            value: metrics.medianTokensPerParameter,
            expected: 17,
            tolerance: 0,
            bound: 'at least' as const,
            source: 'twenty tokens a parameter: Hoffmann et al. 2022, arXiv:2203.15556',
          },
          {
            name: 'Median tokens per parameter, from above',
            value: metrics.medianTokensPerParameter,
            expected: 24,
            tolerance: 0,
            bound: 'at most' as const,
            source: 'twenty tokens a parameter: Hoffmann et al. 2022, arXiv:2203.15556',
          },
        ],

  finding({ metrics }) {
    const { value, low, high } = metrics.exponent;
    return (
      `The best model grows as compute^${value.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}] over ` +
      `${metrics.budgets.length} budgets. Its tokens per parameter have a median of ` +
      `${metrics.medianTokensPerParameter.toFixed(1)}, but scatter from ` +
      `${Math.min(...ratios(metrics.budgets)).toFixed(0)} to ${Math.max(...ratios(metrics.budgets)).toFixed(0)}.`
    );
  },

  caveats: () => [
    'The lowest points are flat: a model of half or twice the best size loses little, so the ratio scatters.',
    'The runs were read off a figure, and not every budget has runs on both sides of its lowest point.',
    'No error of the single vertices enters the interval of the exponent, only their scatter about the line.',
  ],
});

const billions = ({ bestParameters }: { bestParameters: number }) => bestParameters / 1e9;

function label(flop: number): string {
  return flop.toExponential(0).replace('e+', 'e');
}

/** The fitted parabola over the sizes of its runs. */
function parabola({ flop, coefficients: [a, b, c], points, bestParameters }: IsoflopCurve) {
  const logs = points.map(({ parameters }) => Math.log10(parameters));
  const [low, high] = [Math.min(...logs), Math.max(...logs)];
  const grid = Array.from({ length: 41 }, (_, i) => low + ((high - low) * i) / 40);
  return [...grid, Math.log10(bestParameters)]
    .sort((x, y) => x - y)
    .map((x) => ({ budget: label(flop), parameters: 10 ** x, loss: a + b * x + c * x ** 2 }));
}

function vertices(rows: readonly { budget: string; parameters: number; loss: number }[]) {
  const budgets = [...new Set(rows.map(({ budget }) => budget))];
  return budgets.map((budget) =>
    rows.filter((row) => row.budget === budget).reduce((best, row) => (row.loss < best.loss ? row : best)),
  );
}

function ratios(rows: readonly { tokensPerParameter: number }[]): number[] {
  return rows.map(({ tokensPerParameter }) => tokensPerParameter);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
