import type { Policy } from './policy.js';

/**
 * Whether a learner with this answer (larger for likelier classes) learns from a sample with this label
 * (Pache & van Rossum 2023, arXiv:2303.16067). Confidence is the largest value of the answer's softmax.
 */
export function wantsToLearn(lazy: Policy['lazy'], label: number, answer: ArrayLike<number>): boolean {
  if (lazy === 'never') return true;
  let named = 0;
  for (let k = 1; k < answer.length; k++) if (answer[k] > answer[named]) named = k;
  if (named !== label) return true;
  if (lazy === 'mistakes') return false;
  let rest = 0;
  for (let k = 0; k < answer.length; k++) rest += Math.exp(answer[k] - answer[named]);
  return 1 / rest < lazy;
}
