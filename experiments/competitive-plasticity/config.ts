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
  subnetSizes: wholes
    .default([200, 400])
    .describe('hidden units of further networks with a plastic subnet of the first of `subnets`'),
  weightSd: z
    .number()
    .positive()
    .default(0.02)
    .describe(
      'spread of the initial weights (the published code has 0.03, and 0.01 or 0.02 where it is run)',
    ),
  combinations: z.boolean().default(true).describe('also lazy learning, caching, and their products'),
  exponents: z
    .array(z.number().min(0))
    .default([])
    .describe('exponents α for a table of energies Σ|Δl|^α over the writes of a run; slow'),
  goal: z.number().gt(0).lt(1).default(0.95).describe('test accuracy at which learning ends'),
  testEvery: z.int().min(1).default(2000).describe('samples between two looks at the test set'),
  maxSamples: z.int().min(1).default(500_000).describe('samples after which a run is given up'),
  controlSamples: z
    .int()
    .min(1)
    .default(200_000)
    .describe('samples after which the controls (other rules of selection, subnets) are given up'),
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
    subnetSizes: [200],
    combinations: false,
    goal: 0.93,
    repeats: 1,
    anchorRepeats: 1,
  },
  full: {
    sizes: [20, 30, 50, 100, 200, 400, 1000, 3000],
    fractions: [0.3, 0.1, 0.03, 0.01, 0.003, 0.001],
    maskFractions: [0.1, 0.01],
    subnets: [60, 100, 200],
    subnetSizes: [200, 400, 2000],
  },
};
