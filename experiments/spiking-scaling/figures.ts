import * as Plot from '@observablehq/plot';
import type { Figure } from '../../src/index.js';
import { powerOfTen } from '../../src/report/log-ticks.js';
import { logspace } from '../../src/scaling/index.js';
import { AXES, type Axis, lawOf, lawsOf } from './laws.js';
import { KINDS } from './plan.js';
import { configurations, networksOf, priced, type Spending, type View } from './view.js';

const COLOUR = { legend: true, type: 'categorical', domain: [...KINDS] } as const;
/** Both can be filled. */
const SYMBOL = { legend: true, domain: [...KINDS], range: ['circle', 'square'] };
/** Ticks are given: those that Plot picks crowd a low panel, and those outside the errors would be drawn outside. */
function errorAxis(rows: readonly { errorPercent: number }[]) {
  const least = Math.min(...rows.map(({ errorPercent }) => errorPercent));
  const ticks = [1, 2, 5, 10, 20, 50].filter((tick) => tick >= least);
  return { type: 'log', label: 'test error (%)', tickFormat: '~g', ticks, grid: true } as const;
}

export function figures(view: View): Figure[] {
  return [
    frontierFigure(view, 'training'),
    frontierFigure(view, 'inference'),
    ...AXES.flatMap((axis) => axisFigure(view, axis)),
  ];
}

/** All networks by energy and error under every tariff, and the two frontiers. */
function frontierFigure(view: View, spending: Spending): Figure {
  const tariffs = view.config.tariffs;
  const rows = tariffs.flatMap((tariff) =>
    configurations(view, tariff, spending).map((row) => ({
      tariff,
      kind: row.kind,
      units: row.units,
      samples: row.samples,
      joules: row.joules,
      errorPercent: 100 * row.error,
      frontier: row.onFrontier ? 'on the common frontier' : row.onOwnFrontier ? 'on its own' : 'behind',
    })),
  );
  const own = rows.filter(({ frontier }) => frontier !== 'behind');
  return {
    name: `frontier-${spending}`,
    title:
      spending === 'training'
        ? 'Both frontiers: error against the energy of the training'
        : 'Both frontiers: error against the energy of an image',
    caption:
      'Each dot is a size and a number of training digits, mean of its seeds. Lines join the networks that no cheaper one ' +
      'of their kind beats; full dots are beaten by no cheaper network of either kind. Compare within a tariff, not ' +
      'between them: their bases differ.',
    plot: {
      height: 110 + 190 * tariffs.length,
      marginRight: 130,
      x: {
        type: 'log',
        label: `energy of ${spending === 'training' ? 'the training' : 'an image'} (J)`,
        tickFormat: powerOfTen,
      },
      y: errorAxis(rows),
      fy: { label: null, domain: tariffs },
      color: COLOUR,
      symbol: SYMBOL,
      marks: [
        Plot.frame({ stroke: '#ddd' }),
        Plot.line(own, { fy: 'tariff', x: 'joules', y: 'errorPercent', stroke: 'kind', curve: 'step-after' }),
        Plot.dot(rows, {
          fy: 'tariff',
          x: 'joules',
          y: 'errorPercent',
          stroke: 'kind',
          symbol: 'kind',
          strokeOpacity: ({ frontier }: (typeof rows)[number]) => (frontier === 'behind' ? 0.35 : 1),
          r: 4,
        }),
        Plot.dot(
          rows.filter(({ frontier }) => frontier === 'on the common frontier'),
          { fy: 'tariff', x: 'joules', y: 'errorPercent', fill: 'kind', symbol: 'kind', r: 5 },
        ),
      ],
    },
    rows,
  };
}

const CAPTIONS: Readonly<Record<string, string>> = {
  synapses: 'Networks of all widths that learn all digits. Lines are fits with a floor.',
  digits: 'The widest network learns from few digits, shown more often so that steps do not run out.',
  'training-operations':
    'Width and digits grow together. A spiking network works less for a sample: it accumulates where spikes arrive.',
  'training-energy': 'The same networks in joules.',
  events: 'What one image asks of networks of all widths: synaptic events, or multiply-accumulates.',
  'inference-energy': 'The same in joules.',
};

function axisFigure(view: View, axis: Axis): Figure[] {
  const tariff = view.config.tariffs[0];
  const networks = priced(view, tariff);
  const laws = lawsOf(view);
  const rows = KINDS.flatMap((kind) =>
    networksOf(networks, kind, axis.law).flatMap((network) => {
      const size = axis.of(network);
      return size === null ? [] : [{ kind, seed: network.seed, size, errorPercent: 100 * network.error }];
    }),
  );
  if (rows.length === 0) return [];
  const lines = KINDS.flatMap((kind) => {
    const law = lawOf(laws, axis.id, kind);
    const sizes = rows.filter((row) => row.kind === kind).map(({ size }) => size);
    if (!law) return [];
    return logspace(Math.min(...sizes), Math.max(...sizes), 40).map((size) => ({
      kind,
      size,
      errorPercent: 100 * (law.floor.value + law.coefficient * size ** -law.exponent.value),
    }));
  });
  const underTariff = axis.id.includes('energy') ? `, ${tariff}` : '';
  return [
    {
      name: axis.id,
      title: `Error against ${axis.label.replace(/ \(J\)$/, '')}${underTariff}`,
      caption: CAPTIONS[axis.id],
      plot: {
        height: 380,
        x: { type: 'log', label: axis.label, tickFormat: powerOfTen, inset: 8 },
        y: errorAxis(rows),
        color: COLOUR,
        symbol: SYMBOL,
        marks: [
          Plot.line(lines, { x: 'size', y: 'errorPercent', stroke: 'kind' }),
          Plot.dot(rows, { x: 'size', y: 'errorPercent', stroke: 'kind', symbol: 'kind', r: 4 }),
        ],
      },
      rows,
    },
  ];
}
