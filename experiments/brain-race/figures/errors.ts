import * as Plot from '@observablehq/plot';
import type { Figure } from '../../../src/index.js';
import { type Kind, meanOf, networksOf, type View } from '../view.js';
import { COLOUR, KINDS, logarithmic, MILLION, neuronsAt, sizingRules } from './common.js';

/** Mean, smallest and largest error of each brain's networks, in per cent. */
function errorRows(view: View) {
  return KINDS.flatMap((kind) =>
    view.metrics.brains.map((brain) => {
      const networks = networksOf(view, brain, kind);
      const errors = networks.map(({ error }) => 100 * error);
      return {
        kind,
        clade: brain.clade,
        massG: brain.massG,
        neurons: networks[0].neurons / MILLION,
        errorPercent: meanOf(networks, ({ error }) => 100 * error),
        lowest: Math.min(...errors),
        highest: Math.max(...errors),
      };
    }),
  );
}

/** The fitted law of a kind, as a function of neurons, in per cent. */
function lawOf({ metrics }: View, kind: Kind): ((neurons: number) => number) | null {
  const law = metrics.powerLaws.find((row) => row.kind === kind);
  return law ? (neurons) => 100 * (law.floor.value + law.coefficient * neurons ** -law.exponent.value) : null;
}

const ERROR_AXIS = { type: 'log', label: 'test error (%)', tickFormat: '~g' } as const;

export function massFigure(view: View): Figure {
  const rows = errorRows(view);
  const [low, high] = [Math.min(...view.config.massesG), Math.max(...view.config.massesG)];
  const curves = KINDS.flatMap((kind) => {
    const law = lawOf(view, kind);
    if (!law) return [];
    return sizingRules(view).flatMap((rule) =>
      logarithmic(low, high).map((massG) => ({
        kind,
        clade: rule.clade,
        massG,
        errorPercent: law(neuronsAt(rule, massG)),
      })),
    );
  });
  return {
    name: 'error-by-mass',
    title: 'What a gram of brain buys',
    caption:
      'Test error of the networks that brains of each clade and mass are worth. Lines: one power law with floor ' +
      'over all networks of a kind, seen through the neurons that each clade packs into its mass.',
    plot: {
      fx: { label: null, domain: KINDS },
      x: { type: 'log', label: 'brain mass (g)', ticks: view.config.massesG, tickFormat: '~g' },
      y: { ...ERROR_AXIS, grid: true },
      color: COLOUR,
      marks: [
        Plot.line(curves, {
          fx: 'kind',
          x: 'massG',
          y: 'errorPercent',
          stroke: 'clade',
          z: 'clade',
          strokeOpacity: 0.7,
        }),
        Plot.ruleX(rows, {
          fx: 'kind',
          x: 'massG',
          y1: 'lowest',
          y2: 'highest',
          stroke: 'clade',
          strokeWidth: 2,
        }),
        Plot.dot(rows, { fx: 'kind', x: 'massG', y: 'errorPercent', fill: 'clade', r: 5 }),
      ],
    },
    rows,
  };
}

export function neuronsFigure(view: View): Figure {
  const rows = errorRows(view);
  const sizes = rows.map(({ neurons }) => neurons);
  const curves = KINDS.flatMap((kind) => {
    const law = lawOf(view, kind);
    if (!law) return [];
    return logarithmic(Math.min(...sizes), Math.max(...sizes)).map((neurons) => ({
      kind,
      neurons,
      errorPercent: law(neurons * MILLION),
    }));
  });
  return {
    name: 'error-by-neurons',
    title: 'Neurons are what counts: the clades fall on one line',
    caption:
      'The same errors against the number of neurons. Networks know nothing of clades, so all lie on one curve, ' +
      'error = E + A·N^-α (line); the clades differ in how far along it a gram takes them.',
    plot: {
      fx: { label: null, domain: KINDS },
      x: { type: 'log', label: 'neurons of cortex or pallium (millions)', tickFormat: '~f', ticks: 4 },
      y: { ...ERROR_AXIS, grid: true },
      color: COLOUR,
      marks: [
        Plot.line(curves, { fx: 'kind', x: 'neurons', y: 'errorPercent', strokeWidth: 1.5 }),
        Plot.dot(rows, { fx: 'kind', x: 'neurons', y: 'errorPercent', fill: 'clade', r: 5 }),
      ],
    },
    rows,
  };
}
