import { z } from '../../src/index.js';

const wholes = z.array(z.int().min(2)).min(1);
const fractions = z.array(z.number().gt(0).max(1));

export const config = z.strictObject({
  hidden: z.int().min(2).default(200).describe('hidden units, unless the size is varied'),
  sizes: wholes
    .default([30, 50, 100, 200, 400, 1000])
    .describe('hidden units of networks without competition'),
  fractions: fractions
    .default([0.3, 0.1, 0.03, 0.01, 0.003])
    .describe('fractions p of plastic synapses, the largest |Δw| of the layer'),
  maskFractions: fractions.default([0.1]).describe('fractions at which the rules of selection are compared'),
  subnetHidden: z.int().min(2).default(1000).describe('hidden units of the network with a plastic subnet'),
  subnets: wholes.default([60, 100]).describe('hidden units k of the plastic subnet'),
  combinations: z.boolean().default(true).describe('also lazy learning, caching, and their products'),
  goal: z.number().gt(0).lt(1).default(0.95).describe('test accuracy at which learning ends'),
  testEvery: z.int().min(1).default(2000).describe('samples between two looks at the test set'),
  maxSamples: z.int().min(1).default(300_000).describe('samples after which a run is given up'),
  anchorRepeats: z
    .int()
    .min(1)
    .default(10)
    .describe(
      'runs at least of the points that claims rest on: no competition, and p = 0.03 and 0.003, with `hidden` units',
    ),
  repeats: z.int().min(1).default(3).describe('runs of each point (unless --seeds asks for more than one)'),
});

export type Config = z.output<typeof config>;

export const presets = {
  quick: {
    sizes: [50, 200],
    fractions: [0.1, 0.01],
    maskFractions: [0.1],
    subnetHidden: 400,
    subnets: [60],
    combinations: false,
    goal: 0.93,
    repeats: 1,
    anchorRepeats: 1,
  },
  full: {
    sizes: [20, 30, 50, 100, 200, 400, 1000, 3000],
    fractions: [0.3, 0.1, 0.03, 0.01, 0.003, 0.001],
    maskFractions: [0.1, 0.01],
    subnets: [30, 60, 100, 200],
    maxSamples: 500_000,
  },
};
