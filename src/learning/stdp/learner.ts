import type { LayerPolicy } from '../../plasticity/policy.js';
import { stream } from '../../util/rng.js';
import { type LayerEngine, type Learner, layerMaker, type Outcome, type ProposalLayer } from '../learner.js';
import { layerChange, type PairRule, type SideSpike } from './pair-rule.js';

/** Samples as spikes at exact times. */
export interface TimedSamples {
  labels: ArrayLike<number>;
  at(sample: number): readonly { atMs: number; input: number }[];
}

/** One layer that learns by pair STDP under a teacher, and the policy that its weight changes go through. */
export interface StdpTask {
  inputs: number;
  outputs: number;
  rule: PairRule;
  /** When the teacher makes the output of the right class spike. */
  teacherMs: number;
  /** Weights stay between 0 and this; each starts at a random place in the middle half. */
  greatestWeight: number;
  policy: LayerPolicy;
  seed: number;
  /** Of the synapses; `fast` unless said. */
  engine?: LayerEngine;
}

/**
 * One layer that learns by pair STDP under a teacher: in learning, the output of the sample's class is made to spike
 * at a fixed time, so that inputs before it are potentiated and inputs after it depressed; a change that would take
 * a weight past its bounds is proposed only up to them. The answer is the output with the largest drive from the
 * inputs that spike before the teacher's time, Σ w·exp(-(T - t)/τ₊), compared with the norm of its weights.
 */
export class StdpLearner implements Learner {
  readonly layers: readonly [ProposalLayer];
  private shown: readonly SideSpike[] = [];

  constructor(
    private readonly samples: TimedSamples,
    private readonly task: StdpTask,
  ) {
    const { inputs, outputs, greatestWeight, policy, seed, engine } = task;
    const { uniform } = stream(seed, 'stdp/weights');
    const weights = Float64Array.from(
      { length: inputs * outputs },
      () => greatestWeight * (0.25 + uniform() / 2),
    );
    this.layers = [layerMaker(engine)(inputs, outputs, weights, policy, stream(seed, 'stdp/mask'))];
  }

  present(sample: number): Outcome {
    const { inputs, outputs, teacherMs, rule } = this.task;
    const label = this.samples.labels[sample];
    const input = this.samples.at(sample);
    this.shown = [
      ...input.map(({ atMs, input }): SideSpike => ({ atMs, side: 'pre', index: input })),
      { atMs: teacherMs, side: 'post' as const, index: label },
    ].sort((x, y) => x.atMs - y.atMs);
    const weights = this.layers[0].weights();
    const answer = Array.from({ length: outputs }, (_, j) => {
      const row = weights.subarray(j * inputs, (j + 1) * inputs);
      let drive = 0;
      for (const { atMs, input: i } of input) {
        if (atMs < teacherMs) drive += row[i] * Math.exp((atMs - teacherMs) / rule.tauPlusMs);
      }
      return drive / (Math.hypot(...row) || 1);
    });
    return { label, answer };
  }

  propose(): void {
    const { inputs, outputs, rule, greatestWeight } = this.task;
    const weights = this.layers[0].weights();
    const changes = layerChange(rule, inputs, outputs, this.shown).map(
      (change, k) => Math.min(greatestWeight, Math.max(0, weights[k] + change)) - weights[k],
    );
    this.layers[0].propose(changes);
  }
}
