import * as Plot from '@observablehq/plot';
import { loadTariff } from '../../../src/energy/tariff.js';
import type { Figure } from '../../../src/index.js';
import { brainText, inferenceFj, middleBrain, networksOf, tariffsOf, type View } from '../view.js';
import { COLOUR, KINDS } from './common.js';

const FJ_PER_JOULE = 1e15;

/** Spiking and dense side by side under every tariff, for the brain in the middle of the race. */
export function tariffFigure(view: View): Figure {
  const brain = middleBrain(view);
  const joules = (fj: number | undefined) => (fj === undefined ? null : fj / FJ_PER_JOULE);
  const rows = tariffsOf(view).flatMap((tariff) =>
    KINDS.map((kind) => {
      const energy = inferenceFj(view, networksOf(view, brain, kind), tariff);
      return {
        tariff,
        basis: loadTariff(tariff).basis,
        kind,
        joules: joules(energy?.valueFj),
        // A low end of zero has no place on a logarithmic axis: the bar then starts at the value.
        low: joules(energy?.lowFj || energy?.valueFj),
        high: joules(energy?.highFj),
      };
    }),
  );
  const priced = rows.filter(({ joules }) => joules !== null);
  const smallest = Math.min(...priced.map(({ low }) => low!));
  return {
    name: 'tariffs',
    title: `Who is cheaper depends on the tariff (${brainText(brain)}, ${brain.units} hidden units)`,
    caption:
      'Energy of one image, from the low to the high end of each tariff. Tariffs rest on different bases (arithmetic ' +
      'alone, with memory, a whole chip, a living synapse): compare within a row, not between rows.',
    plot: {
      marginLeft: 150,
      height: 90 + 60 * tariffsOf(view).length,
      x: { type: 'log', label: 'energy per image (J)', grid: true, tickFormat: '~s', ticks: 6 },
      y: { label: null, domain: KINDS, axis: null },
      fy: { label: null, domain: tariffsOf(view), axis: 'left' },
      color: { ...COLOUR, domain: KINDS },
      marks: [
        Plot.ruleY(priced, {
          fy: 'tariff',
          y: 'kind',
          x1: 'low',
          x2: 'high',
          stroke: 'kind',
          strokeWidth: 4,
          strokeOpacity: 0.5,
        }),
        Plot.dot(priced, { fy: 'tariff', y: 'kind', x: 'joules', fill: 'kind', r: 6 }),
        Plot.text(
          rows.filter(({ joules }) => joules === null),
          {
            fy: 'tariff',
            y: 'kind',
            x: () => smallest,
            text: ({ kind }) => `${kind}: no price for its work`,
            textAnchor: 'start',
            fill: '#555',
          },
        ),
      ],
    },
    rows,
  };
}
