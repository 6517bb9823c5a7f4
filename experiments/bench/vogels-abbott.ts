import { z } from 'zod';
import type { VogelsAbbottOptions } from '../../models/networks/vogels-abbott.js';
import { defineBench } from '../../src/cli/define-bench.js';
import { benchOptions, measure } from '../../src/engine/measure.js';
import type { Network } from '../../src/network/network.js';

/** In-degree of the published network, which is drawn pair by pair; the denser ones of the comparison have it exact. */
const PUBLISHED_INDEGREE = 80;

const options = z.strictObject({
  neurons: z.int().min(100).default(4000).describe('excitatory and inhibitory neurons, four to one'),
  scale: z.number().positive().default(1).describe('multiplies the number of neurons'),
  indegree: z.int().min(1).default(PUBLISHED_INDEGREE).describe('mean number of synapses onto a neuron'),
  connectivity: z
    .enum(['auto', 'bernoulli', 'fixed'])
    .default('auto')
    .describe(
      'pairs with one probability, or the same in-degree for all; auto: bernoulli for 80, else fixed',
    ),
  ...benchOptions,
  // As the other simulators were measured.
  ms: benchOptions.ms.default(2000),
});

/** A bench of one of the two Vogels-Abbott networks. */
export function vogelsAbbottBench(description: string, describe: (options: VogelsAbbottOptions) => Network) {
  return defineBench({
    description,
    options,
    run: ({ connectivity, neurons, scale, ...given }, context) => {
      const drawn = given.indegree === PUBLISHED_INDEGREE ? 'bernoulli' : 'fixed';
      const network = {
        ...given,
        neurons: Math.round(neurons * scale),
        connectivity: connectivity === 'auto' ? drawn : connectivity,
      } as const;
      return measure(() => describe(network), given, context);
    },
  });
}
