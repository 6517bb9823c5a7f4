import { UsageError } from '../util/errors.js';
import { type Policy, parsePolicy } from './policy.js';

/** The parts that frugal policies are made of. */
const PARTS = ['lazy', 'compete', 'cache'] as const;
type Part = (typeof PARTS)[number];

/** Every product of the parts, from none of them (`dense`) to all. */
export const POLICY_NAMES: readonly string[] = [
  'dense',
  'lazy',
  'compete',
  'cache',
  'lazy + compete',
  'lazy + cache',
  'compete + cache',
  'lazy + compete + cache',
];

export interface PartSettings {
  /** Lazy learning passes over what is named rightly with more confidence; 0: over all that is named rightly. */
  confidence: number;
  /** p of the first layer. */
  fraction: number;
  /** θ, rule synapse, and τ in samples (0: no decay). */
  threshold: number;
  tau: number;
}

/**
 * The full name of a policy: parts in any order, with + between them.
 * @throws UsageError if there is no such policy
 */
export function policyName(text: string, where = 'plasticity'): string {
  const words = text.split('+').map((word) => word.trim());
  const parts = PARTS.filter((part) => words.includes(part));
  if (text.trim() === 'dense') return 'dense';
  if (parts.length === words.length) return parts.join(' + ');
  throw new UsageError(
    `there is no policy '${text}'`,
    where,
    `Give dense, or some of ${PARTS.join(', ')} with + between them: lazy+compete.`,
  );
}

/** A policy by its full name. */
export function policyNamed(
  name: string,
  { confidence, fraction, threshold, tau }: PartSettings,
): Partial<Policy> {
  const has = (part: Part) => name.split(' + ').includes(part);
  const policy: Partial<Policy> = {
    ...(has('lazy') ? { lazy: confidence > 0 ? confidence : 'mistakes' } : {}),
    ...(has('compete') ? { select: 'largest', fraction } : {}),
    ...(has('cache') ? { cache: { rule: 'synapse', threshold, ...(tau > 0 ? { tau } : {}) } } : {}),
  };
  parsePolicy(policy);
  return policy;
}
