import * as Plot from '@observablehq/plot';
import type { Figure } from '../../src/index.js';
import { powerOfTen } from '../../src/report/log-ticks.js';
import { type Config, type Outcome, tokens } from './run.js';

type View = Pick<Outcome, 'metrics'> & { config: Config };

export const figures = ({ metrics, config }: View): Figure[] => [
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
];

function lengthNames({ lengths }: Config): string[] {
  return lengths.map(tokens);
}
