import { z } from 'zod';
import { keptOf } from '../../kernels/compete/reference.js';
import { UsageError } from '../util/errors.js';
import type { CacheSettings } from './cache.js';
import type { Selection } from './compete.js';

/** Which of the proposed changes are made. */
export const SELECT = [
  'all',
  'largest',
  'largest-per-neuron',
  'smallest',
  'largest-weight',
  'smallest-weight',
  'largest-weight-per-neuron',
  'random-fixed',
  'random-redrawn',
] as const;

/**
 * What a learner's proposed changes go through before they are written: filters, then (or after) a cache.
 * The same for any learner; what it does to one layer is a `LayerPolicy`.
 */
export const policySchema = z.strictObject({
  lazy: z
    .union([z.literal('never'), z.literal('mistakes'), z.number().gt(0).max(1)])
    .default('never')
    .describe(
      "learn from every sample, from mistakes only, or also below this confidence (softmax's largest)",
    ),
  select: z.enum(SELECT).default('all').describe('which proposed changes are made'),
  fraction: z
    .number()
    .gt(0)
    .max(1)
    .default(1)
    .describe('fraction p of the synapses of the first layer that may change for each sample'),
  tied: z
    .boolean()
    .default(true)
    .describe('other layers change as many synapses as the first; otherwise the same fraction of them'),
  subnet: z.int().min(0).default(0).describe('only the first k hidden units are plastic (0: all of them)'),
  cache: z
    .strictObject({
      rule: z.enum(['synapse', 'neuron', 'sum']).default('neuron').describe('whose threshold is tested'),
      threshold: z.number().min(0).describe('θ: a transient weight above it is consolidated'),
      tau: z.number().gt(0).optional().describe('decay of transients, in samples (left out: no decay)'),
    })
    .optional()
    .describe('synaptic caching'),
  order: z
    .enum(['compete-first', 'cache-first'])
    .default('compete-first')
    .describe('whether changes compete to be cached, or cached changes compete to be consolidated'),
});

/** When a network learns, which changes are kept, and how long they are held before they are written. */
export type Policy = z.output<typeof policySchema>;

/** A policy as one layer sees it. */
export interface LayerPolicy {
  selection: Selection;
  cache: CacheSettings | null;
  order: Policy['order'];
  /** Plastic synapses: sources and targets below these numbers. */
  plasticSources: number;
  plasticTargets: number;
}

/** Everything left as it is: each proposed change is written at once. */
export const PLAIN: Policy = policySchema.parse({});

/**
 * Checks a policy and fills in what was left out.
 * @throws UsageError with the key that is wrong
 */
export function parsePolicy(input: z.input<typeof policySchema>, where = 'plasticity'): Policy {
  const result = policySchema.safeParse(input);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new UsageError(
    issue.message,
    [where, ...issue.path].join('.'),
    'See --help for the range of each key.',
  );
}

/**
 * What a policy means for each layer of a chain of dense layers.
 *
 * With `tied`, p_l = min(1, p·n_1/n_l) for a layer of n_l synapses, so that each layer changes the same number
 * (the published code's p_2 = min(78.4·p_1, 1) for 784-H-10).
 *
 * @param sizes neurons of each population, input first
 * @param retention what is left of a transient after one presentation, from the time constant
 */
export function layerPolicies(
  policy: Policy,
  sizes: readonly number[],
  retention: (tau: number) => number,
): LayerPolicy[] {
  const hidden = sizes.slice(1, -1);
  if (sizes.length < 2 || sizes.some((size) => size < 1)) {
    throw new UsageError(
      `a policy on a network without plastic synapses (populations of [${sizes.join(', ')}])`,
      'plasticity',
      'Give at least two populations that are not empty, or no policy.',
    );
  }
  if (policy.subnet > 0 && hidden.some((size) => size < policy.subnet)) {
    throw new UsageError(
      `a subnet of ${policy.subnet} units does not fit a hidden layer of ${Math.min(...hidden)}`,
      'plasticity.subnet',
      'Give at most the number of hidden units.',
    );
  }
  const cache = policy.cache
    ? {
        rule: policy.cache.rule,
        threshold: policy.cache.threshold,
        retention: policy.cache.tau === undefined ? 1 : retention(policy.cache.tau),
      }
    : null;
  const first = sizes[0] * sizes[1];
  return sizes.slice(1).map((targets, l) => {
    const sources = sizes[l];
    const fraction = policy.tied
      ? Math.min(1, (policy.fraction * first) / (sources * targets))
      : policy.fraction;
    const isHidden = (population: number) => population > 0 && population < sizes.length - 1;
    return {
      selection: layerSelection(policy.select, fraction, sources, targets),
      cache,
      order: policy.order,
      plasticSources: policy.subnet > 0 && isHidden(l) ? policy.subnet : sources,
      plasticTargets: policy.subnet > 0 && isHidden(l + 1) ? policy.subnet : targets,
    };
  });
}

function layerSelection(
  select: Policy['select'],
  fraction: number,
  sources: number,
  targets: number,
): Selection {
  const perNeuron = select.endsWith('-per-neuron');
  const count = keptOf(perNeuron ? sources : sources * targets, fraction);
  if (select === 'all' || fraction === 1) return { kind: 'all' };
  if (select === 'random-fixed' || select === 'random-redrawn') {
    return {
      kind: 'random',
      count: Math.round(fraction * sources * targets),
      redrawn: select === 'random-redrawn',
    };
  }
  return {
    kind: 'ranked',
    count,
    per: perNeuron ? 'neuron' : 'layer',
    by: select.includes('weight') ? 'weight' : 'change',
    end: select.startsWith('smallest') ? 'smallest' : 'largest',
  };
}
