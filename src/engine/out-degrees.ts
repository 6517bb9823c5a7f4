import type { Network } from '../network/network.js';

/**
 * Synapses that each neuron of a network sends to, all populations counted together.
 * @param degrees those of the sources of each projection
 */
export function outDegreesOf(
  { populations, projections }: Network,
  degrees: readonly Uint32Array[],
): Uint32Array {
  const firstOf = new Map<unknown, number>();
  let neurons = 0;
  for (const population of populations) {
    firstOf.set(population, neurons);
    neurons += population.size;
  }
  const all = new Uint32Array(neurons);
  projections.forEach(({ source }, p) => {
    const first = firstOf.get(source)!;
    for (let i = 0; i < source.size; i++) all[first + i] += degrees[p][i];
  });
  return all;
}
