import { z } from 'zod';
import { brunel } from '../../models/networks/brunel.js';
import { defineBench } from '../../src/cli/define-bench.js';
import { benchOptions, measure } from '../../src/engine/measure.js';

export default defineBench({
  description: "Brunel's sparse network: 12,500 neurons, 15.6 million synapses, Poisson input",
  options: z.strictObject({
    scale: z.number().positive().default(1).describe('multiplies the number of neurons'),
    indegree: z
      .int()
      .min(5)
      .default(1250)
      .describe('synapses onto a neuron, four excitatory to one inhibitory'),
    g: z.number().min(0).default(5).describe('strength of inhibition relative to excitation'),
    eta: z.number().min(0).default(2).describe('external rate relative to the threshold rate'),
    ...benchOptions,
  }),
  run: (options, context) => measure(() => brunel(options), options, context),
});
