import { type Gpu, readGpus, readHbm } from '../../src/data/machines.js';
import { z } from '../../src/index.js';
import {
  type AttentionShape,
  cacheBytesPerToken,
  decodeTokensPerS,
  headsCache,
  pjPerFlop,
  ridge,
  roofline,
  stackBandwidthGbPerS,
} from '../../src/scaling/hardware.js';
import { logspace } from '../../src/scaling/index.js';

export const config = z.strictObject({
  parameters: z.number().positive().default(8e9).describe('weights of the model that answers'),
  bytesPerWeight: z
    .number()
    .positive()
    .default(2)
    .describe('bytes a weight: 2 for FP16, 1 for FP8, 0.5 for FP4'),
  context: z.int().min(1).default(128_000).describe('tokens of context in the cache table'),
});
export type Config = z.output<typeof config>;

export const DRAWN = ['V100 SXM2 32GB', 'A100 SXM4 80GB', 'H100 SXM5 80GB', 'H200 SXM', 'B200 SXM (HGX)'];

/** Layers, heads and widths of published models (their configuration files). */
export const CACHES: AttentionShape[] = [
  headsCache('DeepSeek-V3, if every head had its own', 61, 128, 128),
  headsCache('Llama 3.1 405B, 8 shared heads', 126, 8, 128),
  headsCache('Qwen2.5-72B, 8 shared heads', 80, 8, 128),
  headsCache('Llama 3 8B, 8 shared heads', 32, 8, 128),
  { name: 'DeepSeek-V3, compressed (MLA)', layers: 61, numbersPerLayer: 576 },
];

export async function compute({ parameters, bytesPerWeight, context }: Config) {
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
}

export type Outcome = Awaited<ReturnType<typeof compute>>;

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
