/**
 * What a script that imports 'femtospike' can use. Neuron models, networks and the conversion of trained classifiers
 * are in 'femtospike/models', sizes of brains in 'femtospike/brains', scaling laws in 'femtospike/scaling'.
 */

/* Networks, in PyNN's words. */

export type { ModelError, NeuronModel, Quantity } from '../kernels/compile/index.js';
export {
  allToAll,
  bernoulli,
  type Connector,
  distanceDependent,
  fixedInDegree,
  fixedOutDegree,
  fixedTotal,
  gridOnSheet,
  oneToOne,
  synapseList,
} from './network/connectors.js';
export { type Distribution, type Draw, logNormal, normal, uniform } from './network/distributions.js';
export type {
  CurrentInput,
  PoissonInput,
  Population,
  PopulationOptions,
  Projection,
  ProjectionOptions,
} from './network/elements.js';
export { Network } from './network/network.js';
export {
  additiveStdp,
  guetigStdp,
  multiplicativeStdp,
  powerLawStdp,
  type ShortTerm,
  type Stdp,
  vanRossumStdp,
} from './network/plasticity.js';
export type { Trials } from './network/trials.js';

/* Engines, and what a simulation did. */

export { type SpikeArrays, spikeArrays } from './analysis/spike-arrays.js';
export { type SpikeTrains, spikeTrains, trainOf } from './analysis/spike-trains.js';
export { engineOf, simulate } from './engine/choose.js';
export type {
  Engine,
  EngineOptions,
  Recording,
  Simulation,
  Spikes,
  Trace,
  WeightHistory,
  WeightRecording,
  Weights,
} from './engine/engine.js';
export { type Observation, observe } from './engine/observe.js';
export { type FiringStatistics, firingStatistics, spikeHash } from './engine/statistics.js';

/* Counts, prices, joules. */

export {
  type Bill,
  energyFj,
  energyPerInferenceFj,
  linesOf,
  makeBill,
  trainingEnergyFj,
} from './energy/bill.js';
export { formatFj } from './energy/format-energy.js';
export type { LayerLedger, Ledger } from './energy/ledger.js';
export { loadTariff, type Tariff, tariffNames } from './energy/tariff.js';

/* Learning, and data to learn from. */

export { type ImageData, type ImageSet, subset } from './data/images.js';
export { loadImageFolder, loadMnist } from './data/mnist.js';
export { EpropLearner, type EpropTask } from './learning/eprop/learner.js';
export type { EventPropConfig } from './learning/eventprop/config.js';
export { EventPropLearner, type EventPropTask } from './learning/eventprop/learner.js';
export { EventPropTrainer } from './learning/eventprop/trainer.js';
export { type Learner, learnFrom } from './learning/learner.js';
export { Mlp, type MlpTask } from './learning/mlp.js';
export { LEAKY, LOGISTIC, type MlpRecipe } from './learning/mlp-recipes.js';
export { type PerceptronRun, type PerceptronTask, runPerceptron } from './learning/perceptron.js';
export { PerceptronLearner } from './learning/perceptron-learner.js';
export { StdpLearner, type StdpTask } from './learning/stdp/learner.js';
export { type Policy, parsePolicy, policySchema } from './plasticity/policy.js';

/* Experiments. */

export { z } from 'zod';
export { atLeast, atMost, near } from './experiment/claim.js';
export {
  type Claim,
  defineExperiment,
  type Experiment,
  type Figure,
  type RunContext,
  type RunOutput,
  type RunView,
  type Table,
} from './experiment/define.js';
export { COLOURS } from './report/house-style.js';
export { InterruptedError, RunError, UsageError } from './util/errors.js';
export { type Stream, stream } from './util/rng.js';
