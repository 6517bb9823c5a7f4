import { z } from '../../src/index.js';

const sizes = (least: number) => z.array(z.int().min(least)).min(4);

export const config = z.strictObject({
  dimensions: z
    .array(z.int().min(1).max(16))
    .default([4, 8])
    .describe('dimensions of the functions that a teacher gives'),
  teacherWidths: sizes(1)
    .default([3, 5, 8, 13, 20, 32])
    .describe('units of each of two hidden layers, teacher and student'),
  teacherExamples: sizes(8)
    .default([64, 128, 256, 512, 1024, 2048])
    .describe('examples that the widest student may reuse'),
  teacherSteps: z
    .int()
    .min(100)
    .default(3000)
    .describe('training steps of 128 examples, teacher and student'),
  words: z.int().min(10).default(1000).describe('words of the language that the text is written in'),
  textWidths: sizes(1).default([2, 4, 8, 16, 32, 64, 128]).describe('hidden units, text'),
  textExamples: sizes(100)
    .default([500, 1000, 2000, 4000, 8000, 16_000, 32_000])
    .describe('characters of text that one network may reread'),
  textSteps: z.int().min(100).default(1000).describe('training steps of 128 characters'),
  digitWidths: sizes(1).default([2, 4, 8, 16, 32, 64, 128]).describe('hidden units, handwritten digits'),
  digitExamples: sizes(10)
    .default([64, 128, 256, 512, 1024, 2048, 4096, 8192])
    .describe('digits that one network may see again'),
  digitSteps: z.int().min(100).default(300).describe('training steps of 128 digits'),
  repeats: z.int().min(2).default(3).describe('networks of each size, with seeds of their own'),
});

export type Config = z.output<typeof config>;

export const presets = {
  quick: { repeats: 2, teacherSteps: 2000, textSteps: 600, digitSteps: 200 },
  full: {
    repeats: 5,
    teacherWidths: [3, 5, 8, 13, 20, 32, 48],
    teacherExamples: [64, 128, 256, 512, 1024, 2048, 4096],
    teacherSteps: 6000,
    textWidths: [2, 4, 8, 16, 32, 64, 128, 256],
    textExamples: [500, 1000, 2000, 4000, 8000, 16_000, 32_000, 64_000],
    textSteps: 2000,
    digitSteps: 1000,
    digitExamples: [64, 128, 256, 512, 1024, 2048, 4096, 8192, 16_384],
  },
};
