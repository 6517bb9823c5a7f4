import * as Plot from '@observablehq/plot';
import type { Figure } from '../../src/index.js';
import { powerOfTen } from '../../src/report/log-ticks.js';
import { type LossLaw, parameterExponent } from '../../src/scaling/index.js';
import { COEFFICIENTS, COUNTS, type Config, type Outcome } from './run.js';

type View = Pick<Outcome, 'metrics'> & { config: Config };

export const figures = ({ metrics, config }: View): Figure[] => [
  {
    name: 'best-model',
    title: 'The best model against the budget, counted in two ways',
    caption:
      'One loss law. Counted without embeddings the curve is steep for small models and joins the other for large ' +
      'ones; the grey band is the range of budgets in which the steep exponent was measured.',
    plot: {
      x: { type: 'log', label: 'training budget (FLOP)', tickFormat: powerOfTen },
      y: { type: 'log', label: 'best number of parameters', tickFormat: powerOfTen },
      color: { legend: true, type: 'categorical', domain: COUNTS },
      marks: [
        Plot.rectX([config], { x1: 'fromFlop', x2: 'toFlop', fill: '#ddd', fillOpacity: 0.5 }),
        Plot.line(metrics.curves, { x: 'flop', y: 'parameters', stroke: 'count', strokeWidth: 2.5 }),
      ],
    },
    rows: metrics.curves,
  },
  {
    name: 'local-exponent',
    title: 'There is no single exponent without embeddings',
    caption:
      'Slope of the steep curve at each model size. It rises from beta/(alpha/3 + beta), where nearly everything is ' +
      'embedding, to almost 1 near a million parameters, and falls to beta/(alpha + beta) for large ones (dashed).',
    plot: {
      x: { type: 'log', label: 'parameters without embeddings', tickFormat: powerOfTen },
      y: { label: 'local exponent of N in C' },
      marks: [
        Plot.ruleY(limits(COEFFICIENTS[config.coefficients]), { strokeDasharray: '5 4' }),
        Plot.line(metrics.local, { x: 'parameters', y: 'exponent', stroke: '#0072B2', strokeWidth: 2.5 }),
      ],
    },
    rows: metrics.local,
  },
];

function limits(law: LossLaw): number[] {
  return [law.beta / (law.alpha / 3 + law.beta), parameterExponent(law)];
}
