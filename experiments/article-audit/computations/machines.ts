import {
  cacheBytesPerToken,
  headsCache,
  pjPerFlop,
  ridge,
  stackBandwidthGbPerS,
} from '../../../src/scaling/hardware.js';
import { type AuditFigure, figure } from '../figure.js';
import type { Computation, Computations } from './computation.js';

const H100 = 'H100 SXM5 80GB';
/** Power of a box of eight H100, and of the building around it over that of the box. */
const BOX_WATTS = 10_200;
const BUILDING_FACTOR = 1.2;
const FACILITY_WATTS = 1500;

export const machines: Computations = {
  A041: ({ gpu }) => [figure('board power', gpu(H100).tdp_w!, '700', { unit: 'W', claimed: 700 })],
  A042: () => [
    figure('an eighth of a box', BOX_WATTS / 8, '1275', { unit: 'W' }),
    figure('with its share of the building', (BOX_WATTS / 8) * BUILDING_FACTOR, '1530', {
      unit: 'W',
      claimed: 1500,
    }),
  ],
  // clock · multiply-adds a cycle and core · 2 · cores
  A043: () => [
    figure('peak from clock and cores', 1830e6 * 512 * 2 * 528, '9.894e14', {
      unit: 'FLOP/s',
      claimed: 9.89e14,
    }),
  ],
  A044: ({ gpu }) => {
    const { bf16_tflops, mamf_bf16_tflops_measured, tdp_w } = gpu(H100);
    return [
      figure('at peak', (bf16_tflops * 1e12) / tdp_w!, '1.413e12', { unit: 'FLOP/J', claimed: 1.4e12 }),
      figure('as measured', (mamf_bf16_tflops_measured! * 1e12) / tdp_w!, '1.135e12', { unit: 'FLOP/J' }),
      figure('with the building', (bf16_tflops * 1e12) / FACILITY_WATTS, '6.6e11', { unit: 'FLOP/J' }),
    ];
  },
  A045: ({ gpu }) => {
    const { bf16_tflops, mamf_bf16_tflops_measured, tdp_w } = gpu(H100);
    return [
      figure('at peak', pjPerFlop(tdp_w!, bf16_tflops), '0.708', { unit: 'pJ', claimed: 0.7, slack: 0.0005 }),
      figure('as measured', pjPerFlop(tdp_w!, mamf_bf16_tflops_measured!), '0.88', { unit: 'pJ' }),
      figure('with the building', pjPerFlop(FACILITY_WATTS, bf16_tflops), '1.52', { unit: 'pJ' }),
    ];
  },
  A047: ({ gpu }) => {
    const { bf16_tflops, fp32_tflops, tdp_w } = gpu(H100);
    return [
      figure('FP32 without tensor cores', (fp32_tflops! * 1e12) / tdp_w!, '9.6e10', { unit: 'FLOP/J' }),
      figure('BF16, as on the same page', (bf16_tflops * 1e12) / tdp_w!, '1.4e12', {
        unit: 'FLOP/J',
        claimed: 1e11,
      }),
    ];
  },
  B040: () => [
    figure('arithmetic in 20 years', 3 ** 10, '59,049', { unit: '×' }),
    figure('memory bandwidth in 20 years', 1.6 ** 10, '110', { unit: '×' }),
  ],
  B041: ({ gpu }) => {
    const { bandwidth_tb_s, hbm_stacks } = gpu(H100);
    return [
      figure('bandwidth', bandwidth_tb_s, '3.35', { unit: 'TB/s', claimed: 3.35 }),
      figure('of one stack', bandwidth_tb_s / hbm_stacks!, '0.67', { unit: 'TB/s' }),
    ];
  },
  B042: ({ gpu }) => [
    figure('bandwidth', gpu('B200 SXM (HGX)').bandwidth_tb_s, '8.0', { unit: 'TB/s', claimed: 8 }),
    figure('memory', gpu('B200 SXM (HGX)').memory_gb, '180', { unit: 'GB', claimed: 192, within: 0.01 }),
  ],
  B043: ({ hbm }) => [
    figure('width', hbm.find(({ generation }) => generation === 'HBM4')!.width_bits, '2048', {
      unit: 'bit',
      claimed: 2048,
    }),
  ],
  B044: ({ gpu }) => [
    figure('bandwidth', gpu('Rubin SXM').bandwidth_tb_s, '22', { unit: 'TB/s', claimed: 14 }),
  ],
  B045: () => [
    figure('16 dies of 50 µm', 16 * 50, '800', { unit: 'µm' }),
    figure('16 dies of 30 µm', 16 * 30, '480', { unit: 'µm', claimed: 775, sense: 'at most' }),
    figure('left for base die and gaps', 775 - 16 * 30, '295', { unit: 'µm' }),
  ],
  B047: stack(1024, 3.6, '460.8', 460),
  B048: stack(1024, 6.4, '819.2', 819),
  B049: () => [
    figure('bandwidth', stackBandwidthGbPerS(1024, 9.6) / 1000, '1.229', { unit: 'TB/s', claimed: 1.2 }),
  ],
  B050: () => [
    figure('at 6 Gbit/s a pin', stackBandwidthGbPerS(2048, 6) / 1000, '1.536', {
      unit: 'TB/s',
      claimed: 1.5,
    }),
    figure('at 8 Gbit/s a pin', stackBandwidthGbPerS(2048, 8) / 1000, '2.048', { unit: 'TB/s', claimed: 2 }),
  ],
  B051: () => [
    figure('time of one 1,500 W GPU for 45 Wh', (45 * 3600) / FACILITY_WATTS, '108', { unit: 's' }),
  ],
  B052: () => [figure('45 Wh over 0.3 Wh', 45 / 0.3, '150', { unit: '×' })],
  B069: cacheFigures,
  D016: ({ gpu }) => [
    figure('peak', gpu(H100).bf16_tflops, '989', { unit: 'TFLOP/s', claimed: 60 }),
    figure('peak over 60', gpu(H100).bf16_tflops / 60, '16.5', { unit: '×' }),
  ],
  D018: () => [figure('GPUs used', 124 * 8, '992', { claimed: 512, sense: 'at most' })],
  D035: ({ gpu }) => [
    figure('ridge', ridge(gpu(H100).bf16_tflops, gpu(H100).bandwidth_tb_s), '295', {
      unit: 'FLOP/byte',
      claimed: 1,
      sense: 'at least',
    }),
  ],
};

function stack(widthBits: number, pinGbps: number, recorded: string, claimed: number): Computation {
  return () => [
    figure('width · pin rate / 8', stackBandwidthGbPerS(widthBits, pinGbps), recorded, {
      unit: 'GB/s',
      claimed,
    }),
  ];
}

/** Latent attention stores 576 numbers a layer; others two of each head's width. */
function cacheFigures(): AuditFigure[] {
  const latent = cacheBytesPerToken({ name: 'latent', layers: 61, numbersPerLayer: 576 });
  const saving = (layers: number, heads: number) =>
    100 * (1 - latent / cacheBytesPerToken(headsCache('heads', layers, heads, 128)));
  return [
    figure('saved against heads of the same model', saving(61, 128), '98.2', {
      unit: '%',
      claimed: 90,
      sense: 'at least',
    }),
    figure('saved against Llama 3.1 405B', saving(126, 8), '86.4', { unit: '%' }),
    figure('saved against Qwen2.5 72B', saving(80, 8), '78.6', { unit: '%' }),
    figure('82.2 % fewer numbers in 6 bits for 16', 1 - ((1 - 0.822) * 6) / 16, '0.9334', { slack: 0.0001 }),
  ];
}
