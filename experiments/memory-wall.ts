import * as Plot from '@observablehq/plot';
import { type Gpu, readGpus, readHbm } from '../src/data/machines.js';
import { defineExperiment, near, z } from '../src/index.js';
import {
  type AttentionShape,
  cacheBytesPerToken,
  decodeTokensPerS,
  headsCache,
  pjPerFlop,
  ridge,
  roofline,
  stackBandwidthGbPerS,
} from '../src/scaling/hardware.js';
import { logspace } from '../src/scaling/index.js';

const config = z.strictObject({
  parameters: z.number().positive().default(8e9).describe('weights of the model that answers'),
  bytesPerWeight: z
    .number()
    .positive()
    .default(2)
    .describe('bytes a weight: 2 for FP16, 1 for FP8, 0.5 for FP4'),
  context: z.int().min(1).default(128_000).describe('tokens of context in the cache table'),
});

const DRAWN = ['V100 SXM2 32GB', 'A100 SXM4 80GB', 'H100 SXM5 80GB', 'H200 SXM', 'B200 SXM (HGX)'];
/** Layers, heads and widths of published models (their configuration files). */
const CACHES: AttentionShape[] = [
  headsCache('DeepSeek-V3, if every head had its own', 61, 128, 128),
  headsCache('Llama 3.1 405B, 8 shared heads', 126, 8, 128),
  headsCache('Qwen2.5-72B, 8 shared heads', 80, 8, 128),
  headsCache('Llama 3 8B, 8 shared heads', 32, 8, 128),
  { name: 'DeepSeek-V3, compressed (MLA)', layers: 61, numbersPerLayer: 576 },
];
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

  async run({ parameters, bytesPerWeight, context }) {
    const gpus = readGpus();
    return {
      metrics: {
        machines: gpus.map((gpu) => machineRow(gpu, parameters, bytesPerWeight)),
        roofs: gpus.filter(({ gpu }) => DRAWN.includes(gpu)).flatMap(roofOf),
        batches: batches(gpus.find(({ gpu }) => gpu === 'H100 SXM5 80GB')!, parameters, bytesPerWeight),
        caches: CACHES.map((shape) => ({
          model: shape.name,
          bytesPerToken: cacheBytesPerToken(shape),
          contextGb: (cacheBytesPerToken(shape) * context) / 1e9,
        })),
        stacks: readHbm().map(({ generation, width_bits, pin_gbps }) => ({
          generation,
          widthBits: width_bits,
          pinGbps: pin_gbps,
          gbPerS: stackBandwidthGbPerS(width_bits, pin_gbps),
        })),
        twentyYears: { arithmetic: 3 ** 10, memory: 1.6 ** 10 },
        measuredH100: { pj: pjPerFlop(700, measuredTflops(gpus)), pjAt1500W: pjPerFlop(1500, 989.4) },
      },
    };
  },

  tables: ({ metrics, config }) => [
    {
      name: 'machines',
      title: `Machines, and a model of ${config.parameters.toExponential(0)} weights answering one user`,
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

  figures: ({ metrics }) => [
    {
      name: 'roofline',
      title: 'Rooflines',
      caption:
        'Attainable rate against operations per byte moved. One user reads every weight for one multiplication: ' +
        '1 FLOP/byte (dashed), three hundred times left of the ridge.',
      plot: {
        x: { type: 'log', label: 'arithmetic intensity (FLOP/byte)', tickFormat: String },
        y: { type: 'log', label: 'attainable rate (TFLOP/s)', tickFormat: String },
        color: { legend: true, type: 'categorical', domain: DRAWN },
        marks: [
          Plot.ruleX([1], { strokeDasharray: '5 4' }),
          Plot.line(metrics.roofs, { x: 'intensity', y: 'tflops', stroke: 'gpu', strokeWidth: 2 }),
        ],
      },
      rows: metrics.roofs,
    },
    {
      name: 'batch',
      title: 'Many users at once use the arithmetic (H100)',
      caption:
        'Weights are read once for all users of a batch. Total rate grows with the batch up to the ridge; the rate of ' +
        'each user falls only after it. The caches of the users are left out.',
      plot: {
        x: { type: 'log', label: 'users in a batch', tickFormat: String },
        y: { type: 'log', label: 'tokens a second', tickFormat: String },
        color: { legend: true, type: 'categorical', domain: ['all users', 'one user'] },
        marks: [
          Plot.line(metrics.batches, { x: 'batch', y: 'all', stroke: () => 'all users', strokeWidth: 2 }),
          Plot.line(metrics.batches, { x: 'batch', y: 'each', stroke: () => 'one user', strokeWidth: 2 }),
        ],
      },
      rows: metrics.batches,
    },
    {
      name: 'caches',
      title: 'What a token of context weighs',
      caption:
        'Bytes in the cache for each token. Sharing heads and compressing them saves a factor of 8 to 57.',
      plot: {
        height: 300,
        marginLeft: 290,
        x: {
          type: 'log',
          label: 'bytes a token (thousands)',
          ticks: 5,
          tickFormat: (v: number) => `${v / 1000}`,
          inset: 40,
        },
        y: { label: null, domain: metrics.caches.map(({ model }) => model) },
        marks: [
          Plot.dot(metrics.caches, { x: 'bytesPerToken', y: 'model', r: 6, fill: '#0072B2' }),
          Plot.text(metrics.caches, {
            x: 'bytesPerToken',
            y: 'model',
            text: (row: { bytesPerToken: number }) => row.bytesPerToken.toLocaleString('en'),
            dy: -14,
          }),
        ],
      },
      rows: metrics.caches,
    },
  ],

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

function machineRow(
  { gpu, year, bf16_tflops, bandwidth_tb_s, tdp_w }: Gpu,
  parameters: number,
  bytesPerWeight: number,
) {
  const tokensPerS = decodeTokensPerS(parameters, bytesPerWeight, bandwidth_tb_s);
  return {
    gpu,
    year,
    peakTflops: bf16_tflops,
    bandwidth: bandwidth_tb_s,
    ridge: ridge(bf16_tflops, bandwidth_tb_s),
    tokensPerS,
    shareOfPeak: (100 * tokensPerS * 2 * parameters) / (bf16_tflops * 1e12),
    pj: tdp_w === null ? null : pjPerFlop(tdp_w, bf16_tflops),
  };
}

function roofOf({ gpu, bf16_tflops, bandwidth_tb_s }: Gpu) {
  return logspace(0.25, 4096, 80).map((intensity) => ({
    gpu,
    intensity,
    tflops: roofline(intensity, bf16_tflops, bandwidth_tb_s),
  }));
}

function batches({ bf16_tflops, bandwidth_tb_s }: Gpu, parameters: number, bytesPerWeight: number) {
  return logspace(1, 4096, 49).map((batch) => {
    const intensity = (2 * batch) / bytesPerWeight;
    const all = (roofline(intensity, bf16_tflops, bandwidth_tb_s) * 1e12) / (2 * parameters);
    return { batch, all, each: all / batch };
  });
}

function measuredTflops(gpus: readonly Gpu[]): number {
  return gpus.find(({ gpu }) => gpu === 'H100 SXM5 80GB')!.mamf_bf16_tflops_measured!;
}
