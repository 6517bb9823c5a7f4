import type { NdArray } from 'ndarray';
import type { Ledger } from '../energy/ledger.js';
import type { BackendChoice } from '../experiment/define.js';
import type { Population, Projection } from '../network/elements.js';
import type { Network } from '../network/network.js';

/** How to run a network. */
export interface EngineOptions {
  /** Worker threads. The spikes do not depend on their number. */
  threads?: number;
  /** A network that needs more is refused before it is built. Default: nine tenths of what is free. */
  memoryBytes?: number;
  /**
   * Whether groups of neurons that nothing reaches may sleep and make up for it in closed form: worth it where most
   * of a network is silent. Only populations with an exact model and no Poisson input do. Default false.
   */
  sleep?: boolean;
  /** State variables to record in every step. */
  record?: Recording[];
  /** Weights to record every so often, the first time before the first step. */
  recordWeights?: WeightRecording[];
  signal?: AbortSignal;
  /** Called now and then while time is simulated. */
  progress?(doneMs: number, totalMs: number): void;
  /** Told of the backend as soon as it is opened, where there is a choice: what fails later has its name then. */
  onBackend?(backend: BackendUse): void;
}

/** A state variable to record, of all neurons of a population or of those listed. */
export interface Recording {
  population: Population;
  state: string;
  neurons?: readonly number[];
}

/** The weights of a projection that learns, all or those that leave some sources. */
export interface WeightRecording {
  projection: Projection;
  everyMs: number;
  sources?: readonly number[];
}

/** The synapses of a projection, in order of source and target. */
export interface Synapses {
  sources: Int32Array;
  targets: Int32Array;
}

/** weights[k]: that of the k-th synapse, in the unit of the receptor. */
export interface Weights extends Synapses {
  weights: NdArray<Float32Array>;
}

/** weights[i][k]: the k-th synapse at timesMs[i]. */
export interface WeightHistory extends Synapses {
  timesMs: number[];
  weights: NdArray<Float32Array>;
}

/** values[step][k]: the variable of the k-th recorded neuron at the end of each step, at (step + 1)·dt. */
export interface Trace {
  neurons: readonly number[];
  values: NdArray<Float32Array>;
}

/** What advances a network: `event` (WASM on the cores of the processor) or another that gives the same spikes. */
export interface Engine {
  readonly name: string;
  build(network: Network, options?: EngineOptions): Promise<Simulation>;
}

/** A network that was built and can be run. Close it: it may hold threads. */
export interface Simulation {
  readonly network: Network;
  readonly size: SimulationSize;
  /** Time simulated so far. */
  readonly timeMs: number;
  /** Simulates the next `ms` of time. */
  run(ms: number): Promise<void>;
  /** Spikes since the simulation began, or since `forgetSpikes`. */
  spikes(): Promise<Spikes>;
  /** Forgets the spikes, and begins the ledger anew. */
  forgetSpikes(): Promise<void>;
  /** A recorded variable, from the beginning. */
  trace(population: Population, state: string): Promise<Trace>;
  /** The weights of a projection that learns, as they are now: all that reached a synapse so far has changed it. */
  weights(projection: Projection): Promise<Weights>;
  /** Recorded weights, from the beginning. */
  weightHistory(projection: Projection): Promise<WeightHistory>;
  /** What happened since the simulation began, or since `forgetSpikes`, as integer counts. See networkLedger. */
  ledger(): Promise<Ledger>;
  /** Synapses that each neuron sends to, all populations counted together. */
  readonly outDegrees: Uint32Array;
  /** The backend that computes, where there is a choice: what was asked for, what is used, and why. */
  readonly backend?: BackendUse;
  close(): Promise<void>;
}

/** As selectBackend tells it. */
export interface BackendUse {
  asked: BackendChoice;
  used: Exclude<BackendChoice, 'auto'>;
  why: string;
}

export interface SimulationSize {
  neurons: number;
  synapses: number;
  /** Bytes of the synapse tables, with row starts and padding. */
  tableBytes: number;
  memoryBytes: number;
}

/** All spikes, in order of time, then of neuron. */
export interface Spikes {
  /** Step in which a spike was found; it is at time (step + 1)·dt. */
  steps: Int32Array;
  /** Index of the neuron, all populations counted together. */
  neurons: Int32Array;
  /** Index of the first neuron of each population. */
  first: ReadonlyMap<Population, number>;
  dtMs: number;
}
