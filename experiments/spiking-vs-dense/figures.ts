import * as Plot from '@observablehq/plot';
import { publishedCrossover } from '../../src/energy/crossover.js';
import { COLOURS } from '../../src/index.js';
import { powerOfTen } from '../../src/report/log-ticks.js';
import { ACCOUNTS } from './accounts.js';
import { crossovers, energyNj, equalAccuracy, tasksOf, type View } from './analysis.js';
import { KINDS } from './run.js';

const ACCOUNT_NAMES = ACCOUNTS.map(({ name }) => name);
/** Those whose rival can have the sizes of the spiking network. */
const SAME_SIZES = ACCOUNTS.filter(({ rival }) => rival.kind !== 'convolutional').map(({ name }) => name);
const KIND_COLOURS = {
  domain: [...KINDS],
  range: [COLOURS.blue, COLOURS.vermilion, COLOURS.green, COLOURS.purple],
  legend: true,
  label: 'network',
};

export function ratioFigure(view: View) {
  const rows = equalAccuracy(view, 'inference');
  return {
    name: 'ratio-at-equal-accuracy',
    title: 'Who pays less for the same answer',
    caption:
      'Energy of the dense (or quantised) network over that of the spiking one at equal accuracy, per inference. Right of the line the spiking network costs less. Bars: 95 % over seeds.',
    plot: {
      height: 540,
      marginLeft: 205,
      x: { type: 'log' as const, label: 'rival / spiking', tickFormat: powerOfTen, grid: true, nice: true },
      y: { label: null, domain: ACCOUNT_NAMES },
      color: { legend: true, label: 'task', domain: tasksOf(view) },
      marks: [
        Plot.ruleX([1], { strokeDasharray: '4,3' }),
        Plot.ruleY(rows, {
          x1: 'low',
          x2: 'high',
          y: 'account',
          stroke: 'task',
          strokeWidth: 3,
          strokeOpacity: 0.4,
        }),
        Plot.dot(rows, { x: 'ratio', y: 'account', fill: 'task', r: 5 }),
      ],
    },
    rows: rows.map((row) => ({ ...row })),
  };
}

export function crossoverFigure(view: View) {
  const rows = crossovers(view).filter(({ crossover }) => crossover > 0);
  return {
    name: 'crossover',
    title: 'How few spikes it takes',
    caption:
      'Symbols: the spike rate below which the spiking network costs less than a rival of its size. Ticks: the rate that it has. Dashed: the published rule for T = 20 and T = 60. An account without a symbol for a task is never won: there the neuron updates alone cost more than the rival.',
    plot: {
      height: 460,
      marginLeft: 205,
      x: {
        type: 'log' as const,
        label: 'spikes a source and time step',
        grid: true,
        tickFormat: powerOfTen,
        nice: true,
      },
      y: { label: null, domain: SAME_SIZES },
      color: { legend: true, label: 'task', domain: tasksOf(view) },
      marks: [
        Plot.ruleX([20, 60].map(publishedCrossover), { strokeDasharray: '4,3' }),
        Plot.dot(rows, {
          x: 'crossover',
          y: 'account',
          stroke: 'task',
          symbol: 'task',
          strokeWidth: 2,
          r: 6,
        }),
        Plot.tickX(rows, { x: 'rate', y: 'account', stroke: 'task', strokeWidth: 2 }),
      ],
    },
    rows: rows.map((row) => ({ ...row })),
  };
}

/** Tariffs of the third figure: one arithmetic, three places for the weights. */
const MEMORIES = [
  { tariff: '45nm-int8', memory: 'registers' },
  { tariff: '45nm-int8-sram', memory: 'SRAM' },
  { tariff: '45nm-int8-dram', memory: 'DRAM' },
];

export function frontFigure(view: View) {
  const rows = view.metrics.networks.flatMap((network) =>
    MEMORIES.map(({ tariff, memory }) => ({
      task: network.task,
      kind: network.kind,
      memory,
      hidden: network.hidden,
      seed: network.seed,
      nj: energyNj(view, network, tariff, 'inference'),
      errorPercent: Math.max(100 * (1 - network.accuracy), 0.05),
    })),
  );
  const lowest = 0.8 * Math.min(...rows.map(({ errorPercent }) => errorPercent));
  const ticks = [0.1, 0.5, 2, 10, 50].filter((tick) => tick > lowest);
  return {
    name: 'accuracy-and-energy',
    title: 'Error against energy, by where the weights lie',
    caption:
      'Each dot is a network of 8-bit integers (all kinds priced alike, the convolutional ones too, though they learned in float32). Lower and further left is better. From left to right the weights lie in registers, SRAM and DRAM.',
    plot: {
      height: 520,
      // No tick at an edge: its label would meet that of the next facet.
      x: {
        type: 'log' as const,
        label: 'energy of an inference (nJ)',
        tickFormat: powerOfTen,
        ticks: [0.1, 10, 1000],
        nice: true,
      },
      marginRight: 80,
      y: {
        type: 'log' as const,
        label: 'error (%)',
        tickFormat: '~f',
        grid: true,
        domain: [lowest, 100],
        ticks,
      },
      fx: { domain: MEMORIES.map(({ memory }) => memory), label: null },
      fy: { label: null, domain: tasksOf(view) },
      color: KIND_COLOURS,
      marks: [
        Plot.frame({ strokeOpacity: 0.2 }),
        Plot.dot(rows, { x: 'nj', y: 'errorPercent', fx: 'memory', fy: 'task', fill: 'kind', r: 4 }),
      ],
    },
    rows,
  };
}
