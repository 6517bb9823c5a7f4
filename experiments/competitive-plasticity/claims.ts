import type { Claim, RunView, Table } from '../../src/index.js';
import { competing, masked, type PointMean, pointMeans, ratioError, subnet, vanilla } from './analysis.js';
import type { Config } from './config.js';
import { MASKS, type Metrics } from './run.js';

type View = RunView<Config, Metrics>;

interface Anchor extends Claim {
  published: number | null;
  prototype: number | null;
  runs: string;
}

const PAPER = 'van Rossum & Pache 2024, doi:10.1371/journal.pcbi.1012553';
const PROTOTYPE = 'independent C++ prototype of the same equations, one to three seeds';

/** Numbers hold for 200 hidden units and 95 %, the settings in which they were measured; the order of rules for more. */
function anchors({ config, metrics }: View): Anchor[] {
  const means = pointMeans(metrics);
  const plain = vanilla(means, 200);
  if (config.goal !== 0.95 || config.hidden !== 200 || plain === undefined) return order(means, config);
  return [
    ...absolute('writes (M0) to 95 % without competition', plain, 'm0', 4.88e9, null),
    ...absolute('Σ|Δw| (M1) to 95 % without competition', plain, 'm1', 7.27e4, null),
    ...savings(means, plain),
    ...absolute('writes (M0) to 95 %, p = 0.003', competing(means, 200, 0.003), 'm0', 1.14e8, 1e8),
    ...order(means, config),
    ...subnets(means, config),
  ];
}

function absolute(
  name: string,
  point: PointMean | undefined,
  key: 'm0' | 'm1',
  prototype: number,
  published: number | null,
): Anchor[] {
  if (point === undefined || point.runs === 0) return [];
  const spread = (key === 'm0' ? point.m0Sd : point.m1Sd) / Math.sqrt(point.runs);
  return [
    {
      name,
      value: point[key],
      expected: prototype,
      // Learning ends at the first test above the goal, every 2000 samples: crossings scatter by a tenth.
      tolerance: 2 * spread + 0.15 * prototype,
      source: `${PROTOTYPE}; tolerance: two standard errors and 15 %`,
      published,
      prototype,
      runs: `${point.runs} of ${point.of}`,
    },
  ];
}

function savings(means: PointMean[], plain: PointMean): Anchor[] {
  return (
    [
      [0.1, 7.7, 1.23],
      [0.03, 16, 1.43],
      [0.01, 22.6, 1.25],
      [0.003, 42.7, 0.93],
    ] as const
  ).flatMap(([fraction, m0, m1]) => {
    const point = competing(means, 200, fraction);
    if (point === undefined || point.runs === 0) return [];
    return (['m0', 'm1'] as const).map((key) => {
      const expected = key === 'm0' ? m0 : m1;
      return {
        name: `saving in ${key.toUpperCase()} by competition, p = ${fraction}`,
        value: plain[key] / point[key],
        expected,
        tolerance: expected * (2 * ratioError(plain, point, key) + 0.2),
        source: `${PROTOTYPE}; tolerance: two standard errors and 20 %`,
        published: null,
        prototype: expected,
        runs: `${point.runs} of ${point.of}`,
      };
    });
  });
}

/** Top of the layer beats top of the neuron, beats random drawn anew, beats random fixed. */
function order(means: PointMean[], { hidden, maskFractions }: Config): Anchor[] {
  if (!maskFractions.includes(0.1)) return [];
  const prototypes = [5.7e8, 7.8e8, 1.4e9, 1.9e9];
  return MASKS.slice(1).flatMap((mask, k) => {
    const better = masked(means, hidden, 0.1, MASKS[k].name);
    const worse = masked(means, hidden, 0.1, mask.name);
    if (!better?.runs || !worse?.runs) return [];
    return [
      {
        name: `writes with '${mask.name}' over those with '${MASKS[k].name}', p = 0.1`,
        value: worse.m0 / better.m0,
        expected: 1,
        tolerance: 0,
        bound: 'at least' as const,
        source: `order of ${PROTOTYPE}; qualitatively ${PAPER}`,
        published: null,
        prototype: prototypes[k + 1] / prototypes[k],
        runs: `${worse.runs} of ${worse.of}`,
      },
    ];
  });
}

function subnets(means: PointMean[], { subnetHidden }: Config): Anchor[] {
  if (subnetHidden !== 1000) return [];
  const plain = vanilla(means, 1000);
  const point = subnet(means, 1000, 60);
  if (!plain?.runs || !point?.runs) return [];
  return [
    {
      name: 'saving in M0 by a plastic subnet of 60 of 1000 hidden units',
      value: plain.m0 / point.m0,
      expected: 5.2,
      tolerance: 5.2 * (2 * ratioError(plain, point, 'm0') + 0.2),
      source: `${PROTOTYPE}; tolerance: two standard errors and 20 %`,
      published: null,
      prototype: 5.2,
      runs: `${point.runs} of ${point.of}`,
    },
  ];
}

export function claims(view: View): Claim[] {
  return anchors(view).map(({ published: _, prototype: __, runs: ___, ...claim }) => claim);
}

export function anchorTable(view: View): Table {
  return {
    name: 'anchors',
    title: 'Published, prototype and this run side by side',
    columns: [
      { key: 'name', label: 'quantity' },
      { key: 'published', label: 'published', digits: 3 },
      { key: 'prototype', label: 'prototype', digits: 3 },
      { key: 'value', label: 'this run', digits: 3 },
      { key: 'runs', label: 'runs that reached the goal' },
    ],
    rows: anchors(view).map(({ name, published, prototype, value, runs }) => ({
      name,
      published,
      prototype,
      value: Number.isFinite(value) ? value : null,
      runs,
    })),
  };
}
