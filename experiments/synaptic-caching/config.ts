import { z } from '../../src/index.js';

const positive = z.array(z.number().positive()).min(1);
const wholes = z.array(z.int().min(1)).min(1);

export const config = z.strictObject({
  inputs: z.int().min(10).default(1000).describe('inputs N of the perceptron, without the bias'),
  loads: wholes
    .default([10, 20, 50, 100, 200, 350, 500, 700, 1000, 1250, 1500, 1650, 1800, 1900])
    .describe('numbers of patterns P, below the capacity of 2N'),
  repeats: z.int().min(1).default(10).describe('runs of each point (unless --seeds asks for more than one)'),
  capacityRepeats: z
    .int()
    .min(1)
    .default(20)
    .describe('runs of each point with P of 1.8N and above, where runs scatter by a third'),
  maxEpochs: z
    .int()
    .min(1)
    .default(10_000)
    .describe('rounds after which a perceptron without a cache is given up'),
  cachingRepeats: z.int().min(1).default(5).describe('runs of each threshold and time constant'),
  thresholds: z
    .array(z.number().min(0))
    .min(2)
    .default([0, 1, 2, 3, 5, 8, 10, 15, 20, 30, 40, 60, 80, 100, 150])
    .describe(
      'thresholds θ in units of the learning rate (for the rule `sum`: times the number of synapses)',
    ),
  costs: positive
    .default([1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1])
    .describe('maintenance costs c of one unit of transient weight for one presentation'),
  taus: positive.default([100, 316, 1000, 3162, 10_000]).describe('time constants of decay (presentations)'),
  decayThresholds: z
    .array(z.number().min(0))
    .min(2)
    .default([1, 2, 3, 5, 8, 10, 15, 20, 30])
    .describe('thresholds θ with decay'),
  decayEpochs: z.int().min(1).default(1000).describe('rounds after which learning with decay is given up'),
  powerTau: z.number().positive().default(500).describe('time constant for the theory of power'),
  powerEpochs: z
    .int()
    .min(1)
    .default(100)
    .describe('rounds of the overloaded perceptron (3N patterns) for the theory of power'),
});

export type Config = z.output<typeof config>;

export const presets = {
  quick: {
    loads: [50, 200, 1000, 1500],
    repeats: 5,
    capacityRepeats: 5,
    cachingRepeats: 5,
    thresholds: [0, 1, 3, 5, 10, 20, 40, 60, 100],
    taus: [316, 1000, 3162, 10_000],
    decayThresholds: [2, 5, 10, 15, 30],
    decayEpochs: 300,
    powerEpochs: 30,
  },
  full: { repeats: 20, capacityRepeats: 40, cachingRepeats: 10 },
};
