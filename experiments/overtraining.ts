import { atLeast, defineExperiment, near } from '../src/index.js';
import { inPowersOfTen } from '../src/report/log-ticks.js';
import { figures } from './overtraining/figures.js';
import { compute, config } from './overtraining/run.js';

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

  run: compute,

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

  figures,

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
      `An 8-billion model trained on 15,000 billion tokens took ${metrics.llama.penalty.toFixed(1)} times the compute of the ` +
      `cheapest way to its loss (${(metrics.llama.parameters / 1e9).toFixed(0)} billion parameters). It pays when the model ` +
      `is used: for one loss the best size falls from ${(first.parameters / 1e9).toFixed(0)} to ` +
      `${(last.parameters / 1e9).toFixed(0)} billion parameters as the tokens answered grow to ${inPowersOfTen(last.servedTokens)}.`
    );
  },

  caveats: () => [
    'The law was fitted up to about 200 tokens a parameter in most runs: 1,875 is far outside.',
    'A law that always falls with data cannot show that overtraining harms later fine-tuning.',
    'Models were trained on different text: the losses by the law are not their measured losses.',
    'FLOP are not dollars: memory, batching and idle machines decide what serving costs.',
  ],
});
