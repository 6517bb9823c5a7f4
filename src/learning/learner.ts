import { Arena } from '../../kernels/arena.js';
import { FastLayer } from '../plasticity/fast-layer.js';
import { kernelsOn } from '../plasticity/fast-memory.js';
import { addTotals, type LayerTotals, type PlasticLayer } from '../plasticity/layer.js';
import { wantsToLearn } from '../plasticity/lazy.js';
import type { LayerPolicy, Policy } from '../plasticity/policy.js';
import { ReferenceLayer } from '../plasticity/reference-layer.js';
import type { Stream } from '../util/rng.js';

/** What a network made of a sample: its answer is larger for likelier classes. */
export interface Outcome {
  label: number;
  answer: ArrayLike<number>;
}

/** What every plastic layer has, whoever proposes its changes. */
export type Synapses = Pick<
  PlasticLayer,
  'sources' | 'targets' | 'tick' | 'finish' | 'weights' | 'totals' | 'changes'
>;

/** Synapses that take any signed Δw, index j·sources + i; the array may be overwritten. */
export interface ProposalLayer extends Synapses {
  propose(changes: Float64Array): void;
}

/** Layers of float32 kernels, or of plain float64 loops that these are tested against. */
export type LayerEngine = 'fast' | 'reference';

/** Makes the layers of one learner. */
export function layerMaker(engine: LayerEngine = 'fast') {
  const kernels = engine === 'fast' ? kernelsOn(new Arena()) : null;
  /** @param weights at j·sources + i */
  return (
    sources: number,
    targets: number,
    weights: ArrayLike<number>,
    policy: LayerPolicy,
    random: Stream,
  ): ProposalLayer =>
    kernels
      ? new FastLayer(kernels, sources, targets, weights, policy, random, true)
      : new ReferenceLayer(sources, targets, weights, policy, random);
}

/**
 * A rule of learning: for each sample it proposes a signed change of every synapse. What becomes of the proposal is
 * the business of the layers and their policy (compete, cache), and whether a sample is learnt from at all that of
 * `learnFrom` (lazy). A proposal that is an outer product goes through `learn` of a PlasticLayer, which never forms
 * it; any other through `propose` of a ProposalLayer.
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
  const learnt = wantsToLearn(policy.lazy, outcome.label, outcome.answer);
  if (learnt) learner.propose();
  if (!learner.ticksFirst) tick();
  return { ...outcome, learnt };
}

/** Totals of all layers of a learner. */
export function totalsOf({ layers }: Learner): LayerTotals {
  return layers.map((layer) => layer.totals()).reduce(addTotals);
}
