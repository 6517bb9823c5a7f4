import { z } from 'zod';
import { quiet } from '../../models/networks/quiet.js';
import { defineBench } from '../../src/cli/define-bench.js';
import { benchOptions, measure } from '../../src/engine/measure.js';

export default defineBench({
  description: 'a million neurons of which a small share is active: cost follows events',
  options: z.strictObject({
    neurons: z.int().min(100).default(1_000_000).describe('neurons'),
    scale: z.number().positive().default(1).describe('multiplies the number of neurons'),
    indegree: z.int().min(1).default(100).describe('synapses onto each'),
    active: z.number().min(0).max(1).default(0.001).describe('share that fires, at about 10 Hz'),
    sleep: z.boolean().default(true).describe('whether neurons that nothing reaches may sleep'),
    ...benchOptions,
  }),
  run: ({ scale, neurons, ...options }, context) =>
    measure(() => quiet({ ...options, neurons: Math.round(neurons * scale) }), options, context),
});
