import { z } from 'zod';
import { microcircuit } from '../../models/networks/microcircuit.js';
import { defineBench } from '../../src/cli/define-bench.js';
import { benchOptions, measure } from '../../src/engine/measure.js';

export default defineBench({
  description: 'cortical microcircuit of 1 mm²: at scale 1, 77,169 neurons and 299 million synapses',
  options: z.strictObject({
    scale: z.number().positive().max(1).default(0.1).describe('multiplies neurons and in-degrees'),
    background: z.enum(['poisson', 'dc']).default('poisson').describe('input from outside'),
    ...benchOptions,
    // As the other simulators were measured.
    warmupMs: benchOptions.warmupMs.default(500),
    ms: benchOptions.ms.default(2000),
  }),
  run: (options, context) => measure(() => microcircuit(options), options, context),
});
