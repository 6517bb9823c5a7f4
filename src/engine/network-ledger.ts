import type { ChangeTotals, Ledger, SpikingLayerLedger } from '../energy/ledger.js';
import type { Network } from '../network/network.js';

/** What an engine has counted. */
export interface NetworkCounts {
  /** By population: neurons × steps advanced; those that slept are not among them. */
  neuronUpdates: ArrayLike<number>;
  /** Spikes of each neuron, all populations counted together. */
  sent: Float64Array;
  /** Synapses of the sources of each projection. */
  degrees: readonly Uint32Array[];
  /** Parts of what learning did to the weights of projections; Σ|Δw| is l1·quantum, in receptor units. */
  changes: readonly { projection: number; l0: bigint; l1: bigint; quantum: number }[];
}

/**
 * The ledger of a simulated network: one layer a projection, the whole simulation as one inference, weight changes as
 * updates. Updates and spikes of a population's neurons are with the first projection that ends there; a population
 * without any has a layer of no synapses. Poisson and injected input is no synapse of the network and is not counted.
 */
export function networkLedger(network: Network, counts: NetworkCounts): Ledger {
  const { populations, projections } = network;
  const { neuronUpdates, sent, degrees, changes } = counts;
  let first = 0;
  const spikes = new Map(
    populations.map((population) => {
      const own = sent.slice(first, first + population.size);
      first += population.size;
      return [population, own];
    }),
  );
  const targetCounts = (target: (typeof populations)[number]) => ({
    inferenceNeuronUpdates: neuronUpdates[populations.indexOf(target)],
    inferenceTargetSpikes: spikes.get(target)!.reduce((sum, n) => sum + n, 0),
  });
  const layers = projections.map((projection, p): SpikingLayerLedger => {
    const { name, source, target, plasticity } = projection;
    const isFirst = projections.findIndex((other) => other.target === target) === p;
    const own = changes.filter((part) => part.projection === p);
    return {
      ...EMPTY,
      name,
      sources: source.size,
      targets: target.size,
      outDegrees: degrees[p],
      inferenceSpikes: spikes.get(source)!,
      trainingSpikes: new Float64Array(source.size),
      ...(isFirst ? targetCounts(target) : {}),
      ...(plasticity === null ? {} : { changeTotals: totals(own) }),
    };
  });
  const alone = populations
    .filter((population) => !projections.some(({ target }) => target === population))
    .map(
      (population): SpikingLayerLedger => ({
        ...EMPTY,
        name: population.name,
        sources: 0,
        targets: population.size,
        inferenceSpikes: new Float64Array(0),
        trainingSpikes: new Float64Array(0),
        ...targetCounts(population),
      }),
    );
  return {
    network: network.name,
    labels: { seed: network.seed },
    inferences: 1,
    trainingSamples: projections.some(({ plasticity }) => plasticity !== null) ? 1 : 0,
    layers: [...layers, ...alone],
  };
}

const EMPTY = {
  channel: 'spike' as const,
  changes: null,
  inferenceNeuronUpdates: 0,
  trainingNeuronUpdates: 0,
  inferenceTargetSpikes: 0,
  trainingTargetSpikes: 0,
  backwardMacsPerSpike: 0 as const,
};

function totals(parts: NetworkCounts['changes']): ChangeTotals {
  const l0 = parts.reduce((sum, part) => sum + part.l0, 0n);
  const l1 = parts.reduce((sum, part) => sum + part.l1, 0n);
  // Quanta are powers of two: 2^k of the ledger's 2^-24, or a fraction of it where weights are tiny.
  const power = Math.log2(parts[0]?.quantum ?? 1) + 24;
  const l1Quanta = power >= 0 ? l1 << BigInt(power) : (l1 + (1n << BigInt(-power - 1))) >> BigInt(-power);
  return { l0: inParts(l0), l1Quanta: inParts(l1Quanta) };
}

/** Whole numbers that float64 holds exactly, with this sum. */
function inParts(sum: bigint): Float64Array {
  const most = 2n ** 52n;
  const parts: number[] = [];
  for (let left = sum; left > 0n || parts.length === 0; left -= most)
    parts.push(Number(left < most ? left : most));
  return Float64Array.from(parts);
}
