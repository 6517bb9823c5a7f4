import * as Plot from '@observablehq/plot';
import { type NotableModel, readNotableModels } from '../src/data/notable-models.js';
import { atLeast, defineExperiment, near, z } from '../src/index.js';
import { labelsApart } from '../src/report/labels-apart.js';
import { powerOfTen } from '../src/report/log-ticks.js';
import {
  cheapestToServe,
  cheapestTraining,
  computeOptimal,
  LOSS_LAWS,
  type LossLaw,
  logspace,
  lossAt,
  overtrainingPenalty,
} from '../src/scaling/index.js';

const LAWS = { refit: LOSS_LAWS.epochNotebook, hoffmann: LOSS_LAWS.hoffmann } as const;
const config = z.strictObject({
  law: z
    .enum(['refit', 'hoffmann'])
    .default('refit')
    .describe('loss law: the converged refit, or the coefficients of 2022'),
  parameters: z.number().positive().default(70e9).describe('model whose loss is to be reached'),
  tokens: z.number().positive().default(1.4e12).describe('tokens that it was trained on'),
  servedTokens: z
    .array(z.number().min(0))
    .min(1)
    .default([0, 1e12, 1e13, 1e14])
    .describe('tokens answered over the life of the model'),
});

const CARDS = 'model cards and papers, one source a row in notable_models.csv';
const RECOMPUTED = 'computed independently from the refitted law (Python)';

/** By the refitted law, of models as they were trained. */
const LOSSES: readonly [string, number][] = [
  ['Gopher', 1.999],
  ['GPT-3', 2.008],
  ['PaLM 540B', 1.95],
  ['Llama 3 70B', 1.93],
];

export default defineExperiment({
  id: 'overtraining',
  title: 'Why small models are trained far too long',
  question: 'How many tokens should a model see if it is to be used a lot, and what does overtraining cost?',
  prediction:
    'An 8-billion model was trained on 15,000 billion tokens, 1,875 for each parameter instead of 20. How many times ' +
    'more compute did that take than the cheapest way to the same loss? When is it worth it?',
  config,
  presets: { quick: {}, full: {} },

  async run({ law: name, parameters, tokens, servedTokens }) {
    const law = LAWS[name];
    const target = lossAt(law, parameters, tokens);
    const llama = lossAt(law, 8e9, 15e12);
    return {
      metrics: {
        target,
        models: readNotableModels().flatMap((model) => described(model, law)),
        served: servedTokens.map((served) => servedRow(law, target, served)),
        curve: logspace(1e11, 1e16, 60).map((served) => servedRow(law, target, served)),
        penalties: logspace(1, 1e4, 80).map((tokensPerParameter) => ({
          tokensPerParameter,
          penalty: penaltyAt(law, target, tokensPerParameter),
        })),
        llama: { loss: llama, ...cheapest(law, llama), penalty: overtrainingPenalty(law, 8e9, 15e12) },
        longerTraining: lossAt(law, 1.18e9, 2.3e12) - lossAt(law, 1.18e9, 3e12),
        optimumRatio: computeOptimal(law, 5.76e23).tokensPerParameter,
      },
    };
  },

  tables: ({ metrics }) => [
    {
      name: 'served',
      title: 'The cheapest model of one loss, by the tokens that it will answer',
      columns: [
        { key: 'servedTokens', label: 'tokens answered', digits: 3 },
        { key: 'parameters', label: 'parameters', digits: 3 },
        { key: 'trainingTokens', label: 'training tokens', digits: 3 },
        { key: 'tokensPerParameter', label: 'tokens per parameter', digits: 3 },
        { key: 'trainingFlop', label: 'training', unit: 'FLOP', digits: 3 },
        { key: 'servingFlop', label: 'serving', unit: 'FLOP', digits: 3 },
      ],
      rows: metrics.served,
    },
    {
      name: 'models',
      title: 'Published models',
      columns: [
        { key: 'model', label: 'model' },
        { key: 'year', label: 'year', digits: 4 },
        { key: 'parameters', label: 'active parameters', digits: 3 },
        { key: 'tokens', label: 'tokens', digits: 3 },
        { key: 'tokensPerParameter', label: 'tokens per parameter', digits: 4 },
        { key: 'loss', label: 'loss by the law', unit: 'nats', digits: 4 },
        { key: 'penalty', label: 'training FLOP / cheapest for that loss', digits: 3 },
      ],
      rows: metrics.models,
    },
  ],

  figures: ({ metrics }) => [
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
  ],

  claims({ metrics, config }) {
    const ratio = (model: string) =>
      metrics.models.find((row) => row.model.startsWith(model))!.tokensPerParameter;
    const facts = [
      near('Tokens per parameter of GPT-3', ratio('GPT-3'), 1.714, 0.001, CARDS),
      near('Tokens per parameter of Chinchilla', ratio('Chinchilla'), 20, 0.01, CARDS),
      near('Tokens per parameter of Falcon-180B', ratio('Falcon'), 19.44, 0.01, CARDS),
      near('Tokens per parameter of Llama 3 8B, at 8e9 parameters', 15e12 / 8e9, 1875, 0.01, CARDS),
    ];
    if (config.law !== 'refit' || config.parameters !== 70e9 || config.tokens !== 1.4e12) return facts;
    const expected = new Map([
      [0, 73.9],
      [1e12, 58.3],
      [1e13, 34.9],
      [1e14, 21.4],
    ]);
    return [
      ...facts,
      near('Loss of Chinchilla', metrics.target, 1.9734, 0.0005, RECOMPUTED, 'nats'),
      near('Loss of 8e9 parameters after 15e12 tokens', metrics.llama.loss, 2.022, 0.001, RECOMPUTED, 'nats'),
      ...LOSSES.map(([model, loss]) => {
        const row = metrics.models.find((each) => each.model.startsWith(model))!;
        return near(`Loss that the law gives ${row.model}`, row.loss, loss, 0.001, RECOMPUTED, 'nats');
      }),
      near(
        'Training FLOP of that against the cheapest',
        metrics.llama.penalty,
        5.6,
        0.1,
        RECOMPUTED,
        'times',
      ),
      near('Parameters of the cheapest', metrics.llama.parameters / 1e9, 33.8, 0.7, RECOMPUTED, '10⁹'),
      near('Its tokens', metrics.llama.tokens / 1e9, 633, 13, RECOMPUTED, '10⁹'),
      ...metrics.served
        .filter(({ servedTokens }) => expected.has(servedTokens))
        .map(({ servedTokens, parameters }) => {
          const billion = expected.get(servedTokens)!;
          return near(
            `Cheapest model for ${servedTokens} tokens answered`,
            parameters / 1e9,
            billion,
            0.02 * billion,
            RECOMPUTED,
            '10⁹',
          );
        }),
      atLeast(
        'What OLMo-1B gains from 3.0e12 instead of 2.3e12 tokens, by the law',
        metrics.longerTraining,
        0,
        'a law that falls with D cannot show the catastrophic overtraining of arXiv:2503.19206',
        'nats',
      ),
      near('The same gain', metrics.longerTraining, 0.006, 0.001, RECOMPUTED, 'nats'),
    ];
  },

  finding({ metrics }) {
    const [first, last] = [metrics.served[0], metrics.served.at(-1)!];
    return (
      `An 8-billion model trained on 15e12 tokens took ${metrics.llama.penalty.toFixed(1)} times the compute of the ` +
      `cheapest way to its loss (${(metrics.llama.parameters / 1e9).toFixed(0)} billion parameters). It pays when the model ` +
      `is used: for one loss the best size falls from ${(first.parameters / 1e9).toFixed(0)} to ` +
      `${(last.parameters / 1e9).toFixed(0)} billion parameters as the tokens answered grow to ${last.servedTokens.toExponential(0)}.`
    );
  },

  caveats: () => [
    'The law was fitted up to about 200 tokens a parameter in most runs: 1,875 is far outside.',
    'A law that always falls with data cannot show that overtraining harms later fine-tuning.',
    'Models were trained on different text: the losses by the law are not their measured losses.',
    'FLOP are not dollars: memory, batching and idle machines decide what serving costs.',
  ],
});

const LABELLED = ['GPT-3', 'Gopher', 'Chinchilla', 'Llama 3 8B', 'Llama 3.1', 'DeepSeek-V3', 'Megatron'];

const billions = ({ parameters }: { parameters: number }) => parameters / 1e9;

function described(model: NotableModel, law: LossLaw) {
  const { params_active: parameters, training_tokens: tokens } = model;
  if (parameters === null || tokens === null) return [];
  return [
    {
      model: model.model,
      year: yearOf(model.date),
      parameters,
      tokens,
      tokensPerParameter: tokens / parameters,
      loss: lossAt(law, parameters, tokens),
      penalty: overtrainingPenalty(law, parameters, tokens),
    },
  ];
}

function yearOf(date: string): number {
  const day = new Date(date);
  return day.getUTCFullYear() + day.getUTCMonth() / 12;
}

function cheapest(law: LossLaw, loss: number) {
  const { parameters, tokens, flop } = cheapestTraining(law, loss);
  return { parameters, tokens, flop };
}

function servedRow(law: LossLaw, loss: number, servedTokens: number) {
  const model = cheapestToServe(law, loss, servedTokens);
  return { servedTokens, ...model, tokensPerParameter: model.trainingTokens / model.parameters };
}

/** Training compute, against the cheapest, of a model of that ratio which reaches the loss. */
function penaltyAt(law: LossLaw, loss: number, tokensPerParameter: number): number {
  const sizes = logspace(1e6, 1e15, 2000);
  const parameters = sizes.find((size) => lossAt(law, size, size * tokensPerParameter) <= loss)!;
  return overtrainingPenalty(law, parameters, parameters * tokensPerParameter);
}
