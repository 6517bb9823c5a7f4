import { name, optional, positive, text } from './column.js';
import { type RowOf, readTable, shippedData, tableSchema } from './table.js';

const GPUS = tableSchema({
  rows: 14,
  columns: {
    gpu: name,
    year: positive,
    tdp_w: optional(positive),
    fp64_tflops: optional(positive),
    fp32_tflops: optional(positive),
    tf32_tflops: optional(positive),
    bf16_tflops: positive,
    fp8_tflops: optional(positive),
    fp4_tflops: optional(positive),
    memory_gb: positive,
    memory_type: name,
    bandwidth_tb_s: positive,
    hbm_stacks: optional(positive),
    ridge_flop_per_byte_bf16: optional(positive),
    pj_per_flop_bf16: optional(positive),
    pj_per_flop_fp32: optional(positive),
    gflop_per_joule_bf16: optional(positive),
    mamf_bf16_tflops_measured: optional(positive),
    source: text,
    note: text,
  },
});

const HBM = tableSchema({
  rows: 5,
  columns: {
    generation: name,
    width_bits: positive,
    pin_gbps: positive,
    computed_gb_s: positive,
    article_b_value: text,
    source: text,
    note: text,
  },
});

/** A graphics processor: dense peak rates by precision, memory, bandwidth, board power. */
export type Gpu = RowOf<typeof GPUS>;

/** Fourteen processors of 2017 to 2026 with the source of their numbers. */
export function readGpus(): Gpu[] {
  return readTable(shippedData('gpu_specs.csv'), GPUS);
}

/** A generation of stacked memory. */
export type HbmGeneration = RowOf<typeof HBM>;

/** Five generations of high-bandwidth memory. */
export function readHbm(): HbmGeneration[] {
  return readTable(shippedData('hbm_generations.csv'), HBM);
}
