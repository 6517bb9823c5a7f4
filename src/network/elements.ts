import { type NeuronModel, type ParsedModel, readUnit } from '../../kernels/compile/index.js';
import type { Connector } from './connectors.js';
import type { Draw, PerSynapse } from './distributions.js';
import type { ShortTerm, Stdp } from './plasticity.js';
import type { StepInput } from './sources.js';
import type { Trials } from './trials.js';

/** A group of like neurons. */
export interface Population {
  readonly name: string;
  readonly size: number;
  readonly model: NeuronModel;
  readonly parsed: ParsedModel;
  /** Parameters that differ from the model's defaults, in the model's units; an array has a value per neuron. */
  readonly parameters: Readonly<Record<string, number | ArrayLike<number>>>;
  /** Initial values that differ from the model's, in the model's units. */
  readonly initial: Readonly<Record<string, Draw>>;
  /** Steps in which each neuron spikes, where these are given; null: the model decides. */
  readonly spikes: readonly Int32Array[] | null;
  /** When it is there; null: always. */
  readonly trials: Trials | null;
}

/** The synapses from one population to another. */
export interface Projection {
  readonly name: string;
  readonly source: Population;
  readonly target: Population;
  readonly connector: Connector;
  readonly receptor: string;
  /** In the unit of the receptor. */
  readonly weight: PerSynapse;
  readonly delayMs: PerSynapse;
  readonly autapses: boolean;
  readonly multapses: boolean;
  /** How the weights change; null: they do not. */
  readonly plasticity: Stdp | null;
  /** How a weight's effect depends on the last spikes of its source; null: it does not. */
  readonly shortTerm: ShortTerm | null;
}

/** Independent Poisson input to every neuron of a population. */
export interface PoissonInput {
  readonly name: string;
  readonly target: Population;
  readonly receptor: string;
  readonly rateHz: number;
  readonly weight: number;
}

/** A current that changes in steps. */
export type CurrentInput = StepInput<Population>;

/** Whatever is left out is as the model says. */
export interface PopulationOptions {
  parameters?: Record<string, number | ArrayLike<number>>;
  initial?: Record<string, Draw>;
  /** Left out: the population is there all the time. */
  trials?: Trials;
}

/** How the synapses of a projection are; see Projection. */
export interface ProjectionOptions {
  /** Default "SOURCE→TARGET", numbered where that is taken. */
  name?: string;
  /** Default: the only receptor of the target's model. */
  receptor?: string;
  /**
   * In the unit of the receptor: one for all, a distribution, or an array with one for each synapse: in the order of
   * a list; of the neurons, one to one; of [source][target], all to all. The engines keep weights that differ in
   * sixteen bits: see `weightQuantum`.
   */
  weight: Draw | ArrayLike<number>;
  delayMs: Draw | ArrayLike<number>;
  /** Whether a neuron may connect to itself. Default true. */
  autapses?: boolean;
  /** Whether a pair may have several synapses. Default true. */
  multapses?: boolean;
  /** Spike-timing-dependent plasticity: additiveStdp, multiplicativeStdp, vanRossumStdp, guetigStdp, powerLawStdp. */
  plasticity?: Stdp | null;
  /** Short-term facilitation and depression. */
  shortTerm?: ShortTerm | null;
}

/** Factor that brings a weight to mV, ms and pA. */
export function receptorFactor(target: Population, receptor: string): number {
  return readUnit(target.parsed.receptors.find(({ name }) => name === receptor)!.unit).factor;
}
