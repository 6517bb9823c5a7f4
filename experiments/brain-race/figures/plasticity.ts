import * as Plot from '@observablehq/plot';
import type { Figure } from '../../../src/index.js';
import { learningUj } from '../plasticity.js';
import { tariffsOf, type View } from '../view.js';
import { COLOUR } from './common.js';

/** What learning costs each brain under each policy, under the first tariff that prices all of it. */
export function plasticityFigure(view: View): Figure[] {
  const { plasticity = [] } = view.metrics;
  const tariff = tariffsOf(view).find((name) =>
    plasticity.every((row) => learningUj(row, name, 'all') !== null),
  );
  if (plasticity.length === 0 || tariff === undefined) return [];
  const policies = [...new Set(plasticity.map(({ policy }) => policy))];
  const rows = plasticity.map(({ clade, massG, units, policy, seed, accuracy, ...row }) => ({
    clade,
    massG,
    units,
    policy,
    seed,
    accuracyPercent: 100 * accuracy,
    learningUj: learningUj({ clade, massG, units, policy, seed, accuracy, ...row }, tariff, 'all'),
    writingUj: learningUj({ clade, massG, units, policy, seed, accuracy, ...row }, tariff, 'writes'),
  }));
  return [
    {
      name: 'plasticity',
      title: 'What learning costs a brain, by policy',
      caption:
        `Energy of all learning under '${tariff}', the first tariff of the run that prices every part of it, against ` +
        'brain mass: forward and backward events and writes. Same images and epochs for all; a point is a network.',
      plot: {
        fx: { label: null, domain: policies },
        x: { type: 'log', label: 'brain mass (g)', tickFormat: '~f', ticks: 3 },
        y: { type: 'log', label: 'energy of learning (µJ)', grid: true, tickFormat: '~s' },
        color: COLOUR,
        marks: [
          Plot.frame({ stroke: '#ddd' }),
          Plot.line(
            rows.filter(({ seed }) => seed === view.seeds[0]),
            { fx: 'policy', x: 'massG', y: 'learningUj', stroke: 'clade' },
          ),
          Plot.dot(rows, { fx: 'policy', x: 'massG', y: 'learningUj', fill: 'clade', r: 4 }),
        ],
      },
      rows,
    },
  ];
}
