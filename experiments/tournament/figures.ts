import * as Plot from '@observablehq/plot';
import type { Figure } from '../../src/index.js';
import { powerOfTen } from '../../src/report/log-ticks.js';
import { type Config, LEAGUE_SIZE, type Outcome } from './run.js';

type View = Pick<Outcome, 'metrics'> & { config: Config };

export const figures = ({ metrics, config }: View): Figure[] => [
  {
    name: 'knockout',
    title: `Failure of a knockout with ${middle(config.comparisons)} comparisons a match`,
    caption:
      'Lines are the recursion, dots the simulation. With a fixed number of comparisons the failure falls as a power ' +
      'of the candidates; with coins (dashed) it does not fall at all.',
    plot: {
      x: { type: 'log', base: 2, label: 'candidates', tickFormat: 'd' },
      y: { type: 'log', label: 'failures (share)', tickFormat: powerOfTen },
      color: { legend: true, type: 'categorical', label: 'right comparison', domain: config.votes },
      marks: [
        Plot.ruleY([1 - config.generation], { strokeDasharray: '5 4' }),
        Plot.line(ofMiddle(metrics.knockout, config), {
          x: 'candidates',
          y: 'exact',
          stroke: 'vote',
          z: 'vote',
          strokeWidth: 2,
        }),
        Plot.dot(
          ofMiddle(metrics.knockout, config).filter(({ simulated }) => simulated > 0),
          { x: 'candidates', y: 'simulated', stroke: 'vote', r: 4 },
        ),
      ],
    },
    rows: metrics.knockout,
  },
  {
    name: 'bound',
    title: 'Exact failure against the published bound',
    caption:
      'Every point lies below the diagonal: the bound holds. It exceeds 1 in most cases, where it says nothing.',
    plot: {
      x: { type: 'log', label: 'bound', tickFormat: String },
      y: { type: 'log', label: 'exact failure', tickFormat: powerOfTen },
      color: { legend: true, type: 'categorical', label: 'K', domain: config.comparisons },
      marks: [
        Plot.line(
          [0.1, 1].map((v) => ({ v })),
          { x: 'v', y: 'v', strokeDasharray: '5 4' },
        ),
        Plot.ruleX([1]),
        Plot.dot(metrics.knockout, {
          x: 'bound',
          y: 'exact',
          stroke: 'comparisons',
          r: 4,
        }),
      ],
    },
    rows: metrics.knockout,
  },
  {
    name: 'league',
    title: `A league of ${LEAGUE_SIZE} answers`,
    caption:
      'Failure against comparisons for each answer: lines are exact, dots were played. It falls to the floor (dashed): no answer was right to begin with.',
    plot: {
      x: { type: 'log', base: 2, label: 'comparisons for each answer, K', tickFormat: 'd' },
      y: { type: 'log', label: 'failures (share)', tickFormat: powerOfTen },
      color: { legend: true, type: 'categorical', label: 'right comparison', domain: config.votes },
      marks: [
        Plot.ruleY([(1 - config.generation) ** LEAGUE_SIZE], { strokeDasharray: '5 4' }),
        Plot.line(metrics.league, {
          x: 'comparisons',
          y: 'exact',
          stroke: 'vote',
          z: 'vote',
          strokeWidth: 2,
        }),
        Plot.dot(metrics.league, { x: 'comparisons', y: 'failure', stroke: 'vote', r: 4 }),
      ],
    },
    rows: metrics.league,
  },
];

function middle(values: readonly number[]): number {
  return values[Math.floor(values.length / 2)];
}

function ofMiddle<Row extends { comparisons: number }>(rows: readonly Row[], { comparisons }: Config): Row[] {
  return rows.filter((row) => row.comparisons === middle(comparisons));
}
