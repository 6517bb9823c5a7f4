import * as Plot from '@observablehq/plot';
import type { Figure } from '../../src/index.js';
import { labelsApart } from '../../src/report/labels-apart.js';
import { powerOfTen } from '../../src/report/log-ticks.js';
import type { Outcome } from './run.js';

type View = Pick<Outcome, 'metrics'>;

export const figures = ({ metrics }: View): Figure[] => [
  {
    name: 'models',
    title: 'Tokens per parameter of published models',
    caption:
      'Dashed: compute-optimal by the law. Until 2021 most large models were trained too briefly, since 2023 far longer ' +
      'than the optimum of training alone: they are made to be used.',
    plot: {
      x: { label: 'year', tickFormat: 'd', ticks: [2020, 2021, 2022, 2023, 2024, 2025], inset: 40 },
      y: { type: 'log', label: 'tokens per parameter', tickFormat: String, inset: 12 },
      marks: [
        Plot.ruleY([metrics.optimumRatio], { strokeDasharray: '5 4' }),
        Plot.dot(metrics.models, { x: 'year', y: 'tokensPerParameter', r: 5, fill: '#0072B2' }),
        labelsApart(metrics.models, {
          x: 'year',
          y: 'tokensPerParameter',
          text: ({ model }) => (LABELLED.some((name) => model.startsWith(name)) ? model : ''),
        }),
      ],
    },
    rows: metrics.models,
  },
  {
    name: 'penalty',
    title: 'What too few or too many tokens cost in training',
    caption:
      'Training compute against the cheapest of the same loss. The valley is wide: five times the best ratio costs ' +
      'a quarter more, a hundred times costs fivefold.',
    plot: {
      x: { type: 'log', label: 'tokens per parameter', tickFormat: String },
      y: { type: 'log', label: 'training FLOP / cheapest', tickFormat: String },
      marks: [
        Plot.ruleX([metrics.optimumRatio], { strokeDasharray: '5 4' }),
        Plot.line(metrics.penalties, {
          x: 'tokensPerParameter',
          y: 'penalty',
          stroke: '#0072B2',
          strokeWidth: 2.5,
        }),
      ],
    },
    rows: metrics.penalties,
  },
  {
    name: 'served',
    title: 'The more a model answers, the smaller it should be',
    caption:
      'Parameters of the cheapest model of one loss, training and use together, against tokens answered.',
    plot: {
      x: { type: 'log', label: 'tokens answered', tickFormat: powerOfTen },
      y: { label: 'best number of parameters (billions)' },
      marks: [
        Plot.line(metrics.curve, { x: 'servedTokens', y: billions, stroke: '#0072B2', strokeWidth: 2.5 }),
        Plot.dot(
          metrics.served.filter(({ servedTokens }) => servedTokens > 0),
          {
            x: 'servedTokens',
            y: billions,
            r: 5,
            fill: 'black',
          },
        ),
      ],
    },
    rows: metrics.curve,
  },
];

const LABELLED = ['GPT-3', 'Gopher', 'Chinchilla', 'Llama 3 8B', 'Llama 3.1', 'DeepSeek-V3', 'Megatron'];

const billions = ({ parameters }: { parameters: number }) => parameters / 1e9;
