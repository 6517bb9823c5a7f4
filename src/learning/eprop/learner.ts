import type { LayerPolicy } from '../../plasticity/policy.js';
import { UsageError } from '../../util/errors.js';
import { stream } from '../../util/rng.js';
import { type LayerEngine, type Learner, layerMaker, type Outcome, type ProposalLayer } from '../learner.js';
import { epropFromSpikes } from './gradient.js';
import { type EpropNetwork, type EpropRun, simulate } from './network.js';

/** Samples as lists of the inputs that spike in each step. */
export interface StepSamples {
  labels: ArrayLike<number>;
  at(sample: number): readonly ArrayLike<number>[];
}

/** A recurrent network that learns with e-prop, and the policy that its weight changes go through. */
export interface EpropTask {
  network: EpropNetwork;
  recurrent: boolean;
  /** Learning signals through the readout's own weights, or through fixed random ones. */
  feedback: 'symmetric' | 'random';
  rate: number;
  /** Initial weights: spread, relative to 1/√sources, and mean of those of the input. */
  inputMean: number;
  spread: number;
  /** Policies of input, readout and, if there is one, the recurrent projection. */
  policies: readonly LayerPolicy[];
  seed: number;
  /** Of the synapses; `fast` unless said. */
  engine?: LayerEngine;
}

/**
 * Learning by e-prop: plain descent, Δw = -η·G for each sample (equations in network.ts and reference.ts). All that
 * is proposed goes through the policies of the layers.
 */
export class EpropLearner implements Learner {
  readonly layers: readonly ProposalLayer[];
  private readonly random: Float64Array;
  private run: EpropRun | undefined;
  private sample = 0;

  constructor(
    private readonly samples: StepSamples,
    private readonly task: EpropTask,
  ) {
    const { network, recurrent, seed, policies } = task;
    const { inputs, neurons, outputs } = network;
    const shapes: [name: string, sources: number, targets: number, mean: number][] = [
      ['input', inputs, neurons, task.inputMean],
      ['readout', neurons, outputs, 0],
    ];
    if (recurrent) shapes.push(['recurrent', neurons, neurons, 0]);
    if (policies.length !== shapes.length)
      throw new UsageError(
        `${policies.length} policies`,
        'e-prop',
        `Give ${shapes.length}, one for each projection.`,
      );
    const layer = layerMaker(task.engine);
    this.layers = shapes.map(([name, sources, targets, mean], l) => {
      const { normal } = stream(seed, `e-prop/${name}`);
      const sd = task.spread / Math.sqrt(sources);
      const weights = Float64Array.from({ length: sources * targets }, () => mean + sd * normal());
      return layer(sources, targets, weights, policies[l], stream(seed, `e-prop/mask/${l}`));
    });
    const { normal } = stream(seed, 'e-prop/feedback');
    this.random = Float64Array.from(
      { length: neurons * outputs },
      () => (task.spread / Math.sqrt(neurons)) * normal(),
    );
  }

  present(sample: number): Outcome {
    const [input, readout, recurrent] = this.layers.map((layer) => layer.weights());
    const label = this.samples.labels[sample];
    this.run = simulate(
      this.task.network,
      { input, readout, recurrent: recurrent ?? null },
      this.samples.at(sample),
      label,
    );
    this.sample = sample;
    return { label, answer: this.run.answer };
  }

  /** Loss of the sample just shown, and its spikes. */
  get last(): { loss: number; spikes: number } {
    return { loss: this.run?.loss ?? Number.NaN, spikes: this.run?.spikes ?? 0 };
  }

  propose(): void {
    if (!this.run) throw new Error('no sample was shown');
    const { network, recurrent, rate } = this.task;
    const gradient = epropFromSpikes(
      network,
      this.run,
      this.samples.at(this.sample),
      this.feedback(),
      recurrent,
    );
    const proposals = [gradient.input, gradient.readout, gradient.recurrent];
    for (const [l, layer] of this.layers.entries()) layer.propose(proposals[l]!.map((g) => -rate * g));
  }

  /** B, [neurons][outputs]. */
  private feedback(): Float64Array {
    if (this.task.feedback === 'random') return this.random;
    const { neurons, outputs } = this.task.network;
    const readout = this.layers[1].weights();
    return Float64Array.from(
      this.random,
      (_, n) => readout[(n % outputs) * neurons + Math.floor(n / outputs)],
    );
  }
}
