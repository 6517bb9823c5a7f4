import { type ExactNetwork, type ExactResult, exactEventProp } from '../../../kernels/spiking-layer/exact.js';
import type { LayerPolicy } from '../../plasticity/policy.js';
import { UsageError } from '../../util/errors.js';
import { stream } from '../../util/rng.js';
import { type LayerEngine, type Learner, layerMaker, type Outcome, type ProposalLayer } from '../learner.js';
import type { TimedSamples } from '../stdp/learner.js';
import type { WeightInit } from './config.js';

/** A network that learns with EventProp from event to event, and the policies that its weight changes go through. */
export interface EventPropTask {
  network: Omit<ExactNetwork, 'inputWeights' | 'recurrentWeights' | 'readoutWeights'>;
  rate: number;
  /** Initial weights of input, readout and, if the network is to be recurrent, recurrent synapses. */
  init: readonly WeightInit[];
  /** Policies in the same order. */
  policies: readonly LayerPolicy[];
  seed: number;
  /** Of the synapses; `fast` unless said. */
  engine?: LayerEngine;
}

/**
 * EventProp as a learner that proposes a change for every sample: plain descent along the exact gradient, in float64
 * (kernels/spiking-layer/exact.ts). For small networks and for checks; trainer.ts is the fast one, by batches.
 */
export class EventPropLearner implements Learner {
  readonly layers: readonly ProposalLayer[];
  private result: ExactResult | undefined;

  constructor(
    private readonly samples: TimedSamples,
    private readonly task: EventPropTask,
  ) {
    const { network, init, policies, seed } = task;
    const { inputs, neurons, outputs } = network;
    const shapes = [
      [inputs, neurons],
      [neurons, outputs],
      [neurons, neurons],
    ];
    if (policies.length !== init.length)
      throw new UsageError(
        `${policies.length} policies`,
        'EventProp',
        `Give ${init.length}, one for each projection.`,
      );
    const layer = layerMaker(task.engine);
    this.layers = init.map(({ mean, sd }, l) => {
      const [sources, targets] = shapes[l];
      const { normal } = stream(seed, `weights of projection ${l}`);
      const weights = Float64Array.from({ length: sources * targets }, () => mean + sd * normal());
      return layer(sources, targets, weights, policies[l], stream(seed, `eventprop/mask/${l}`));
    });
  }

  present(sample: number): Outcome {
    const { network } = this.task;
    const [inputWeights, readoutWeights, recurrentWeights] = this.layers.map(bySource);
    const label = this.samples.labels[sample];
    this.result = exactEventProp(
      { ...network, inputWeights, readoutWeights, recurrentWeights: recurrentWeights ?? null },
      this.samples.at(sample),
      label,
    );
    return { label, answer: this.result.answer };
  }

  propose(): void {
    if (!this.result) throw new Error('no sample was shown');
    const { inputGradient, readoutGradient, recurrentGradient } = this.result;
    const gradients = [inputGradient, readoutGradient, recurrentGradient];
    for (const [l, layer] of this.layers.entries()) {
      const { sources, targets } = layer;
      const changes = new Float64Array(sources * targets);
      for (let j = 0; j < targets; j++) {
        for (let i = 0; i < sources; i++)
          changes[j * sources + i] = -this.task.rate * gradients[l]![i * targets + j];
      }
      layer.propose(changes);
    }
  }
}

/** Weights as [sources][targets]. */
function bySource(layer: ProposalLayer): Float64Array {
  const { sources, targets } = layer;
  const weights = layer.weights();
  return Float64Array.from(weights, (_, k) => weights[(k % targets) * sources + Math.floor(k / targets)]);
}
