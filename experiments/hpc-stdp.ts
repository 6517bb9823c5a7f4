import * as Plot from '@observablehq/plot';
import { HPC_INDEGREE, hpcStdp } from '../models/networks/hpc-stdp.js';
import { atMost, COLOURS, defineExperiment, type Figure, near, type Table, z } from '../src/index.js';
import { activityTable, distributionFigures, rasterFigure } from '../src/report/network-figures.js';
import { type Learning, learn, type Moment } from './hpc-stdp/learn.js';
import { drawWindow, type WindowPoint, windowFigure } from './hpc-stdp/window.js';
import { NETWORK_CAVEATS } from './networks/texts.js';

const config = z.strictObject({
  scale: z.number().min(0.05).max(4).default(1).describe('multiplies 9,000 + 2,250 neurons'),
  indegree: z
    .int()
    .min(100)
    .max(HPC_INDEGREE)
    .default(HPC_INDEGREE / 10)
    .describe('synapses onto a neuron, four excitatory to one inhibitory; published 11,250'),
  warmupMs: z.number().min(0).default(200).describe('biological time before the measurement (ms)'),
  ms: z.number().min(50).default(1000).describe('biological time measured (ms)'),
});

interface Metrics extends Omit<Learning, 'ledger'> {
  window: WindowPoint[];
}

export default defineExperiment({
  id: 'hpc-stdp',
  title: 'Does a network stay itself while its synapses learn?',
  question:
    'What happens to the weights and to the rates of a balanced network in which every pair of spikes counts?',
  prediction:
    'Millions of synapses between excitatory neurons start with one weight. A post spike after a pre spike raises it, a ' +
    'pre spike after a post spike lowers it. After a second, will weights have spread, and will the network fire more or less?',
  config,
  presets: { quick: { scale: 0.2, ms: 300, warmupMs: 100 }, full: { ms: 5000 } },

  async run(config, context) {
    const window = await drawWindow();
    const network = hpcStdp({ ...config, seed: context.seed });
    const { ledger, ...learning } = await learn(network, config, context);
    const metrics: Metrics = { ...learning, window };
    return { metrics, ledgers: [ledger] };
  },

  tables: ({ metrics }) => [activityTable(metrics.activity), momentTable(metrics.moments)],

  figures: ({ metrics }) => [
    windowFigure(metrics.window),
    weightFigure(metrics.moments),
    rateFigure(metrics.moments),
    rasterFigure(
      metrics.activity,
      'The last 300 ms at most: spikes of 200 neurons while their synapses change.',
    ),
    ...distributionFigures(metrics.activity),
  ],

  claims: ({ metrics }) => {
    const worst = Math.max(
      ...metrics.window.map(({ simulated, closedForm }) => Math.abs(simulated - closedForm)),
    );
    const drift = driftOf(metrics.moments);
    return [
      atMost(
        'STDP window: largest deviation of Δw/w from the closed form',
        worst,
        2e-6,
        'Δw = λ f₊(w) e^(-Δt/τ₊) and -λ α f₋(w) e^(Δt/τ₋); float32 holds 1.2e-7',
      ),
      near(
        'Drift of the mean weight against independent spikes at the measured rates',
        drift,
        metrics.expectedPa,
        0.3 * Math.abs(metrics.expectedPa),
        'Kempter, Gerstner and van Hemmen 1999, doi:10.1103/PhysRevE.59.4498: rate term of the drift; what correlations ' +
          'and unequal rates add is left out, hence 30 %',
        'pA',
      ),
    ];
  },

  finding({ metrics }) {
    const [first, last] = [metrics.moments[0], metrics.moments[metrics.moments.length - 1]];
    return (
      `In ${((last.timeMs - first.timeMs) / 1000).toPrecision(2)} s the mean weight went from ${first.meanPa.toPrecision(4)} to ` +
      `${last.meanPa.toPrecision(4)} pA, the spread from ${first.sdPa.toPrecision(2)} to ${last.sdPa.toPrecision(2)} pA, and the ` +
      `excitatory rate from ${metrics.moments[1].rateHz!.toPrecision(3)} to ${last.rateHz!.toPrecision(3)} Hz. A synapse was ` +
      `written ${metrics.writesPerSecond.toPrecision(3)} times a second.`
    );
  },

  caveats: ({ config }) => [
    `The power law has its balance near 45 pA, where the published network starts. With ${config.indegree} synapses a ` +
      'neuron the weights start larger, by the root of the ratio, and drift down; the rates follow within a fraction of a ' +
      'second, because the recurrent input is a small difference of large sums.',
    'The whole delay counts as dendritic, as in NEST: a pre spike is at the synapse at once. With an axonal delay the ' +
      'same trains of spikes would give other weights.',
    ...NETWORK_CAVEATS,
  ],
});

function driftOf(moments: readonly Moment[]): number {
  return moments[moments.length - 1].meanPa - moments[0].meanPa;
}

function momentTable(moments: readonly Moment[]): Table {
  return {
    name: 'weights',
    title: 'Weights of the synapses that learn',
    columns: [
      { key: 'timeMs', label: 'time', unit: 'ms' },
      { key: 'meanPa', label: 'mean weight', unit: 'pA', digits: 5 },
      { key: 'sdPa', label: 'standard deviation', unit: 'pA', digits: 3 },
      { key: 'rateHz', label: 'excitatory rate in the stretch before', unit: 'Hz' },
    ],
    rows: moments.map(({ timeMs, meanPa, sdPa, rateHz }) => ({ timeMs, meanPa, sdPa, rateHz })),
  };
}

function weightFigure(moments: readonly Moment[]): Figure {
  const shown = [moments[1], moments[Math.floor(moments.length / 2)], moments[moments.length - 1]];
  const rows = shown.flatMap(({ timeMs, bins }) =>
    bins.map(({ from, width, share }) => ({ time: `${Math.round(timeMs)} ms`, from, width, share })),
  );
  const start = moments[0].meanPa;
  return {
    name: 'weights',
    title: 'Weights spread while the network runs',
    caption:
      `Share of the synapses in bins of 1 pA, at three moments. Dashed: the mean when the measurement began ` +
      `(${start.toPrecision(4)} pA); at the very start all weights were one.`,
    plot: {
      x: { label: 'weight (pA)' },
      y: { label: 'share of synapses (%)', transform: (share: number) => 100 * share },
      color: {
        legend: true,
        type: 'categorical',
        label: 'time',
        domain: [...new Set(rows.map(({ time }) => time))],
      },
      marks: [
        Plot.ruleY([0]),
        Plot.ruleX([start], { stroke: COLOURS.grey, strokeDasharray: '4 3' }),
        Plot.line(rows, {
          x: (row: (typeof rows)[number]) => row.from + 0.5,
          y: 'share',
          stroke: 'time',
          strokeWidth: 2,
        }),
      ],
    },
    rows,
  };
}

function rateFigure(moments: readonly Moment[]): Figure {
  const rows = moments.slice(1).map(({ timeMs, rateHz, meanPa }) => ({ timeMs, rateHz, meanPa }));
  return {
    name: 'drift',
    title: 'Rate and mean weight as time runs',
    caption:
      'Excitatory rate in each stretch of the measurement against the mean weight at its end; time runs along the line, ' +
      'labels are its milliseconds.',
    plot: {
      marginRight: 60,
      x: { label: 'mean weight (pA)' },
      y: { label: 'excitatory rate (Hz)', zero: true },
      marks: [
        Plot.line(rows, { x: 'meanPa', y: 'rateHz', stroke: COLOURS.grey }),
        Plot.dot(rows, { x: 'meanPa', y: 'rateHz', fill: COLOURS.blue, r: 4 }),
        Plot.text(rows, {
          x: 'meanPa',
          y: 'rateHz',
          text: (row: (typeof rows)[number]) => `${Math.round(row.timeMs)}`,
          dy: -12,
        }),
      ],
    },
    rows,
  };
}
