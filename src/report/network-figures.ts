import * as Plot from '@observablehq/plot';
import type { Bin, NetworkActivity, PopulationActivity } from '../analysis/network-activity.js';
import type { VoltageTrace } from '../analysis/voltage.js';
import type { Figure, Table } from '../experiment/define.js';
import { COLOURS, PALETTE } from './house-style.js';

/** Height of a spike in a voltage trace, above the threshold. */
const SPIKE_MV = 20;

/** Spikes of some neurons of every population, the rate of each population beside its name. */
export function rasterFigure({ raster, populations }: NetworkActivity, caption: string): Figure {
  let offset = 0;
  const bands = raster.map(({ name, neurons, timesMs, rows }, p) => {
    const band = { name, from: offset, middle: offset + neurons / 2, rateHz: populations[p].rateHz };
    offset += neurons + Math.max(2, neurons * 0.05);
    return { ...band, dots: timesMs.map((timeMs, i) => ({ population: name, timeMs, neuron: rows[i] })) };
  });
  const rows = bands.flatMap(({ dots }) => dots);
  const startOf = new Map(bands.map(({ name, from }) => [name, from]));
  return {
    name: 'raster',
    title: 'Who fires when',
    caption,
    plot: {
      height: 520,
      marginLeft: 118,
      x: { label: 'time (ms)', grid: false },
      y: {
        label: null,
        reverse: true,
        domain: [-1, offset],
        ticks: bands.map(({ middle }) => middle),
        tickFormat: (middle: number) => {
          const band = bands.find((each) => each.middle === middle)!;
          return `${band.name}  ${band.rateHz.toPrecision(3)} Hz`;
        },
        tickSize: 0,
        grid: false,
      },
      marks: [
        Plot.dot(rows, {
          x: 'timeMs',
          y: (row: (typeof rows)[number]) => startOf.get(row.population)! + row.neuron,
          r: 1.1,
          fill: 'population',
        }),
      ],
      color: { type: 'categorical', domain: raster.map(({ name }) => name), range: [...PALETTE] },
    },
    rows,
  };
}

/** How rates, irregularity and correlations are distributed over the neurons (or pairs) of each population. */
export function distributionFigures({ populations }: NetworkActivity): Figure[] {
  return [
    distribution('rates', populations, ({ rates }) => rates, {
      title: 'Rates of single neurons',
      caption:
        'Share of the neurons of each population that fire at a rate. A mean over the population hides this.',
      label: 'firing rate (Hz)',
      of: 'neurons',
    }),
    distribution('irregularity', populations, ({ cvs }) => cvs, {
      title: 'How irregularly single neurons fire',
      caption:
        'Coefficient of variation of the intervals between the spikes of a neuron (with three spikes or more): ' +
        '0 for a clock, 1 for a Poisson process.',
      label: 'CV of inter-spike intervals',
      of: 'neurons',
    }),
    distribution('correlations', populations, ({ correlations }) => correlations, {
      title: 'How alike two neurons fire',
      caption:
        'Pearson correlation of the spike counts of pairs in bins of 5 ms. Independent neurons would make a narrow ' +
        'bell around 0.',
      label: 'pairwise correlation of spike counts',
      of: 'pairs',
    }),
  ].filter(({ rows }) => rows.length > 0);
}

function distribution(
  name: string,
  populations: readonly PopulationActivity[],
  binsOf: (population: PopulationActivity) => readonly Bin[],
  { title, caption, label, of }: { title: string; caption: string; label: string; of: string },
): Figure {
  const rows = populations.flatMap((population) =>
    binsOf(population).map(({ from, width, share }) => ({ population: population.name, from, width, share })),
  );
  // Steps: each bin twice, at both its edges, and down to nothing at the ends.
  const steps = populations.flatMap((population) => {
    const bins = binsOf(population);
    if (bins.length === 0) return [];
    const last = bins[bins.length - 1];
    const points = bins.flatMap(({ from, width, share }) => [
      { x: from, share },
      { x: from + width, share },
    ]);
    return [{ x: bins[0].from, share: 0 }, ...points, { x: last.from + last.width, share: 0 }].map(
      (point) => ({
        ...point,
        population: population.name,
      }),
    );
  });
  return {
    name,
    title,
    caption,
    plot: {
      x: { label },
      y: { label: `share of ${of} (%)`, transform: (share: number) => 100 * share },
      color: { legend: true, type: 'categorical', label: 'population' },
      marks: [
        Plot.ruleY([0]),
        Plot.line(steps, { x: 'x', y: 'share', stroke: 'population', strokeWidth: 2 }),
      ],
    },
    rows,
  };
}

/** The membrane potential of one neuron of each recorded population; spikes are drawn as strokes. */
export function voltageFigure(traces: readonly VoltageTrace[], caption: string): Figure {
  const rows = traces.flatMap(({ population, dtMs, valuesMv }) =>
    valuesMv.map((vMv, k) => ({ population, timeMs: Number(((k + 1) * dtMs).toFixed(3)), vMv })),
  );
  const spikes = traces.flatMap(({ population, dtMs, spikesMs, thresholdMv, valuesMv }) => {
    const top = thresholdMv ?? Math.max(...valuesMv);
    // The value at the time of a spike is the reset: a stroke begins where the potential was one step before.
    return spikesMs.map((timeMs) => ({
      population,
      timeMs,
      from: valuesMv[Math.round(timeMs / dtMs) - 2] ?? top,
      to: top + SPIKE_MV,
    }));
  });
  const thresholds = traces.filter(({ thresholdMv }) => thresholdMv !== null);
  return {
    name: 'voltage',
    title: 'The membrane potential of one neuron',
    caption,
    plot: {
      height: 160 + 150 * traces.length,
      marginRight: 48,
      x: { label: 'time (ms)' },
      y: { label: 'membrane potential (mV)', grid: true },
      fy: { label: null, domain: traces.map(({ population }) => population) },
      marks: [
        Plot.ruleY(thresholds, {
          y: 'thresholdMv',
          fy: 'population',
          stroke: COLOURS.grey,
          strokeDasharray: '4 3',
        }),
        Plot.line(rows, { x: 'timeMs', y: 'vMv', fy: 'population', stroke: COLOURS.blue, strokeWidth: 1.2 }),
        Plot.ruleX(spikes, {
          x: 'timeMs',
          y1: 'from',
          y2: 'to',
          fy: 'population',
          stroke: COLOURS.blue,
          strokeWidth: 1.2,
        }),
      ],
    },
    rows,
  };
}

/** Rates, irregularity, correlation and synchrony by population. */
export function activityTable({ populations }: NetworkActivity): Table {
  return {
    name: 'populations',
    title: 'How the populations fire',
    columns: [
      { key: 'population', label: 'population' },
      { key: 'neurons', label: 'neurons', digits: 6 },
      { key: 'rateHz', label: 'rate', unit: 'Hz' },
      { key: 'cvIsi', label: 'CV of intervals', digits: 3 },
      { key: 'correlation', label: 'pair correlation', digits: 2 },
      { key: 'synchrony', label: 'common modulation', digits: 2 },
      { key: 'oscillationHz', label: 'strongest frequency', unit: 'Hz', digits: 3 },
    ],
    rows: populations.map(({ name, size, rateHz, cvIsi, correlation, synchrony, oscillationHz }) => ({
      population: name,
      neurons: size,
      rateHz,
      cvIsi,
      correlation,
      synchrony,
      oscillationHz,
    })),
  };
}
