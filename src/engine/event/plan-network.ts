import { poissonPlan } from '../../../kernels/random/index.js';
import { rangeOf } from '../../network/distributions.js';
import { type Population, receptorFactor } from '../../network/elements.js';
import type { Network } from '../../network/network.js';
import { UsageError } from '../../util/errors.js';
import { stream } from '../../util/rng.js';
import type { EngineOptions, Recording } from '../engine.js';
import { isDense } from './dense-rows.js';
import { GROUP, SLICE_NEURONS } from './layout.js';
import { LARGEST_SLICE_BYTES, memoryNeeded } from './memory.js';
import type { Key, Plan, PoissonInputPlan, PopulationPlan, TracePlan } from './plan.js';
import { planPopulation } from './plan-population.js';
import { planProjection } from './plan-projection.js';
import { accumulatorQuanta } from './quanta.js';

interface PlanOptions extends Pick<EngineOptions, 'record' | 'sleep'> {
  /** Whether all synapses have to name their targets. */
  sparse?: boolean;
}

/** Compiles the models of a network and turns its description into numbers. */
export async function planNetwork(
  network: Network,
  threads: number,
  { record = [], sleep = false, sparse = false }: PlanOptions = {},
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
  // Who sleeps is woken by the targets that synapses name.
  const naming = sparse || plans.some((plan) => plan.sleep !== null);
  const projections = network.projections.map((projection, i) => {
    const channel = channelOf(projection.target, projection.receptor);
    const dense = !naming && isDense(projection, 1 + delays[i][1] - delays[i][0]);
    const site = { network, index: i, channel, quantum: quanta.get(projection.target)![channel], dense };
    return planProjection(projection, site, delays[i], key(`projection/${projection.name}`));
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
  const slices = slicesFor(network, threads);
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

/** As many slices for each thread as their neurons and bytes need. */
function slicesFor(network: Network, threads: number): number {
  const { populations } = network;
  // Rounding each population up to whole groups can add fifteen neurons to each.
  const neurons = populations.reduce((sum, { size }) => sum + Math.ceil(size / GROUP) * GROUP, 0);
  const room = SLICE_NEURONS - GROUP * populations.length;
  const byNeurons = Math.ceil(neurons / threads / room);
  const byBytes = Math.ceil(memoryNeeded(network, threads).total / threads / LARGEST_SLICE_BYTES);
  return threads * Math.max(byNeurons, byBytes);
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
