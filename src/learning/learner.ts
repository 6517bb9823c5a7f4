import { addTotals, type LayerTotals, type PlasticLayer } from '../plasticity/layer.js';
import type { Policy } from '../plasticity/policy.js';

/** What a network made of a sample. */
export interface Outcome {
  label: number;
  /** Class that it named, and how sure it was (the largest of its softmax; 1 where there is none). */
  named: number;
  confidence: number;
}

/** What every plastic layer has, whoever proposes its changes. */
export type Synapses = Pick<
  PlasticLayer,
  'sources' | 'targets' | 'tick' | 'finish' | 'weights' | 'totals' | 'changes'
>;

/** Synapses that take any signed Δw, index j·sources + i; the array is overwritten with what was written in the end. */
export interface ProposalLayer extends Synapses {
  accept(changes: Float64Array): void;
}

/**
 * A rule of learning: for each sample it proposes a signed change of every synapse. What becomes of the proposal is
 * the business of the layers and their policy (compete, cache), and whether a sample is learnt from at all that of
 * `learnFrom` (lazy). A proposal that is an outer product goes through `learn` of a PlasticLayer, which never forms
 * it; any other through `accept` of a ProposalLayer.
 */
export interface Learner {
  readonly layers: readonly Synapses[];
  /** Whether a presentation goes by (transients decay) before the network answers, and not after it learnt. */
  readonly ticksFirst?: boolean;
  /** Shows a sample to the network as it is. */
  present(sample: number): Outcome;
  /** Proposes the changes for the sample just shown. */
  propose(): void;
}

/** Shows one sample and learns from it as the policy says; afterwards one presentation has gone by. */
export function learnFrom(
  learner: Learner,
  sample: number,
  policy: Pick<Policy, 'lazy'>,
): Outcome & { learnt: boolean } {
  const tick = () => {
    for (const layer of learner.layers) layer.tick(1);
  };
  if (learner.ticksFirst) tick();
  const outcome = learner.present(sample);
  const learnt = isLearnt(outcome, policy.lazy);
  if (learnt) learner.propose();
  if (!learner.ticksFirst) tick();
  return { ...outcome, learnt };
}

/** Lazy learning (Pache & van Rossum 2023, arXiv:2303.16067): from mistakes alone, or also below a confidence. */
export function isLearnt({ label, named, confidence }: Outcome, lazy: Policy['lazy']): boolean {
  if (lazy === 'never' || named !== label) return true;
  return lazy !== 'mistakes' && confidence < lazy;
}

/** The outcome of outputs z: the first of the largest, and its share of the softmax. */
export function outcomeOf(z: ArrayLike<number>, label: number): Outcome {
  let named = 0;
  for (let k = 1; k < z.length; k++) if (z[k] > z[named]) named = k;
  let rest = 0;
  for (let k = 0; k < z.length; k++) rest += Math.exp(z[k] - z[named]);
  return { label, named, confidence: 1 / rest };
}

/** Totals of all layers of a learner. */
export function totalsOf({ layers }: Learner): LayerTotals {
  return layers.map((layer) => layer.totals()).reduce(addTotals);
}
