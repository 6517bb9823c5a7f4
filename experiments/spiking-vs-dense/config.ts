import { z } from '../../src/index.js';

export const config = z.strictObject({
  widths: z.array(z.int().min(2)).min(2).default([8, 32, 128]).describe('hidden units, smallest first'),
  filters: z
    .array(z.tuple([z.int().min(1), z.int().min(1)]))
    .min(1)
    .default([
      [2, 4],
      [4, 8],
      [6, 16],
    ])
    .describe('filters of the two convolutions of each convolutional network, fewest first'),
  convolve: z
    .array(z.enum(['MNIST', 'garments']))
    .default(['MNIST', 'garments'])
    .describe('tasks on which convolutional networks are trained as well'),
  replicates: z.int().min(2).default(5).describe('networks of each kind and width, if --seeds does not say'),
  samples: z.int().min(100).default(10_000).describe('training images of MNIST and of the garments'),
  testSamples: z.int().min(100).default(5000).describe('test images of each'),
  epochs: z.int().min(1).default(8).describe('times that each image is shown'),
  yinYangSamples: z.int().min(100).default(5000).describe('training samples of Yin-Yang'),
  yinYangEpochs: z.int().min(1).default(30).describe('times that each of them is shown'),
});
export type Config = z.output<typeof config>;

export const presets = {
  quick: {
    widths: [8, 24, 72],
    replicates: 4,
    samples: 2000,
    testSamples: 1000,
    epochs: 5,
    yinYangSamples: 2000,
    yinYangEpochs: 12,
    filters: [[2, 4]] satisfies [number, number][],
    convolve: ['MNIST'] satisfies ['MNIST'],
  },
  full: { samples: 30_000, testSamples: 10_000, widths: [8, 32, 128, 256], epochs: 5 },
};
