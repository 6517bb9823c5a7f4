import * as Plot from '@observablehq/plot';
import { readNotableModels } from '../src/data/notable-models.js';
import { defineExperiment, near, z } from '../src/index.js';
import { FLOP_PER_PARAMETER_TOKEN } from '../src/scaling/index.js';

const config = z.strictObject({
  totalParameters: z.number().positive().default(671e9).describe('parameters stored'),
  activeParameters: z.number().positive().default(37e9).describe('parameters used for a token'),
  tokens: z.number().positive().default(14.8e12).describe('training tokens'),
  pretrainingGpuHours: z.number().positive().default(2.664e6).describe('GPU hours of pre-training'),
  totalGpuHours: z.number().positive().default(2.788e6).describe('GPU hours of the whole final run'),
  dollarsPerGpuHour: z.number().positive().default(2).describe('price of a GPU hour ($)'),
  peakTflops: z.number().positive().default(989.4).describe('peak rate of the GPU in BF16 (TFLOP/s)'),
  denseGpuHours: z
    .number()
    .positive()
    .default(30.84e6)
    .describe('GPU hours of the dense model compared, Llama 3.1 405B'),
});

const CARD = 'DeepSeek-V3 model card and README, github deepseek-ai/DeepSeek-V3';

export default defineExperiment({
  id: 'moe',
  title: 'A large library, few books on the desk: mixtures of experts',
  question: 'How much cheaper is a model that uses one twentieth of its parameters for each token?',
  prediction:
    'A model stores 671 billion parameters and uses 37 billion of them for a token. Is its training one, two or three ' +
    'orders of magnitude cheaper than that of a dense model of the same size?',
  config,
  presets: { quick: {}, full: {} },

  async run(config) {
    const { totalParameters, activeParameters, tokens, pretrainingGpuHours, totalGpuHours, peakTflops } =
      config;
    const flop = FLOP_PER_PARAMETER_TOKEN * activeParameters * tokens;
    const rateTflops = flop / (pretrainingGpuHours * 3600) / 1e12;
    return {
      metrics: {
        activeShare: activeParameters / totalParameters,
        flop,
        rateTflops,
        shareOfBf16: rateTflops / peakTflops,
        shareOfFp8: rateTflops / (2 * peakTflops),
        denseFlop: FLOP_PER_PARAMETER_TOKEN * totalParameters * tokens,
        denseRatio: totalParameters / activeParameters,
        dollars: totalGpuHours * config.dollarsPerGpuHour,
        gpuHoursRatio: config.denseGpuHours / totalGpuHours,
        models: readNotableModels().flatMap(({ model, params_total, params_active, training_tokens }) =>
          params_total === null || params_active === null || training_tokens === null
            ? []
            : [
                {
                  model,
                  kind: params_active < params_total ? 'mixture of experts' : 'dense',
                  total: params_total,
                  active: params_active,
                  share: params_active / params_total,
                  flop: FLOP_PER_PARAMETER_TOKEN * params_active * training_tokens,
                },
              ],
        ),
      },
    };
  },

  tables: ({ metrics }) => [
    {
      name: 'accounts',
      title: 'One training run, four accounts',
      columns: [
        { key: 'quantity', label: 'quantity' },
        { key: 'value', label: 'value', digits: 4 },
        { key: 'unit', label: 'unit' },
      ],
      rows: [
        { quantity: 'active share of the parameters', value: 100 * metrics.activeShare, unit: '%' },
        { quantity: 'training', value: metrics.flop, unit: 'FLOP' },
        { quantity: 'rate of each GPU', value: metrics.rateTflops, unit: 'TFLOP/s' },
        { quantity: 'of the BF16 peak', value: 100 * metrics.shareOfBf16, unit: '%' },
        { quantity: 'of the FP8 peak', value: 100 * metrics.shareOfFp8, unit: '%' },
        { quantity: 'dense model of the same size, same tokens', value: metrics.denseFlop, unit: 'FLOP' },
        { quantity: 'price of the final run', value: metrics.dollars / 1e6, unit: 'million $' },
        {
          quantity: 'GPU hours of Llama 3.1 405B / of this run',
          value: metrics.gpuHoursRatio,
          unit: 'times',
        },
      ],
    },
    {
      name: 'models',
      title: 'Published models: parameters stored and used',
      columns: [
        { key: 'model', label: 'model' },
        { key: 'kind', label: 'kind' },
        { key: 'total', label: 'total', digits: 3 },
        { key: 'active', label: 'active', digits: 3 },
        { key: 'share', label: 'active share', digits: 3 },
        { key: 'flop', label: 'training', unit: 'FLOP', digits: 3 },
      ],
      rows: metrics.models,
    },
  ],

  figures: ({ metrics }) => [
    {
      name: 'models',
      title: 'Parameters used against parameters stored',
      caption:
        'Dense models lie on the diagonal. Mixtures of experts store far more than a token uses, and pay arithmetic ' +
        'only for what it uses.',
      plot: {
        x: { type: 'log', label: 'parameters stored (billions)', tickFormat: String, inset: 20 },
        y: { type: 'log', label: 'parameters used for a token (billions)', tickFormat: String, inset: 12 },
        color: { legend: true, type: 'categorical', domain: ['dense', 'mixture of experts'] },
        symbol: { legend: true, domain: ['dense', 'mixture of experts'] },
        marks: [
          Plot.line(
            [1, 1500].map((v) => ({ v })),
            { x: 'v', y: 'v', strokeDasharray: '5 4' },
          ),
          Plot.dot(metrics.models, {
            x: stored,
            y: used,
            stroke: 'kind',
            symbol: 'kind',
            r: 5,
            strokeWidth: 2,
          }),
          Plot.text(
            metrics.models.filter(({ kind }) => kind !== 'dense'),
            { x: stored, y: used, text: 'model', dy: 16 },
          ),
        ],
      },
      rows: metrics.models,
    },
    {
      name: 'training',
      title: 'Training compute',
      caption: 'The run itself, the same tokens through a dense model of the same size, and Llama 3.1 405B.',
      plot: {
        height: 260,
        marginLeft: 220,
        x: {
          label: 'training (10²⁴ FLOP)',
          nice: true,
          domain: [0, 1.1 * Math.max(...bars(metrics).map(({ flop }) => flop))],
        },
        y: { label: null },
        marks: [
          Plot.barX(bars(metrics), { x: 'flop', y: 'run', fill: '#0072B2', sort: { y: 'x' } }),
          Plot.text(bars(metrics), { x: 'flop', y: 'run', text: ({ flop }) => flop.toFixed(1), dx: 20 }),
          Plot.ruleX([0]),
        ],
      },
      rows: bars(metrics),
    },
  ],

  claims({ metrics, config }) {
    const standard =
      config.activeParameters === 37e9 && config.totalParameters === 671e9 && config.tokens === 14.8e12;
    if (!standard) return [];
    const glam = metrics.models.find(({ model }) => model.startsWith('GLaM'))!;
    return [
      near('Active share', 100 * metrics.activeShare, 5.51, 0.005, CARD, '%'),
      near('Training', metrics.flop / 1e24, 3.29, 0.005, CARD, '10²⁴ FLOP'),
      near('Share of the BF16 peak', 100 * metrics.shareOfBf16, 34.6, 0.1, CARD, '%'),
      near('Share of the FP8 peak', 100 * metrics.shareOfFp8, 17.3, 0.1, CARD, '%'),
      near('Dense against this run, FLOP', metrics.denseRatio, 18.1, 0.05, CARD, 'times'),
      near('Price of the final run', metrics.dollars / 1e6, 5.576, 0.0005, CARD, 'million $'),
      near(
        'GPU hours, Llama 3.1 405B against this run',
        metrics.gpuHoursRatio,
        11.1,
        0.05,
        'model cards',
        'times',
      ),
      near('Active share of GLaM', 100 * glam.share, 8.05, 0.05, 'Du et al. 2021, arXiv:2112.06905', '%'),
    ];
  },

  finding({ metrics }) {
    return (
      `The run took ${(metrics.flop / 1e24).toFixed(2)}·10²⁴ FLOP, ${metrics.denseRatio.toFixed(0)} times less than a dense ` +
      `model of the same size, and ${metrics.gpuHoursRatio.toFixed(0)} times fewer GPU hours than the largest dense model of its ` +
      'year: about one order of magnitude, not several.'
    );
  },

  caveats: () => [
    'The price is that of the final run at an assumed rate: no experiments, people or machines that failed.',
    'Mixtures trade arithmetic for memory: all parameters must be stored and some moved for each token.',
    'Equal size is not equal ability: a dense model of 671 billion parameters would be the better one.',
    'Utilisation is stated against BF16; the run used FP8 for most products, whose peak is twice as high.',
  ],
});

const stored = ({ total }: { total: number }) => total / 1e9;
const used = ({ active }: { active: number }) => active / 1e9;

function bars({
  flop,
  denseFlop,
  models,
}: {
  flop: number;
  denseFlop: number;
  models: { model: string; flop: number }[];
}) {
  const llama = models.find(({ model }) => model === 'Llama 3.1 405B')!;
  return [
    { run: 'mixture of experts', flop: flop / 1e24 },
    { run: 'Llama 3.1 405B', flop: llama.flop / 1e24 },
    { run: 'dense, same size and tokens', flop: denseFlop / 1e24 },
  ];
}
