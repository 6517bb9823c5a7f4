import * as Plot from '@observablehq/plot';
import { loadTariff } from '../../../src/energy/tariff.js';
import type { Figure } from '../../../src/index.js';
import { inferenceFj, networksOf, type View } from '../view.js';
import { COLOUR } from './common.js';

const FJ_PER_PJ = 1000;

/** Energy of one image against brain mass. */

export function energyFigure(view: View): Figure {
  const { config, metrics } = view;
  const tariff = loadTariff(config.tariff);
  const rows = metrics.brains.flatMap((brain) => {
    const energy = inferenceFj(view, networksOf(view, brain, 'spiking'), config.tariff);
    if (!energy) return [];
    return [
      {
        clade: brain.clade,
        massG: brain.massG,
        pj: energy.valueFj / FJ_PER_PJ,
        lowPj: energy.lowFj / FJ_PER_PJ,
        highPj: energy.highFj / FJ_PER_PJ,
      },
    ];
  });
  const clades = [...new Set(rows.map(({ clade }) => clade))];
  // Set apart a little, so that the bars of two clades do not hide each other.
  const x = ({ clade, massG }: { clade: string; massG: number }) =>
    massG * 1.05 ** (clades.indexOf(clade) - (clades.length - 1) / 2);
  return {
    name: 'energy-by-mass',
    title: 'The price of one look',
    caption:
      `Energy of one image through the spiking network under the tariff '${tariff.name}' (${tariff.basis}, ` +
      `${tariff.substrate}). Bars: the low and the high end of the tariff, not an error of measurement.`,
    plot: {
      x: { type: 'log', label: 'brain mass (g)', ticks: config.massesG, tickFormat: '~f' },
      y: { type: 'log', label: 'energy per image (pJ)', grid: true, tickFormat: '~f' },
      color: COLOUR,
      marks: [
        Plot.line(rows, { x, y: 'pj', stroke: 'clade', z: 'clade' }),
        Plot.ruleX(rows, {
          x,
          y1: 'lowPj',
          y2: 'highPj',
          stroke: 'clade',
          strokeOpacity: 0.5,
          strokeWidth: 3,
        }),
        Plot.dot(rows, { x, y: 'pj', fill: 'clade', r: 5 }),
      ],
    },
    rows,
  };
}
