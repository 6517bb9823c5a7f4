import * as Plot from '@observablehq/plot';
import type { Figure } from '../../src/index.js';
import { powerOfTen } from '../../src/report/log-ticks.js';
import type { Metrics } from './run.js';

export const figures = ({ metrics }: { metrics: Metrics }): Figure[] => [
  {
    name: 'points',
    title: 'Training runs and the law fitted to them',
    caption:
      'Each run by parameters and tokens, coloured by how far its loss lies from the converged fit. Nearly all ' +
      'lie within 2 %; runs with less than a token a parameter (lower right) lie above the law.',
    plot: {
      x: { type: 'log', label: 'parameters', tickFormat: powerOfTen },
      y: { type: 'log', label: 'tokens', tickFormat: powerOfTen },
      color: {
        legend: true,
        type: 'diverging',
        scheme: 'PuOr',
        label: 'log(loss / fit)',
        domain: [-0.02, 0.02],
        clamp: true,
      },
      marks: [
        Plot.dot(metrics.points, {
          x: 'parameters',
          y: 'tokens',
          fill: 'residual',
          stroke: '#555',
          strokeWidth: 0.5,
          r: 5,
        }),
      ],
    },
    rows: metrics.points,
  },
  {
    name: 'exponent',
    title: 'Model or data? The share of compute growth that goes to the model',
    caption:
      'Histogram of a = beta/(alpha + beta) over bootstrap refits. Dashed: the published fits. The coefficients of ' +
      '2022 lie outside; even shares (0.5) lie inside.',
    plot: {
      x: { label: 'a, with N ∝ C^a', inset: 8 },
      y: { label: 'refits' },
      marks: [
        Plot.rectY(
          metrics.exponents,
          Plot.binX<Plot.RectYOptions>(
            { y: 'count' },
            { x: (a: number) => a, thresholds: 40, fill: '#9ecae1' },
          ),
        ),
        Plot.ruleY([0]),
        Plot.ruleX(marked(metrics.fits), { x: 'a', strokeDasharray: '5 4' }),
        Plot.text(marked(metrics.fits), {
          x: 'a',
          text: 'label',
          frameAnchor: 'top',
          dy: -22,
          lineWidth: 8,
        }),
      ],
    },
    rows: metrics.exponents.map((a) => ({ a })),
  },
  {
    name: 'drops',
    title: 'Five points of 245 move the exponent out of its own interval',
    caption:
      'Exponent a against the number of highest losses left out. The band is the 95 % bootstrap interval of the ' +
      'fit with five left out: a bootstrap cannot see the choice of points.',
    plot: {
      x: { label: 'highest losses left out', ticks: [0, 1, 2, 3, 4, 5], tickFormat: 'd', inset: 12 },
      y: { label: 'a, with N ∝ C^a', inset: 8 },
      marks: [
        Plot.rectY([interval(metrics.bootstrap)], {
          y1: 'low',
          y2: 'high',
          fill: '#9ecae1',
          fillOpacity: 0.5,
        }),
        Plot.line(metrics.drops, { x: 'drop', y: 'a' }),
        Plot.dot(metrics.drops, { x: 'drop', y: 'a', r: 5, fill: 'black' }),
      ],
    },
    rows: metrics.drops,
  },
];

function marked(fits: readonly { fit: string; a: number }[]) {
  const labels: Record<string, string> = {
    'Huber, converged': 'converged',
    'stopped early': 'stopped early',
    'Hoffmann et al. 2022, as printed': '2022, printed',
  };
  return fits.filter(({ fit }) => labels[fit]).map(({ fit, a }) => ({ a, label: labels[fit] }));
}

function interval(rows: readonly { quantity: string; low: number; high: number }[]) {
  return rows.find(({ quantity }) => quantity.startsWith('a '))!;
}
