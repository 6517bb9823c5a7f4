import * as Plot from '@observablehq/plot';
import { COLOURS, type Figure } from '../../src/index.js';
import { powerOfTen } from '../../src/report/log-ticks.js';
import { ACCOUNTS, type Outcome } from './run.js';

type View = Pick<Outcome, 'metrics'>;

export const figures = ({ metrics }: View): Figure[] => [
  {
    name: 'power',
    title: 'Power of whole brains, computed and measured',
    caption:
      'Black strokes: measured. Dots: computed from neurons, synapses, rate and the price of an event on three bases; ' +
      'lines: all inputs at the ends of their ranges together. The all-in price was made from the human brain, so it ' +
      'must fit there; the others show how little of the power the synaptic events account for.',
    plot: {
      height: 620,
      marginLeft: 130,
      x: { type: 'log', label: 'power (W)', tickFormat: powerOfTen },
      y: { label: null, domain: ACCOUNTS.map(({ basis }) => basis), axis: null },
      fy: {
        label: null,
        axis: 'left',
        domain: [...new Set(metrics.rows.map(({ animal }) => animal))],
        padding: 0.25,
      },
      color: {
        legend: true,
        type: 'categorical',
        label: 'basis',
        domain: ACCOUNTS.map(({ basis }) => basis),
      },
      marks: [
        Plot.ruleY(metrics.rows, {
          y: 'basis',
          fy: 'animal',
          x1: 'lowW',
          x2: 'highW',
          stroke: 'basis',
          strokeWidth: 2,
        }),
        Plot.dot(metrics.rows, { y: 'basis', fy: 'animal', x: 'watts', fill: 'basis', r: 4.5 }),
        Plot.ruleX(
          metrics.rows.filter(({ measuredW, basis }) => measuredW !== null && basis === 'signalling'),
          { x: 'measuredW', fy: 'animal', stroke: COLOURS.black, strokeWidth: 3 },
        ),
      ],
    },
    rows: metrics.rows.map((row) => ({ ...row })),
  },
];
