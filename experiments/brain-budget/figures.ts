import * as Plot from '@observablehq/plot';
import { COLOURS, type Figure } from '../../src/index.js';
import { labelsApart } from '../../src/report/labels-apart.js';
import { powerOfTen } from '../../src/report/log-ticks.js';
import type { View } from './run.js';

export function figures({ metrics }: View): Figure[] {
  return [
    {
      name: 'power',
      title: 'Brain power against neurons',
      caption:
        'Line: the same budget for every neuron. Dots: measured by glucose or oxygen. Primates and rodents lie near it; ' +
        'rabbit, cat and dog spend two to three times as much, the pigeon a third.',
      plot: {
        x: { type: 'log', label: 'neurons', tickFormat: powerOfTen, inset: 12 },
        y: { type: 'log', label: 'brain power (W)', tickFormat: powerOfTen, inset: 14 },
        marks: [
          Plot.line(ends(metrics.measured, metrics.nwPerNeuron), {
            x: 'neurons',
            y: 'watts',
            stroke: COLOURS.vermilion,
            strokeWidth: 2,
          }),
          Plot.dot(metrics.measured, { x: 'neurons', y: 'measuredW', r: 5, fill: COLOURS.blue }),
          Plot.dot([metrics.pigeon], { x: 'neurons', y: 'watts', r: 5, fill: COLOURS.blue }),
          labelsApart(
            [
              ...labelled(metrics.measured),
              { ...metrics.pigeon, measuredW: metrics.pigeon.watts, label: 'pigeon' },
            ],
            { x: 'neurons', y: 'measuredW', text: 'label' },
          ),
        ],
      },
      rows: metrics.measured,
    },
    {
      name: 'synapses',
      title: 'One synaptic event, many prices',
      caption:
        'Accounts differ by what they include: one vesicle, one spike that may release none, its share of the action ' +
        'potential, all signalling, or all power of the brain over all events.',
      plot: {
        height: 380,
        marginLeft: 330,
        x: { type: 'log', label: 'energy of an event (fJ)', tickFormat: String, inset: 20 },
        y: { label: null, domain: metrics.synapses.map(({ account }) => account) },
        color: {
          legend: true,
          type: 'categorical',
          domain: [...new Set(metrics.synapses.map(({ basis }) => basis))],
        },
        symbol: { legend: true, domain: [...new Set(metrics.synapses.map(({ basis }) => basis))] },
        marks: [
          Plot.dot(metrics.synapses, {
            x: 'fj',
            y: 'account',
            stroke: 'basis',
            symbol: 'basis',
            r: 6,
            strokeWidth: 2,
          }),
        ],
      },
      rows: metrics.synapses,
    },
  ];
}

function ends(measured: readonly { neurons: number }[], nwPerNeuron: number) {
  const neurons = measured.map((row) => row.neurons);
  return [Math.min(...neurons), Math.max(...neurons)].map((count) => ({
    neurons: count,
    watts: count * nwPerNeuron * 1e-9,
  }));
}

/** One label for each species, at its higher point. */
function labelled<Row extends { species: string; measuredW: number }>(rows: readonly Row[]) {
  const isHighest = (row: Row) =>
    rows.every((other) => other.species !== row.species || other.measuredW <= row.measuredW);
  return rows.map((row) => ({ ...row, label: isHighest(row) ? row.species : '' }));
}
