import { z } from '../../src/index.js';

export const config = z.strictObject({
  widths: z.array(z.int().min(2)).min(4).default([4, 8, 16, 32, 64, 128]).describe('hidden units'),
  samples: z
    .array(z.int().min(100).max(60_000))
    .min(4)
    .default([500, 1000, 2000, 4000, 8000, 16_000])
    .describe('training digits; as many entries as widths, since both grow together in L(C)'),
  epochs: z.int().min(1).default(4).describe('times that each digit is shown'),
  leastSteps: z
    .int()
    .min(1)
    .default(500)
    .describe('steps of 32 digits that L(D) takes at least: few digits are shown more often'),
  repeats: z.int().min(2).default(3).describe('networks of each size, with seeds of their own'),
  tariffs: z
    .array(z.string())
    .min(1)
    .default(['45nm-fp32', '45nm-fp32-dram', '45nm-int8', 'h100-peak'])
    .describe('tariffs of the frontiers; the first one is that of the laws in joules'),
});

export type Config = z.output<typeof config>;

export const presets = {
  quick: { repeats: 2, epochs: 3, samples: [250, 500, 1000, 2000, 4000, 8000] },
  full: {
    repeats: 5,
    widths: [4, 8, 16, 32, 64, 128, 256],
    samples: [500, 1000, 2000, 4000, 8000, 16_000, 32_000],
  },
};
