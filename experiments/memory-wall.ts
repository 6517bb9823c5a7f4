import { defineExperiment, near } from '../src/index.js';
import { inPowersOfTen } from '../src/report/log-ticks.js';
import { figures } from './memory-wall/figures.js';
import { CACHES, compute, config, DRAWN } from './memory-wall/run.js';

const SPECS = 'data sheets, one source a row in gpu_specs.csv';
const CLOSED = 'closed form';

export default defineExperiment({
  id: 'memory-wall',
  title: 'Waiting for memory: why one answer at a time is slow',
  question: 'Is a machine that answers limited by arithmetic or by memory, and by how much?',
  prediction:
    'An H100 can do 10¹⁵ operations a second, a token of an 8-billion model needs 1.6·10¹⁰. Does it write 60,000 tokens ' +
    'a second for one user? What else must be moved for each token?',
  config,
  presets: { quick: {}, full: {} },

  run: compute,

  tables: ({ metrics, config }) => [
    {
      name: 'machines',
      title: `Machines, and a model of ${inPowersOfTen(config.parameters)} weights answering one user`,
      columns: [
        { key: 'gpu', label: 'machine' },
        { key: 'year', label: 'year' },
        { key: 'peakTflops', label: 'peak, BF16', unit: 'TFLOP/s', digits: 4 },
        { key: 'bandwidth', label: 'memory', unit: 'TB/s', digits: 3 },
        { key: 'ridge', label: 'ridge', unit: 'FLOP/byte', digits: 3 },
        { key: 'tokensPerS', label: 'tokens a second, one user', digits: 3 },
        { key: 'shareOfPeak', label: 'of peak', unit: '%', digits: 2 },
        { key: 'pj', label: 'energy at peak', unit: 'pJ/FLOP', digits: 3 },
      ],
      rows: metrics.machines,
    },
    {
      name: 'caches',
      title: `Cache of keys and values, FP16, and at ${config.context} tokens of context`,
      columns: [
        { key: 'model', label: 'model' },
        { key: 'bytesPerToken', label: 'bytes a token' },
        { key: 'contextGb', label: 'whole context', unit: 'GB', digits: 3 },
      ],
      rows: metrics.caches,
    },
    {
      name: 'stacks',
      title: 'Generations of stacked memory',
      columns: [
        { key: 'generation', label: 'generation' },
        { key: 'widthBits', label: 'width', unit: 'bit' },
        { key: 'pinGbps', label: 'pin', unit: 'Gb/s', digits: 3 },
        { key: 'gbPerS', label: 'bandwidth', unit: 'GB/s', digits: 5 },
      ],
      rows: metrics.stacks,
    },
  ],

  figures,

  claims({ metrics, config }) {
    const of = (name: string) => metrics.machines.find(({ gpu }) => gpu === name)!;
    const ridges = [139, 153, 295, 206, 281];
    const decode = [56, 127, 209, 300, 500];
    // biome-ignore lint/suspicious/noApproximativeNumericConstant: 0.707 pJ is a published energy, not 1/√2
    const energies = [2.4, 1.28, 0.708, 0.707, 0.444];
    const stacks = [256, 460.8, 819.2, 1228.8, 2048];
    const cache = (model: string) => metrics.caches.find((row) => row.model === model)!.bytesPerToken;
    const compressed = cache('DeepSeek-V3, compressed (MLA)');
    return [
      ...DRAWN.map((gpu, i) =>
        near(`Ridge of the ${gpu}`, of(gpu).ridge, ridges[i], 0.5, SPECS, 'FLOP/byte'),
      ),
      ...(config.parameters === 8e9 && config.bytesPerWeight === 2
        ? DRAWN.map((gpu, i) =>
            near(`One user, ${gpu}`, of(gpu).tokensPerS, decode[i], 0.6, SPECS, 'tokens/s'),
          )
        : []),
      ...DRAWN.map((gpu, i) =>
        near(`Energy at peak, ${gpu}`, of(gpu).pj!, energies[i], 0.003, SPECS, 'pJ/FLOP'),
      ),
      near(
        'Energy of a measured matrix product on the H100',
        metrics.measuredH100.pj,
        0.88,
        0.005,
        SPECS,
        'pJ/FLOP',
      ),
      near(
        'Energy of the H100 with its share of the building, 1,500 W',
        metrics.measuredH100.pjAt1500W,
        1.52,
        0.005,
        SPECS,
        'pJ/FLOP',
      ),
      near(
        'Compressed cache of DeepSeek-V3',
        compressed,
        70_272,
        0,
        'configuration file: 61 layers · 576 numbers · 2 bytes',
        'bytes/token',
      ),
      near('Saved against heads of its own', 1 - compressed / cache(CACHES[0].name), 0.982, 0.0005, CLOSED),
      near('Saved against Llama 3.1 405B', 1 - compressed / cache(CACHES[1].name), 0.864, 0.0005, CLOSED),
      near('Saved against Qwen2.5-72B', 1 - compressed / cache(CACHES[2].name), 0.786, 0.0005, CLOSED),
      ...metrics.stacks.map(({ generation, gbPerS }, i) =>
        near(
          `Bandwidth of ${generation}`,
          gbPerS,
          stacks[i],
          0.05,
          'width · pin rate / 8, hbm_generations.csv',
          'GB/s',
        ),
      ),
      near(
        'Twenty years of arithmetic, 3-fold every two',
        metrics.twentyYears.arithmetic,
        59_049,
        0,
        'Gholami et al. 2024, arXiv:2403.14123',
      ),
      near(
        'Twenty years of memory bandwidth, 1.6-fold every two',
        metrics.twentyYears.memory,
        110,
        0.5,
        'Gholami et al. 2024, arXiv:2403.14123',
      ),
    ];
  },

  finding({ metrics }) {
    const h100 = metrics.machines.find(({ gpu }) => gpu === 'H100 SXM5 80GB')!;
    return (
      `For one user an H100 writes at most ${h100.tokensPerS.toFixed(0)} tokens a second and uses ` +
      `${h100.shareOfPeak.toFixed(1)} % of its arithmetic: it waits for memory. It takes about ${h100.ridge.toFixed(0)} operations a ` +
      'byte, hundreds of users at once, to keep it busy.'
    );
  },

  caveats: () => [
    'Peak rates and bandwidths of data sheets; measured ones are 10 to 25 % lower.',
    'Energy at peak is board power over peak rate: a lower bound that no program reaches.',
    'The cache of keys and values is left out of the token rates; with long contexts it dominates.',
  ],
});
