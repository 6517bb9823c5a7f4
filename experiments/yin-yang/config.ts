import { z } from '../../src/index.js';

/** How time is kept, and what the network answers by. */
export const VARIANTS = {
  'exact, mean voltage': { time: 'exact', answer: 'mean voltage' },
  'exact, first spike': { time: 'exact', answer: 'first spike' },
  'grid, mean voltage': { time: 'grid', answer: 'mean voltage' },
} as const;
export type Variant = keyof typeof VARIANTS;
const names = Object.keys(VARIANTS) as [Variant, ...Variant[]];

export const config = z.strictObject({
  hidden: z.int().min(1).default(200).describe('hidden units of the Yin-Yang network'),
  epochs: z.int().min(1).default(100).describe('epochs of 5,000 points'),
  learningRate: z.number().positive().default(0.003).describe('of Adam, falling as a half cosine (Yin-Yang)'),
  repeats: z.int().min(1).default(5).describe('networks with different seeds, unless --seeds says'),
  variants: z
    .array(z.enum(names))
    .min(1)
    .default(names)
    .describe('how time is kept, and what the network answers by'),
  digitEpochs: z.int().min(0).default(5).describe('epochs of 60,000 digits for 784-128-10 (0: none)'),
  digitRepeats: z.int().min(1).default(3).describe('seeds of 784-128-10'),
  mapSize: z.int().min(11).max(401).default(121).describe('points along a side of the map of regions'),
});

export type Config = ReturnType<typeof config.parse>;

export const presets = {
  quick: { repeats: 2, variants: ['exact, mean voltage' as const], digitRepeats: 1, mapSize: 81 },
  full: { repeats: 10, epochs: 200, digitRepeats: 5, mapSize: 201 },
};
