import * as Plot from '@observablehq/plot';
import type { Figure } from '../../src/index.js';
import { powerOfTen } from '../../src/report/log-ticks.js';
import { type Outcome, SETS } from './run.js';

type View = Pick<Outcome, 'metrics'>;

export const figures = ({ metrics }: View): Figure[] => [
  {
    name: 'intervals',
    title: 'Which exponents the data allow',
    caption:
      'Points with 95 % intervals; 2/3 and 3/4 dashed. Species as points, each mammal set rejects both; the ' +
      'choice to average within bins of mass moves the answer towards 3/4. Birds allow 2/3.',
    plot: {
      height: 300,
      marginLeft: 160,
      x: { label: 'exponent', inset: 10 },
      y: { label: null, domain: SETS.map(({ id }) => id) },
      color: { legend: true, type: 'categorical', domain: ['species', 'bins of mass'] },
      symbol: { legend: true, domain: ['species', 'bins of mass'] },
      marks: [
        Plot.ruleX([2 / 3, 3 / 4], { strokeDasharray: '4 4' }),
        Plot.text(
          [
            { x: 2 / 3, text: '2/3' },
            { x: 3 / 4, text: '3/4' },
          ],
          {
            x: 'x',
            text: 'text',
            frameAnchor: 'top',
            dy: -12,
          },
        ),
        ...['species', 'bins of mass'].flatMap((points, i) => {
          const fits = metrics.fits.filter((fit) => fit.points === points);
          const dy = i === 0 ? -7 : 7;
          return [
            Plot.ruleY(fits, { x1: 'low', x2: 'high', y: 'set', stroke: 'points', strokeWidth: 2, dy }),
            Plot.dot(fits, { x: 'b', y: 'set', stroke: 'points', symbol: 'points', r: 5, dy }),
          ];
        }),
      ],
    },
    rows: metrics.fits,
  },
  {
    name: 'rates',
    title: 'Basal metabolic rate against body mass',
    caption:
      'Every point is a species. Straight by eye over six decades; the bend only shows in the local exponent.',
    plot: {
      x: { type: 'log', label: 'body mass (g)', tickFormat: powerOfTen, inset: 6 },
      y: { type: 'log', label: 'basal metabolic rate (W)', tickFormat: powerOfTen },
      color: { legend: true, type: 'categorical', domain: SETS.map(({ id }) => id) },
      symbol: { legend: true, domain: SETS.map(({ id }) => id) },
      marks: [
        Plot.dot(metrics.species, {
          x: 'massG',
          y: 'bmrW',
          stroke: 'set',
          symbol: 'set',
          r: 2.5,
          strokeOpacity: 0.6,
        }),
      ],
    },
    rows: metrics.species,
  },
  {
    name: 'local-exponent',
    title: 'The exponent rises with size in mammals',
    caption:
      'Slope of a parabola in logarithms at each mass, drawn over the range of the animals. A single exponent ' +
      'for all mammals averages small ones near 0.6 with large ones above 0.8.',
    plot: {
      x: { type: 'log', label: 'body mass (g)', tickFormat: powerOfTen },
      y: { label: 'local exponent' },
      color: { legend: true, type: 'categorical', domain: SETS.map(({ id }) => id) },
      symbol: { legend: true, domain: SETS.map(({ id }) => id) },
      marks: [
        Plot.ruleY([2 / 3, 3 / 4], { strokeDasharray: '4 4' }),
        Plot.line(metrics.local, { x: 'massG', y: 'exponent', stroke: 'set', strokeWidth: 2 }),
        Plot.dot(
          metrics.local.filter((_, i) => i % 4 === 0),
          {
            x: 'massG',
            y: 'exponent',
            stroke: 'set',
            symbol: 'set',
          },
        ),
      ],
    },
    rows: metrics.local,
  },
];
