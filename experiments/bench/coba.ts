import { z } from 'zod';
import { coba } from '../../models/networks/vogels-abbott.js';
import { defineBench } from '../../src/cli/define-bench.js';
import { benchOptions, measure } from '../../src/engine/measure.js';

export default defineBench({
  description: 'Vogels-Abbott network with conductance-based synapses, 4,000 neurons and more',
  options: z.strictObject({
    neurons: z.int().min(100).default(4000).describe('excitatory and inhibitory neurons, four to one'),
    indegree: z.int().min(1).default(80).describe('mean number of synapses onto a neuron'),
    connectivity: z
      .enum(['bernoulli', 'fixed'])
      .default('bernoulli')
      .describe('pairs with one probability, or the same in-degree for all'),
    ...benchOptions,
  }),
  run: (options, context) => measure(() => coba(options), options, context),
});
