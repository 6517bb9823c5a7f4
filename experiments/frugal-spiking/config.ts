import { z } from '../../src/index.js';

export const config = z.strictObject({
  hidden: z.int().min(1).default(128).describe('hidden units'),
  images: z.int().min(100).max(60_000).default(60_000).describe('training images'),
  optimisers: z
    .array(z.enum(['sgd', 'adam']))
    .min(1)
    .default(['sgd', 'adam'])
    .describe("whose step is ranked, cached and written: plain gradient descent's, Adam's"),
  sgdRate: z.number().positive().default(0.05).describe('learning rate of plain gradient descent'),
  sgdBatch: z.int().min(1).default(2).describe('images a step of plain gradient descent'),
  sgdSamples: z.int().min(100).default(60_000).describe('images after which plain gradient descent ends'),
  adamRate: z.number().positive().default(0.01).describe('learning rate of Adam'),
  adamBatch: z.int().min(1).default(32).describe('images a step of Adam'),
  adamSamples: z.int().min(100).default(60_000).describe('images after which Adam ends'),
  schedule: z
    .enum(['constant', 'half-cosine'])
    .default('half-cosine')
    .describe('whether learning rates stay, or fall as a half cosine to 0 at the last image'),
  confidence: z
    .number()
    .min(0)
    .max(1)
    .default(0.9)
    .describe('lazy learning passes over images named rightly with more confidence (0: all named rightly)'),
  fraction: z
    .number()
    .gt(0)
    .max(1)
    .default(0.1)
    .describe('fraction p of the synapses of the first layer that may change in a step, the largest |Δw|'),
  threshold: z.number().min(0).default(0.05).describe('threshold θ of caching, rule synapse'),
  tau: z.number().min(0).default(0).describe('time constant of transients in samples (0: no decay)'),
  accuracies: z
    .array(z.number().gt(0).lt(1))
    .min(1)
    .default([0.9, 0.91, 0.92, 0.93, 0.94, 0.95, 0.96])
    .describe('test accuracies to which energy is told'),
  exponents: z
    .array(z.number().min(0))
    .default([])
    .describe('exponents α for a table of energies Σ|Δl|^α over the writes of a run; slow'),
  testEvery: z.int().min(100).default(2000).describe('images between two looks at the test set'),
  tariff: z.string().default('45nm-fp32-sram').describe('tariff of figures and tables'),
  repeats: z.int().min(1).default(3).describe('runs of each policy (unless --seeds asks for more than one)'),
});

export type Config = z.output<typeof config>;

export const presets = {
  quick: {
    hidden: 64,
    images: 5000,
    accuracies: [0.8, 0.82, 0.84, 0.86, 0.88, 0.9],
    sgdSamples: 15_000,
    adamSamples: 15_000,
    testEvery: 1000,
    repeats: 1,
  },
  full: {
    accuracies: [0.9, 0.91, 0.92, 0.93, 0.94, 0.95, 0.96, 0.97],
    // Plain gradient descent takes thrice the time of Adam for an image, and does not come to 97 % with twice as many.
    sgdSamples: 150_000,
    adamSamples: 200_000,
    testEvery: 5000,
  },
};
