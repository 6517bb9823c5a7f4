import type { Jump } from '../../../kernels/compile/index.js';
import type { Distribution } from '../../../kernels/connect/index.js';
import { type PoissonPlan, poissonPlan } from '../../../kernels/random/index.js';
import type { ShortTermRule } from '../../../kernels/short-term/index.js';
import type { PairRule } from '../../../kernels/stdp/index.js';
import type { Connector } from '../../network/connectors.js';
import {
  isGiven,
  type PerSynapse,
  rangeOf,
  scaled,
  scaledValues,
  sized,
} from '../../network/distributions.js';
import { type Population, type Projection, receptorFactor } from '../../network/elements.js';
import type { Network } from '../../network/network.js';
import { largestWeight } from '../../network/plasticity.js';
import { UsageError } from '../../util/errors.js';
import { stream } from '../../util/rng.js';
import type { EngineOptions, Recording } from '../engine.js';
import { GROUP, SLICE_NEURONS } from './layout.js';
import { LARGEST_SLICE_BYTES, memoryNeeded } from './memory.js';
import { planPopulation } from './plan-population.js';
import { accumulatorQuanta, packedShift } from './quanta.js';

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

/** Compiles the models of a network and turns its description into numbers. */
export async function planNetwork(
  network: Network,
  threads: number,
  { record = [], sleep = false }: Pick<EngineOptions, 'record' | 'sleep'> = {},
): Promise<Plan> {
  const { dtMs, seed, populations } = network;
  const key = (name: string): Key => {
    const draw = stream(seed, name);
    return [Math.floor(draw.uniform() * 2 ** 32), Math.floor(draw.uniform() * 2 ** 32)];
  };
  const channelOf = (target: Population, receptor: string) =>
    target.parsed.receptors.findIndex(({ name }) => name === receptor);
  const quanta = accumulatorQuanta(network);
  const delays = network.projections.map(({ delayMs }) =>
    rangeOf(delayMs).map((ms) => Math.round(ms / dtMs)),
  );
  const window = delays.length > 0 ? 1 + Math.min(...delays.map(([shortest]) => shortest)) : 16;
  const slots = Math.max(window, ...delays.map(([, longest]) => longest + 1));

  let first = 0;
  const plans: PopulationPlan[] = [];
  for (const population of populations) {
    const injected = network.currentInputs.filter(({ target }) => target === population);
    plans.push(await planPopulation(population, first, dtMs, quanta.get(population)!, key, injected));
    first += population.size;
  }
  for (const [p, plan] of plans.entries()) {
    const driven = network.poissonInputs.some(({ target }) => target === populations[p]);
    const given = plan.emits !== null || plan.injections.length > 0;
    if (!sleep || driven || given || plan.trials !== null) plan.sleep = null;
    // Who sleeps, or begins anew, asks for the step until which a neuron is held, not for NaN.
    plan.pairs &&= plan.sleep === null && plan.trials === null;
  }
  if (sleep && record.length > 0)
    throw new UsageError('sleeping neurons cannot be recorded', 'record, sleep', 'Choose one of the two.');
  const projections = network.projections.map((projection, i): ProjectionPlan => {
    const { name, source, target, connector, receptor, weight, delayMs } = projection;
    const channel = channelOf(target, receptor);
    const quantum = quanta.get(target)![channel];
    const plastic = planPlastic(projection, i, quantum, dtMs);
    const packed = typeof weight !== 'number' && plastic === null;
    const shift = packed ? packedShift(network, target, receptor, quantum) : 0;
    const factor = receptorFactor(target, receptor) / quantum / 2 ** shift;
    const [firstDelay, lastDelay] = delays[i];
    const unit = plastic === null ? factor : Math.sign(plastic.quanta);
    return {
      name,
      source: populations.indexOf(source),
      target: populations.indexOf(target),
      channel,
      connector,
      key: key(`projection/${name}`),
      noAutapses: !projection.autapses && source === target,
      noMultapses: !projection.multapses,
      delay: isGiven(delayMs) ? scaled(firstDelay, 1) : scaled(delayMs, 1 / dtMs),
      delaySteps: isGiven(delayMs) ? Int32Array.from(delayMs.values, (ms) => Math.round(ms / dtMs)) : null,
      firstDelay,
      delays: lastDelay - firstDelay + 1,
      weight: drawnWeight(weight, plastic, factor),
      weights: isGiven(weight) ? scaledValues(weight, unit) : null,
      packed,
      shift,
      plastic,
      shortTerm: planShortTerm(projection, dtMs),
    };
  });
  const poissonInputs = network.poissonInputs
    .filter(({ rateHz }) => rateHz > 0)
    .map(({ name, target, receptor, rateHz, weight }): PoissonInputPlan => {
      const channel = channelOf(target, receptor);
      return {
        target: populations.indexOf(target),
        channel,
        key: key(`poisson/${name}`),
        draws: poissonPlan((rateHz * dtMs) / 1000),
        weight: Math.round((weight * receptorFactor(target, receptor)) / quanta.get(target)![channel]),
      };
    });
  // Rounding each population up to whole groups can add fifteen neurons to each.
  const neurons = populations.reduce((sum, { size }) => sum + Math.ceil(size / GROUP) * GROUP, 0);
  const room = SLICE_NEURONS - GROUP * populations.length;
  const byNeurons = Math.ceil(neurons / threads / room);
  const byBytes = Math.ceil(memoryNeeded(network, threads).total / threads / LARGEST_SLICE_BYTES);
  const slices = threads * Math.max(byNeurons, byBytes);
  return {
    dtMs,
    window,
    slots,
    slices,
    populations: plans,
    traces: record.map((recording) => planTrace(network, recording)),
    projections,
    poissonInputs,
    channels: Math.max(1, ...populations.map(({ parsed }) => parsed.receptors.length)),
  };
}

/** Of weights that are given there is nothing to draw. */
function drawnWeight(weight: PerSynapse, plastic: PlasticPlan | null, factor: number): Distribution {
  if (isGiven(weight)) return scaled(0, 1);
  if (plastic !== null) return sized(weight);
  return typeof weight === 'number' ? scaled(Math.round(weight * factor), 1) : scaled(weight, factor);
}

function planPlastic(
  projection: Projection,
  index: number,
  quantum: number,
  dtMs: number,
): PlasticPlan | null {
  const { plasticity, weight, target, receptor } = projection;
  if (plasticity === null) return null;
  const { tauPlusMs, tauMinusMs, pairing, maxWeight: _, ...rest } = plasticity;
  const rule: PairRule = {
    ...rest,
    maxWeight: largestWeight(plasticity, weight),
    tauPlusSteps: tauPlusMs / dtMs,
    tauMinusSteps: tauMinusMs / dtMs,
    nearest: pairing === 'nearest',
  };
  const sign = rangeOf(weight)[0] < 0 ? -1 : 1;
  return { projection: index, rule, quanta: (sign * receptorFactor(target, receptor)) / quantum };
}

function planShortTerm({ shortTerm }: Projection, dtMs: number): ShortTermRule | null {
  if (shortTerm === null) return null;
  const { utilisation, tauRecoveryMs, tauFacilitationMs = 0 } = shortTerm;
  return {
    utilisation,
    tauRecoverySteps: tauRecoveryMs / dtMs,
    tauFacilitationSteps: tauFacilitationMs / dtMs,
  };
}

function planTrace(network: Network, { population, state, neurons }: Recording): TracePlan {
  const where = `record, population '${population.name}'`;
  const index = network.populations.indexOf(population);
  if (index < 0)
    throw new UsageError('it belongs to another network', where, `Use those of '${network.name}'.`);
  const variable = population.parsed.states.indexOf(state);
  if (variable < 0)
    throw new UsageError(
      `'${state}' is no state variable of '${population.model.name}'`,
      where,
      `Choose one of ${population.parsed.states.join(', ')}.`,
    );
  const outside = neurons?.find(
    (neuron) => !(Number.isInteger(neuron) && neuron >= 0 && neuron < population.size),
  );
  if (outside !== undefined)
    throw new UsageError(`there is no neuron ${outside}`, where, `Count from 0 to ${population.size - 1}.`);
  const all = () => Int32Array.from({ length: population.size }, (_, i) => i);
  return { population: index, variable, neurons: neurons === undefined ? all() : Int32Array.from(neurons) };
}
