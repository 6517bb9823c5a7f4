import * as Plot from '@observablehq/plot';
import type { Figure } from '../../../src/index.js';
import type { View } from '../view.js';
import { COLOUR, logarithmic, MILLION, neuronsAt, sizingRules } from './common.js';

/** Counted species, the rules through them, and the brains that race. */
export function speciesFigure(view: View): Figure {
  const { species, brains } = view.metrics;
  const lines = sizingRules(view).flatMap((rule) => {
    const low = Math.min(rule.rangeLow, ...view.config.massesG);
    const high = Math.max(rule.rangeHigh, ...view.config.massesG);
    const on = (from: number, to: number, part: string) =>
      logarithmic(from, to).map((massG) => ({
        clade: rule.clade,
        massG,
        neurons: neuronsAt(rule, massG) / MILLION,
        part,
      }));
    return [
      ...on(low, rule.rangeLow, 'below the range'),
      ...on(rule.rangeLow, rule.rangeHigh, 'in range'),
      ...on(rule.rangeHigh, high, 'above the range'),
    ];
  });
  const z = (row: { clade: string; part: string }) => `${row.clade}/${row.part}`;
  return {
    name: 'species',
    title: 'Counted brains, and the rule of each clade',
    caption:
      'Dots: species whose cortical (mammals) or pallial (birds) neurons were counted. Lines: least squares of ' +
      'log neurons on log brain mass, dashed where no counted species reaches. Squares: the brains that race.',
    plot: {
      x: { type: 'log', label: 'brain mass (g)', tickFormat: '~f' },
      y: { type: 'log', label: 'neurons of cortex or pallium (millions)', tickFormat: '~f' },
      color: COLOUR,
      marks: [
        Plot.dot(species, {
          x: 'brainMassG',
          y: ({ neurons }) => neurons / MILLION,
          fill: 'clade',
          r: 3.5,
          fillOpacity: 0.6,
        }),
        Plot.line(
          lines.filter(({ part }) => part === 'in range'),
          { x: 'massG', y: 'neurons', stroke: 'clade', z, strokeWidth: 2 },
        ),
        Plot.line(
          lines.filter(({ part }) => part !== 'in range'),
          {
            x: 'massG',
            y: 'neurons',
            stroke: 'clade',
            z,
            strokeDasharray: '4 4',
            strokeWidth: 1.5,
          },
        ),
        Plot.dot(brains, {
          x: 'massG',
          y: ({ neurons }) => neurons / MILLION,
          stroke: 'clade',
          symbol: 'square',
          r: 7,
          strokeWidth: 2.5,
          fill: 'white',
        }),
      ],
    },
    rows: species.map(({ clade, name, brainMassG, neurons, citation, doi }) => ({
      clade,
      name,
      brainMassG,
      neurons,
      citation,
      doi,
    })),
  };
}
