import * as Plot from '@observablehq/plot';
import { COLOURS, type Figure, type RunView } from '../../src/index.js';
import { labelsApart } from '../../src/report/labels-apart.js';
import { oneTwoFive, powerOfTen } from '../../src/report/log-ticks.js';
import { finalAccuracy, type PointMean, pointMeans, vanilla } from './analysis.js';
import type { Config } from './config.js';
import { MASKS, type Metrics } from './run.js';

type View = RunView<Config, Metrics>;

/** The three prices of learning. */
const PRICES = [
  { key: 'samples', name: 'samples', label: 'samples', of: (point: PointMean) => point.samples },
  { key: 'm0', name: 'writes (M0)', label: 'M0: number of writes', of: (point: PointMean) => point.m0 },
  {
    key: 'm1',
    name: 'changes (M1)',
    label: 'M1: Σ|Δw| (units of weight)',
    of: (point: PointMean) => point.m1,
  },
] as const;

/** Points where a run was given up are drawn hollow: their mean is of the lucky ones. */
const HOLLOW = 'Hollow points: not every run got there; the mean of those that did.';

type Shown = { runs: string; complete: 'yes' | 'no' };
const shown = ({ runs, of }: PointMean): Shown => ({
  runs: `${runs} of ${of}`,
  complete: runs === of ? 'yes' : 'no',
});

function lineAndDots<Row extends Shown>(rows: Row[], x: string, y: string, curve: string) {
  return [
    Plot.lineY(rows, { x, y, stroke: curve, z: curve }),
    Plot.dot(
      rows.filter((row) => row.complete === 'yes'),
      { x, y, fill: curve, r: 4 },
    ),
    Plot.dot(
      rows.filter((row) => row.complete === 'no'),
      { x, y, stroke: curve, fill: 'white', r: 4 },
    ),
  ];
}

export function figures(view: View): Figure[] {
  const means = pointMeans(view.metrics);
  return [
    ofFraction(view, means),
    ...PRICES.map((price) => ofSize(view, means, price)),
    rules(view, means),
    ...(view.config.combinations ? [combined(view, means)] : []),
  ];
}

function ofFraction({ config }: View, means: PointMean[]): Figure {
  const plain = vanilla(means, config.hidden);
  const rows = means
    .filter((point) => point.policy === MASKS[0].name && point.runs > 0)
    .flatMap((point) =>
      PRICES.map((price) => ({
        fraction: point.fraction!,
        price: price.name,
        relative: plain?.runs ? price.of(point) / price.of(plain) : Number.NaN,
        ...shown(point),
      })),
    )
    .filter((row) => Number.isFinite(row.relative))
    .sort((a, b) => a.fraction - b.fraction);
  return {
    name: 'fraction',
    title: `What it takes to reach ${100 * config.goal} %, against the fraction of plastic synapses`,
    caption:
      'All prices are relative to those without competition (dashed). Fewer plastic synapses need more samples, but far ' +
      `fewer writes; the sum of changes has its own, much larger best fraction. ${HOLLOW}`,
    rows,
    plot: {
      x: {
        type: 'log',
        label: 'fraction p of the synapses of the first layer that change for a sample',
        ticks: config.fractions,
        tickFormat: String,
      },
      y: { type: 'log', label: 'relative to learning without competition', tickFormat: oneTwoFive },
      color: { legend: true, label: '' },
      marks: [
        Plot.ruleY([1], { strokeDasharray: '6,4' }),
        ...lineAndDots(rows, 'fraction', 'relative', 'price'),
      ],
    },
  };
}

function ofSize({ config }: View, means: PointMean[], price: (typeof PRICES)[number]): Figure {
  const rows = means
    .filter((point) => (point.part === 'size' || point.part === 'subnet') && point.runs > 0)
    .map((point) => ({
      hidden: point.hidden,
      curve: point.subnet === null ? 'all synapses' : `subnet of ${point.subnet}`,
      [price.key]: price.of(point),
      ...shown(point),
    }))
    .sort((a, b) => a.hidden - b.hidden);
  return {
    name: `size-${price.key}`,
    title: `${price.name} to reach ${100 * config.goal} %, against the number of hidden units`,
    caption:
      'Without competition a larger network learns in fewer samples, but pays for all of its synapses; with a plastic ' +
      `subnet of the same size the size of the network hardly matters. ${HOLLOW}`,
    rows,
    plot: {
      x: {
        type: 'log',
        label: 'hidden units',
        ticks: [...new Set(rows.map((row) => row.hidden))],
        tickFormat: String,
      },
      y: { type: 'log', label: price.label, tickFormat: oneTwoFive },
      color: { legend: true, label: '' },
      marks: lineAndDots(rows, 'hidden', price.key, 'curve'),
    },
  };
}

function rules({ config, metrics }: View, means: PointMean[]): Figure {
  const all = means
    .filter((point) => point.fraction !== null && config.maskFractions.includes(point.fraction))
    .filter((point) => MASKS.some((mask) => mask.name === point.policy))
    .map((point) => ({
      policy: point.policy,
      fraction: `p = ${point.fraction}`,
      m0: point.runs > 0 ? point.m0 : null,
      m1: point.runs > 0 ? point.m1 : null,
      accuracyPercent: 100 * finalAccuracy(metrics, point.policy, point.fraction!).mean,
      ...shown(point),
    }));
  const rows = all.filter((row) => row.m0 !== null);
  const failed = all.filter((row) => row.m0 === null);
  return {
    name: 'rules',
    title: `Writes to reach ${100 * config.goal} %, by the rule that chooses what changes`,
    caption:
      'Which synapses change matters more than how many: the largest changes of the layer are the best choice. ' +
      `Where no run got there the accuracy at which it was given up is told. ${HOLLOW}`,
    rows: all,
    plot: {
      x: { label: 'M0: writes', type: 'log', tickFormat: oneTwoFive, nice: true },
      y: { label: null, domain: MASKS.map((mask) => mask.name) },
      fy: { label: null },
      marginLeft: 190,
      marginRight: 90,
      height: 120 + 170 * new Set(all.map((row) => row.fraction)).size,
      marks: [
        Plot.frame({ stroke: '#ddd' }),
        Plot.dot(rows, {
          x: 'm0',
          y: 'policy',
          fy: 'fraction',
          fill: (row) => (row.complete === 'yes' ? COLOURS.blue : 'white'),
          stroke: COLOURS.blue,
          r: 6,
        }),
        Plot.text(failed, {
          y: 'policy',
          fy: 'fraction',
          frameAnchor: 'left',
          dx: 8,
          text: (row) =>
            `not reached: ${row.accuracyPercent.toFixed(1)} % after ${config.controlSamples} samples`,
        }),
      ],
    },
  };
}

function combined({ config }: View, means: PointMean[]): Figure {
  const rows = means
    .filter((point) => point.hidden === config.hidden && point.runs > 0)
    .map(({ part, policy, fraction, m0, m1 }) => ({
      label: part === 'combination' || fraction === null ? policy : `p = ${fraction}`,
      kind: part === 'size' ? 'all synapses' : part === 'fraction' ? 'competition' : part,
      m0,
      m1,
    }))
    .filter((row) => row.kind !== 'mask')
    .sort((a, b) => a.m0 - b.m0);
  return {
    name: 'combinations',
    title: `Persistent writes and changes to reach ${100 * config.goal} %, by policy`,
    caption:
      'Down and to the left is cheaper. Caching here has free transients, so that it shows the least that persistent ' +
      'memory needs; lazy learning and competition save in both.',
    rows,
    plot: {
      x: { type: 'log', label: 'M0: persistent writes', tickFormat: powerOfTen },
      y: { type: 'log', label: 'M1: persistent Σ|Δw|', tickFormat: oneTwoFive },
      color: { legend: true, label: '' },
      marginRight: 90,
      inset: 26,
      marks: [
        Plot.dot(rows, { x: 'm0', y: 'm1', fill: 'kind', r: 5 }),
        labelsApart(rows, { x: 'm0', y: 'm1', text: 'label', fontSize: 12 }),
      ],
    },
  };
}
