import { z } from 'zod';
import { HPC_INDEGREE, hpcStdp } from '../../models/networks/hpc-stdp.js';
import { defineBench } from '../../src/cli/define-bench.js';
import { benchOptions, measure } from '../../src/engine/measure.js';

export default defineBench({
  description:
    'random network with power-law STDP: 11,250 neurons, 12.7 million synapses, 8.1 million of them learn',
  options: z.strictObject({
    scale: z.number().positive().default(1).describe('multiplies the number of neurons'),
    indegree: z
      .int()
      .min(5)
      .max(HPC_INDEGREE)
      .default(HPC_INDEGREE / 10)
      .describe('synapses onto a neuron, four excitatory to one inhibitory; published 11,250'),
    plastic: z.boolean().default(true).describe('whether excitatory synapses onto excitatory neurons learn'),
    ...benchOptions,
  }),
  run: (options, context) => measure(() => hpcStdp(options), options, context),
});
