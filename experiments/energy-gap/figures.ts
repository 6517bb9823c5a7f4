import * as Plot from '@observablehq/plot';
import type { Figure } from '../../src/index.js';
import { powerOfTen } from '../../src/report/log-ticks.js';
import { BF16, type Outcome, ROUNDED_FP32 } from './run.js';

type View = Pick<Outcome, 'metrics'>;

export const figures = ({ metrics }: View): Figure[] => [
  {
    name: 'ratios',
    title: 'The ratio, for every pair of accounts',
    caption:
      'Machine energy over brain energy. Moving along a row changes how the machine is counted, from row to row how ' +
      'the brain is. No dot is a measurement of both with one ruler.',
    plot: {
      height: 380,
      marginLeft: 260,
      x: {
        type: 'log',
        label: 'energy of a machine operation / energy of a brain event',
        tickFormat: powerOfTen,
        inset: 14,
      },
      y: { label: null, domain: metrics.brains.map(({ name }) => name) },
      color: { legend: true, type: 'categorical', domain: metrics.machines.map(({ name }) => name) },
      symbol: { legend: true, domain: metrics.machines.map(({ name }) => name) },
      marks: [
        Plot.ruleX([1], { strokeDasharray: '5 4' }),
        Plot.dot(metrics.ratios, {
          x: 'ratio',
          y: 'brain',
          stroke: 'machine',
          symbol: 'machine',
          r: 6,
          strokeWidth: 2,
        }),
      ],
    },
    rows: metrics.ratios,
  },
  {
    name: 'waterfall',
    title: 'From 3.5 to 500,000 in three steps',
    caption: 'Each bar changes one input of the comparison and keeps the others.',
    plot: {
      height: 320,
      marginLeft: 330,
      x: { type: 'log', label: 'ratio', tickFormat: powerOfTen, domain: [1, 3e6] },
      y: { label: null, domain: waterfall(metrics.ratios).map(({ step }) => step) },
      marks: [
        Plot.barX(waterfall(metrics.ratios), {
          x1: 'from',
          x2: 'to',
          y: 'step',
          fill: '#0072B2',
          insetTop: 6,
          insetBottom: 6,
        }),
        Plot.text(waterfall(metrics.ratios), {
          x: 'to',
          y: 'step',
          text: 'label',
          textAnchor: 'start',
          dx: 6,
        }),
      ],
    },
    rows: waterfall(metrics.ratios),
  },
];

/** One input at a time: the brain's events, the machine's precision, its rounding. */
function waterfall(ratios: readonly { brain: string; machine: string; ratio: number }[]) {
  const brains = [...new Set(ratios.map(({ brain }) => brain))];
  const at = (brain: string, machine: string) =>
    ratios.find((row) => row.brain === brain && row.machine === machine)!.ratio;
  const [first, last] = [brains[0], brains.at(-1)!];
  const values = [
    1,
    at(first, BF16),
    at(last, BF16),
    at(last, 'FP32 without tensor cores'),
    at(last, ROUNDED_FP32),
  ];
  const steps = [
    'all power over synaptic events, BF16',
    `count the brain as ${last}`,
    'count the machine in FP32',
    'round 9.6·10¹⁰ to 10¹¹ FLOP/J',
  ];
  return steps.map((step, i) => {
    const [from, to] = [values[i], values[i + 1]].sort((a, b) => a - b);
    return { step, from, to, label: values[i + 1].toLocaleString('en', { maximumSignificantDigits: 3 }) };
  });
}
