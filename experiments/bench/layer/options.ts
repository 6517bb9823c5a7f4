import { z } from '../../../src/index.js';

export const options = z.strictObject({
  backend: z
    .enum(['auto', 'tensorflow', 'webgpu', 'wasm', 'cpu'])
    .default('auto')
    .describe('backend of tfjs'),
  cell: z
    .enum(['lif', 'adaptive', 'recurrent'])
    .default('lif')
    .describe('neurons of the layer; recurrent ones adapt as well'),
  hidden: z.int().min(1).default(128).describe('spiking neurons of the layer'),
  batch: z.int().min(0).default(0).describe('images a step; 0: 32, or 2 on a GPU emulated in software'),
  gradient: z
    .enum(['eventprop', 'superspike', 'arctan'])
    .default('eventprop')
    .describe('derivative of a spike'),
  optimiser: z.enum(['sgd', 'adam']).default('sgd').describe('of all steps, the event engine too'),
  input: z
    .enum(['events', 'dense'])
    .default('events')
    .describe('input spikes as a list (lif only), or as a tensor of zeros and ones'),
  repeats: z
    .int()
    .min(0)
    .default(0)
    .describe('rounds, of which median and minimum are told; 0: 20, or 1 on a GPU emulated in software'),
  seed: z.int().min(0).default(1).describe('seed of weights and images'),
});

export type LayerOptions = z.output<typeof options>;
