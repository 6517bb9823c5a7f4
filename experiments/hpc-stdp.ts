import * as Plot from '@observablehq/plot';
import { HPC_INDEGREE, hpcStdp } from '../models/networks/hpc-stdp.js';
import {
  atMost,
  type Claim,
  COLOURS,
  defineExperiment,
  type Figure,
  near,
  type Table,
  z,
} from '../src/index.js';
import { labelsApart } from '../src/report/labels-apart.js';
import { activityTable, distributionFigures, rasterFigure } from '../src/report/network-figures.js';
import { type Learning, learn, type Moment } from './hpc-stdp/learn.js';
import { drawWindow, type WindowPoint, windowFigure } from './hpc-stdp/window.js';
import { NETWORK_CAVEATS } from './networks/texts.js';

const DT_MS = 0.1;

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
  halfStep: z
    .boolean()
    .default(true)
    .describe('whether the network is run once more with half the time step, as a check'),
});

interface Metrics extends Omit<Learning, 'ledger'> {
  window: WindowPoint[];
  /** Excitatory rate and mean weight at the end, with the step of the run and with half of it. */
  steps: { dtMs: number; rateHz: number; meanPa: number }[];
}

/**
 * Standard deviations over ten networks of the rate and of the mean weight after 0.2 s and 1 s at the default size,
 * with steps of 0.1 ms and 0.05 ms alike (`run hpc-stdp --seed 1` to 10).
 */
const SPREAD = { rateHz: 0.2, meanPa: 0.08 };

export default defineExperiment({
  id: 'hpc-stdp',
  title: 'Does a network stay itself while its synapses learn?',
  question:
    'What happens to the weights and to the rates of a balanced network in which every pair of spikes counts?',
  prediction:
    'Millions of synapses between excitatory neurons start with one weight. A post spike after a pre spike raises it, a ' +
    'pre spike after a post spike lowers it. After a second, will weights have spread, and will the network fire more or less?',
  config,
  presets: { quick: { scale: 0.2, ms: 300, warmupMs: 100, halfStep: false }, full: { ms: 5000 } },

  async run(config, context) {
    const window = await drawWindow();
    const describe = (dtMs: number) => hpcStdp({ ...config, dtMs, seed: context.seed });
    const { ledger, ...learning } = await learn(describe(DT_MS), config, context);
    const steps = [summaryOf(DT_MS, learning)];
    if (config.halfStep) steps.push(summaryOf(DT_MS / 2, await learn(describe(DT_MS / 2), config, context)));
    const metrics: Metrics = { ...learning, window, steps };
    return { metrics, ledgers: [ledger] };
  },

  tables: ({ metrics }) => [
    activityTable(metrics.activity),
    momentTable(metrics.moments),
    ...(metrics.steps.length > 1 ? [stepTable(metrics.steps)] : []),
  ],

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

  claims: ({ metrics, config }) => {
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
      ...(isNearBalance(config)
        ? []
        : [
            near(
              'Drift of the mean weight against independent spikes at the measured rates',
              drift,
              metrics.expectedPa,
              0.3 * Math.abs(metrics.expectedPa),
              'Kempter, Gerstner and van Hemmen 1999, doi:10.1103/PhysRevE.59.4498: rate term of the drift; what ' +
                'correlations and unequal rates add is left out, hence 30 %',
              'pA',
            ),
          ]),
      ...stepClaims(metrics.steps, config),
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
    ...(isNearBalance(config)
      ? [
          'Near its balance the rate term of the drift is the small difference of two large ones, and correlations decide: ' +
            'nothing is claimed about it. Neurons that share most of their inputs, as here, also fire in step.',
        ]
      : []),
    'The whole delay counts as dendritic, as in NEST: a pre spike is at the synapse at once. With an axonal delay the ' +
      'same trains of spikes would give other weights.',
    ...NETWORK_CAVEATS,
  ],
});

/** With half the published in-degree or more the weights start within a third of the power law's balance. */
function isNearBalance({ indegree }: { indegree: number }): boolean {
  return indegree >= HPC_INDEGREE / 2;
}

function summaryOf(dtMs: number, { activity, moments }: Pick<Learning, 'activity' | 'moments'>) {
  const [e] = activity.populations;
  return { dtMs, rateHz: e.rateHz, meanPa: moments[moments.length - 1].meanPa };
}

/** The time step must not matter: another step is another sample of noise, hence the tolerance. */
function stepClaims(
  [own, half]: Metrics['steps'],
  { scale, indegree, ms, warmupMs }: z.output<typeof config>,
): Claim[] {
  const known = scale === 1 && indegree === HPC_INDEGREE / 10 && ms >= 1000 && warmupMs >= 200;
  if (half === undefined || !known) return [];
  const source =
    'the same network with half the time step; 4 sd of the difference of two networks out of ten';
  const tolerance = (sd: number) => 4 * Math.SQRT2 * sd;
  return [
    near('Excitatory rate', own.rateHz, half.rateHz, tolerance(SPREAD.rateHz), source, 'Hz'),
    near('Mean weight at the end', own.meanPa, half.meanPa, tolerance(SPREAD.meanPa), source, 'pA'),
  ];
}

function stepTable(steps: Metrics['steps']): Table {
  return {
    name: 'steps',
    title: 'With half the time step',
    columns: [
      { key: 'dtMs', label: 'time step', unit: 'ms' },
      { key: 'rateHz', label: 'excitatory rate', unit: 'Hz', digits: 4 },
      { key: 'meanPa', label: 'mean weight at the end', unit: 'pA', digits: 5 },
    ],
    rows: steps.map((step) => ({ ...step })),
  };
}

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
        labelsApart(rows, {
          x: 'meanPa',
          y: 'rateHz',
          text: (row: (typeof rows)[number]) => `${Math.round(row.timeMs)}`,
        }),
      ],
    },
    rows,
  };
}
