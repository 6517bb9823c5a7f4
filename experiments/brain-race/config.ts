import { z } from '../../src/index.js';

export const config = z.strictObject({
  clades: z
    .array(z.string())
    .min(1)
    .default(['rodent', 'primate', 'songbird', 'parrot'])
    .describe('clades that race; also other-bird, glires, carnivora, marsupial, chiroptera and others'),
  massesG: z.array(z.number().positive()).min(1).default([0.5, 2, 10, 50]).describe('brain masses, g'),
  neuronsPerUnit: z
    .number()
    .positive()
    .default(4e6)
    .describe('cortical or pallial neurons that one hidden unit stands for'),
  hiddenLayers: z.int().min(1).max(3).default(1).describe('hidden layers that share the units'),
  samples: z.int().min(100).default(20_000).describe('training images'),
  epochs: z.int().min(1).default(5).describe('times the spiking network sees each image'),
  batch: z.int().min(8).default(32).describe('images a step of the spiking network'),
  learningRate: z
    .number()
    .positive()
    .default(0.01)
    .describe('of Adam, falling as a half cosine; spiking, up to 128 units (lower for more)'),
  inputDropout: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.1)
    .describe('share of input spikes left out in training'),
  denseEpochs: z.int().min(1).default(5).describe('times the dense network sees each image'),
  denseBatch: z.int().min(8).default(32).describe('images a step of the dense network'),
  denseLearningRate: z
    .number()
    .positive()
    .default(0.05)
    .describe('with momentum 0.9, falling as a half cosine; dense'),
  denseDropout: z.number().min(0).max(0.9).default(0.1).describe('share of pixels left out in training'),
  referenceUnits: z
    .int()
    .min(0)
    .default(0)
    .describe('also trains networks of this many hidden units, the size of published results; 0: none'),
  referenceSeeds: z.int().min(1).default(3).describe('seeds of the reference networks'),
  tariff: z
    .string()
    .default('biology-marginal')
    .describe('tariff of the spiking networks in figures and tables'),
  compare: z
    .array(z.string())
    .default(['45nm-fp32', '45nm-int8', '45nm-fp32-sram', '45nm-fp32-dram', 'h100-peak', 'loihi'])
    .describe('tariffs under which spiking and dense are set side by side'),
  plasticity: z
    .array(z.string())
    .default([])
    .describe(
      'policies under which the spiking networks learn once more, to tell what learning costs: dense, or lazy, compete, ' +
        'cache with + between them (also --plasticity)',
    ),
  confidence: z
    .number()
    .min(0)
    .max(1)
    .default(0.9)
    .describe('policy lazy passes over images named rightly with more confidence (0: all named rightly)'),
  fraction: z
    .number()
    .gt(0)
    .max(1)
    .default(0.1)
    .describe('policy compete: fraction p that may change in a step'),
  threshold: z.number().min(0).default(0.05).describe('policy cache: threshold θ, rule synapse'),
  tau: z
    .number()
    .min(0)
    .default(0)
    .describe('policy cache: time constant of transients, samples (0: no decay)'),
  data: z.string().default('mnist').describe("'mnist', or a folder with four IDX files of MNIST's names"),
});

export type Config = z.output<typeof config>;
