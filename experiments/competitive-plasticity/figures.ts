import * as Plot from '@observablehq/plot';
import { COLOURS, type Figure, type RunView } from '../../src/index.js';
import { type PointMean, pointMeans, vanilla } from './analysis.js';
import type { Config } from './config.js';
import { MASKS, type Metrics } from './run.js';

type View = RunView<Config, Metrics>;

const PANELS = ['samples', 'M0: writes', 'M1: Σ|Δw|'] as const;

/** Three panels one below the other: samples, M0 and M1 to the goal. */
function panels(points: PointMean[], x: (point: PointMean) => number, curve: (point: PointMean) => string) {
  return points
    .filter((point) => point.runs > 0)
    .flatMap((point) =>
      PANELS.map((panel, k) => ({
        panel,
        curve: curve(point),
        x: x(point),
        value: [point.samples, point.m0, point.m1][k],
        runs: `${point.runs} of ${point.of}`,
      })),
    );
}

function panelFigure(
  name: string,
  title: string,
  caption: string,
  label: string,
  rows: ReturnType<typeof panels>,
): Figure {
  return {
    name,
    title,
    caption,
    rows,
    plot: {
      x: { type: 'log', label },
      y: { type: 'log', label: '' },
      fy: { label: '', domain: [...PANELS] },
      color: { legend: true, label: '' },
      height: 760,
      marginRight: 110,
      marks: [
        Plot.frame({ stroke: '#ddd' }),
        Plot.lineY(rows, { x: 'x', y: 'value', fy: 'panel', stroke: 'curve', marker: 'dot' }),
      ],
    },
  };
}

export function figures(view: View): Figure[] {
  const { config, metrics } = view;
  const means = pointMeans(metrics);
  const percent = `${100 * config.goal} %`;
  const plain = vanilla(means, config.hidden);
  const competition = means.filter((point) => point.policy === MASKS[0].name);
  const withPlain = plain ? [...competition, { ...plain, fraction: 1 }] : competition;
  return [
    panelFigure(
      'fraction',
      `What it takes to reach ${percent}, against the fraction of plastic synapses`,
      'Fewer plastic synapses need more samples, but far fewer writes; the sum of changes has its own, much larger ' +
        'best fraction.',
      'fraction p of synapses that change for a sample',
      panels(
        withPlain,
        (point) => point.fraction ?? 1,
        () => MASKS[0].name,
      ),
    ),
    panelFigure(
      'size',
      `What it takes to reach ${percent}, against the number of hidden units`,
      'Without competition a larger network learns in fewer samples, but pays for all of its synapses; with a plastic ' +
        'subnet the size hardly matters.',
      'hidden units',
      panels(
        means.filter((point) => point.part === 'size' || point.part === 'subnet'),
        (point) => point.hidden,
        (point) => (point.subnet === null ? 'all synapses' : `subnet of ${point.subnet}`),
      ),
    ),
    rules(view, means),
    ...(config.combinations ? [combined(view, means)] : []),
  ];
}

function rules({ config }: View, means: PointMean[]): Figure {
  const rows = means
    .filter((point) => point.fraction !== null && config.maskFractions.includes(point.fraction))
    .filter((point) => MASKS.some((mask) => mask.name === point.policy) && point.runs > 0)
    .map(({ policy, fraction, m0, m1, runs, of }) => ({
      policy,
      fraction: `p = ${fraction}`,
      m0,
      m1,
      runs: `${runs} of ${of}`,
    }));
  return {
    name: 'rules',
    title: `Writes to reach ${100 * config.goal} %, by the rule that chooses what changes`,
    caption:
      'Which synapses change matters more than how many: the largest changes of the layer are the best choice.',
    rows,
    plot: {
      x: { label: 'M0: writes', type: 'log' },
      y: { label: '', domain: MASKS.map((mask) => mask.name) },
      fy: { label: '' },
      marginLeft: 190,
      marginRight: 90,
      height: 300,
      marks: [Plot.dot(rows, { x: 'm0', y: 'policy', fy: 'fraction', fill: COLOURS.blue, r: 6 })],
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
    .filter((row) => row.kind !== 'mask');
  return {
    name: 'combinations',
    title: `Persistent writes and changes to reach ${100 * config.goal} %, by policy`,
    caption:
      'Down and to the left is cheaper. Caching here has free transients, so that it shows the least that persistent ' +
      'memory needs; lazy learning and competition save in both.',
    rows,
    plot: {
      x: { type: 'log', label: 'M0: persistent writes' },
      y: { type: 'log', label: 'M1: persistent Σ|Δw|' },
      color: { legend: true, label: '' },
      marginRight: 160,
      marks: [
        Plot.dot(rows, { x: 'm0', y: 'm1', fill: 'kind', r: 5 }),
        Plot.text(rows, { x: 'm0', y: 'm1', text: 'label', dx: 8, textAnchor: 'start', fontSize: 11 }),
      ],
    },
  };
}
