import { z } from 'zod';

/** What the two Vogels-Abbott experiments have in common. */
export const vogelsAbbottConfig = {
  neurons: z.int().min(100).default(4000).describe('excitatory and inhibitory neurons, four to one'),
  indegree: z.int().min(1).default(80).describe('mean number of synapses onto a neuron'),
  connectivity: z
    .enum(['bernoulli', 'fixed'])
    .default('bernoulli')
    .describe('pairs with one probability, or the same in-degree for all'),
  warmupMs: z.number().min(0).default(200).describe('biological time before the measurement (ms)'),
  ms: z.number().min(50).default(2000).describe('biological time measured (ms)'),
};

interface Size {
  neurons: number;
  indegree: number;
  connectivity: string;
  warmupMs: number;
}

/** Whether a configuration is the network of Brette et al. 2007. */
export function isPublished({ neurons, indegree, connectivity, warmupMs }: Size): boolean {
  return neurons === 4000 && indegree === 80 && connectivity === 'bernoulli' && warmupMs >= 200;
}
