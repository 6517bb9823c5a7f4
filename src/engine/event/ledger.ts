import type { Ledger, SpikingLayerLedger } from '../../energy/ledger.js';
import type { Network, Population } from '../../network/network.js';
import type { Simulation, Spikes } from '../engine.js';

/** What was observed of a simulation: counts over the same stretch of time. */
export interface Observed {
  spikes: Spikes;
  /** Neurons × steps advanced, by population. */
  neuronUpdates: ArrayLike<number>;
}

/**
 * The ledger of a simulated network whose synapses do not change: one layer for each population with the synapses
 * that it sends to. A synapse transmits when its source spikes, so the spikes of the sources are all that is
 * stored. The run counts as one inference. Input from outside (Poisson) has no source here and is not counted.
 */
export function networkLedger(
  simulation: Pick<Simulation, 'network' | 'outDegrees'>,
  { spikes, neuronUpdates }: Observed,
  name: string,
  labels: Ledger['labels'] = {},
): Ledger {
  const { network, outDegrees } = simulation;
  const counts = new Float64Array(outDegrees.length);
  for (const neuron of spikes.neurons) counts[neuron] += 1;
  const booked = bookingOf(network);
  const layers = network.populations.map((population): SpikingLayerLedger => {
    const own = (all: Float64Array | Uint32Array) => {
      const first = spikes.first.get(population)!;
      return all.slice(first, first + population.size);
    };
    const targets = targetsOf(network, population);
    const here = network.populations.filter((each) => booked.get(each) === population);
    const updates = here.map((each) => neuronUpdates[network.populations.indexOf(each)]);
    return {
      name: `${population.name} → ${targets.map((target) => target.name).join(', ') || 'nothing'}`,
      channel: 'spike',
      sources: population.size,
      targets: targets.reduce((sum, target) => sum + target.size, 0),
      outDegrees: own(outDegrees) as Uint32Array,
      inferenceSpikes: own(counts) as Float64Array,
      trainingSpikes: new Float64Array(population.size),
      inferenceNeuronUpdates: updates.reduce((sum, n) => sum + n, 0),
      trainingNeuronUpdates: 0,
      inferenceTargetSpikes: sumOver(here, spikes, counts),
      trainingTargetSpikes: 0,
      backwardMacsPerSpike: 0,
      changes: null,
    };
  });
  return { network: name, labels, inferences: 1, trainingSamples: 0, layers };
}

/** At whose layer the updates and spikes of each population are booked: the first that sends to it, or its own. */
function bookingOf(network: Network): Map<Population, Population> {
  return new Map(
    network.populations.map((population) => [
      population,
      network.populations.find((source) => targetsOf(network, source).includes(population)) ?? population,
    ]),
  );
}

function targetsOf(network: Network, population: Population): Population[] {
  const ends = network.projections.filter(({ source }) => source === population).map(({ target }) => target);
  return [...new Set(ends)];
}

function sumOver(populations: readonly Population[], { first }: Spikes, counts: Float64Array): number {
  return populations.reduce((total, population) => {
    const from = first.get(population)!;
    return total + counts.subarray(from, from + population.size).reduce((sum, n) => sum + n, 0);
  }, 0);
}
