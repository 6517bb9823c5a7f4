import type { Jump } from '../../../kernels/compile/index.js';
import type { Distribution } from '../../../kernels/connect/index.js';
import type { PoissonPlan } from '../../../kernels/random/index.js';
import type { ShortTermRule } from '../../../kernels/short-term/index.js';
import type { PairRule } from '../../../kernels/stdp/index.js';
import type { Connector } from '../../network/connectors.js';

export type Key = readonly [number, number];

/** What the slices need to know, as plain data that can be posted to a worker. */
export interface Plan {
  dtMs: number;
  /** Steps between two exchanges: a spike in step n changes nothing before step n + window. */
  window: number;
  /** Steps that the ring of accumulators holds. */
  slots: number;
  slices: number;
  populations: PopulationPlan[];
  projections: ProjectionPlan[];
  poissonInputs: PoissonInputPlan[];
  traces: TracePlan[];
  /** Largest number of receptors of a model. */
  channels: number;
}

/** A state variable to record: indices of population, variable and neurons. */
export interface TracePlan {
  population: number;
  variable: number;
  neurons: Int32Array;
}

export interface PopulationPlan {
  name: string;
  size: number;
  /** Index of its first neuron when all are counted. */
  first: number;
  module: WebAssembly.Module;
  /** The variable x is stored as (x - offset)/scale; initial values are those of x. */
  states: {
    name: string;
    initial: Distribution;
    key: Key;
    values: Float32Array | null;
    offset: number;
    scale: number;
  }[];
  coefficients: Float32Array;
  refractorySteps: number;
  /** Whether two steps are taken the short way: a neuron that is held then has NaN for what is held. */
  pairs: boolean;
  /** How groups that sleep make up for it; null if this population never sleeps. */
  sleep: SleepPlan | null;
  /** When the population is there; null: always. */
  trials: TrialSteps | null;
  /** Given spikes, in order of step and neuron; null: the model decides. */
  emits: { steps: Int32Array; neurons: Int32Array } | null;
  /** Changes of variables that are injected, in order of step. */
  injections: Injection[];
}

export interface SleepPlan {
  jump: Jump;
  /** State variables that change; they come first. */
  moving: number;
  /** For each receptor, the variable that it adds to, and how much of it (as stored) a quantum is. */
  inputs: { variable: number; perQuantum: number }[];
}

/** `count` trials (perhaps without end) begin at start + n·every and last for `length` steps. */
export interface TrialSteps {
  count: number;
  start: number;
  length: number;
  every: number;
}

/** From `step` on, `change` more (in mV, ms, pA) for these neurons, or for all. */
export interface Injection {
  step: number;
  variable: number;
  neurons: Int32Array | null;
  change: number;
}

export interface ProjectionPlan {
  name: string;
  source: number;
  target: number;
  channel: number;
  connector: Connector;
  key: Key;
  noAutapses: boolean;
  noMultapses: boolean;
  /** In steps; a spike of step n with a delay of d steps is seen by step n + 1 + d. */
  delay: Distribution;
  firstDelay: number;
  delays: number;
  /** In quanta of the accumulator, divided by 2^shift where a weight is stored with each synapse. */
  weight: Distribution;
  /** Weights, in the same unit, and delays of the synapses of a list; null: they are drawn. */
  weights: Float64Array | null;
  delaySteps: Int32Array | null;
  packed: boolean;
  /** Whether every target has its place in each row. */
  dense: boolean;
  shift: number;
  /** How its synapses learn: `weight` is then the size of the initial weights, in the unit of the receptor. */
  plastic: PlasticPlan | null;
  /** How a spike's effect depends on those before it. */
  shortTerm: ShortTermRule | null;
}

export interface PlasticPlan {
  /** Index of the projection in the network. */
  projection: number;
  rule: PairRule;
  /** Quanta of the accumulator that a weight of size 1 sends: negative where it inhibits. */
  quanta: number;
}

export interface PoissonInputPlan {
  target: number;
  channel: number;
  key: Key;
  draws: PoissonPlan;
  weight: number;
}
