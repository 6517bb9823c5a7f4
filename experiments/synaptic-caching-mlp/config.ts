import { z } from '../../src/index.js';

const accuracies = z.array(z.number().gt(0).lt(1)).min(1);
const thresholds = z.array(z.number().min(0)).min(1);

export const config = z.strictObject({
  hidden: z.int().min(1).default(100).describe('hidden units, unless the size is varied'),
  sizes: z
    .array(z.int().min(1))
    .min(1)
    .default([10, 15, 20, 30, 50, 100, 155])
    .describe('hidden units for the search for the best size'),
  accuracies: accuracies
    .default([0.85, 0.9, 0.92, 0.93, 0.94, 0.95, 0.96])
    .describe('test accuracies at which energy is read'),
  sizeAccuracies: accuracies.default([0.85, 0.93]).describe('accuracies for the search for the best size'),
  thresholds: thresholds
    .default([0.02, 0.04, 0.06, 0.08])
    .describe('thresholds θ of caching with `hidden` units'),
  sizeThresholds: thresholds
    .default([0.02, 0.04, 0.06, 0.08])
    .describe('thresholds θ of caching in the search for the best size'),
  tau: z.number().positive().default(1000).describe('time constant of decay (samples)'),
  cost: z
    .number()
    .min(0)
    .default(0.001)
    .describe('maintenance cost c of one unit of transient weight for a sample'),
  gradient: z
    .enum(['published', 'exact'])
    .default('published')
    .describe(
      'published: as in the code of the paper, the hidden error leaves out the derivative of the output',
    ),
  testEvery: z.int().min(1).default(2000).describe('samples between two looks at the test set'),
  maxSamples: z
    .int()
    .min(1)
    .default(400_000)
    .describe('samples after which a network of `hidden` units without a cache is given up'),
  otherSamples: z
    .int()
    .min(1)
    .default(120_000)
    .describe('samples after which the others, which learn less far or are stuck, are given up'),
  repeats: z.int().min(1).default(3).describe('runs of each point (unless --seeds asks for more than one)'),
});

export type Config = z.output<typeof config>;

export const presets = {
  quick: {
    sizes: [15, 30, 100],
    accuracies: [0.85, 0.9, 0.92, 0.93],
    sizeAccuracies: [0.85, 0.9],
    thresholds: [0.04, 0.06],
    sizeThresholds: [0.04, 0.06],
    maxSamples: 40_000,
    otherSamples: 40_000,
    repeats: 1,
  },
  full: {
    sizes: [10, 15, 20, 25, 30, 40, 50, 75, 100, 125, 155],
    accuracies: [0.85, 0.9, 0.92, 0.93, 0.94, 0.95, 0.96, 0.97],
    thresholds: [0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1],
  },
};
