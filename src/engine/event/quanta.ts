import { degreesOf } from '../../network/connectors.js';
import { rangeOf } from '../../network/distributions.js';
import { type Population, type Projection, receptorFactor } from '../../network/elements.js';
import type { Network } from '../../network/network.js';
import { largestWeight } from '../../network/plasticity.js';

/** The weights that arrive at one receptor, with how many of each can arrive in one step. */
function arrivals(
  network: Network,
  target: Population,
  receptor: string,
): { largest: number; most: number }[] {
  const largest = ({ weight, plasticity }: Projection) =>
    plasticity === null ? Math.max(...rangeOf(weight).map(Math.abs)) : largestWeight(plasticity, weight);
  return [
    ...network.projections
      .filter((projection) => projection.target === target && projection.receptor === receptor)
      .map((projection) => ({
        largest: largest(projection),
        most: degreesOf(projection.connector, projection.source.size, target.size).most,
      })),
    // A count of Poisson events is held in a byte.
    ...network.poissonInputs
      .filter((input) => input.target === target && input.receptor === receptor)
      .map(({ weight }) => ({ largest: Math.abs(weight), most: 255 })),
  ];
}

/**
 * The quantum of the accumulators of each population and receptor: the smallest power of two for which all
 * input together, with every source firing in one step, stays below 2^31 quanta.
 */
export function accumulatorQuanta(network: Network): Map<Population, number[]> {
  return new Map(
    network.populations.map((population) => [
      population,
      population.parsed.receptors.map(({ name }) => {
        const factor = receptorFactor(population, name);
        const largest = arrivals(network, population, name).reduce((sum, a) => sum + a.largest * a.most, 0);
        return largest === 0 ? 1 : 2 ** Math.ceil(Math.log2((1.001 * largest * factor) / 2 ** 31));
      }),
    ]),
  );
}

/** Bits by which a weight of 16 bits is shifted, so that the largest one that is drawn for this receptor fits. */
export function packedShift(network: Network, target: Population, receptor: string, quantum: number): number {
  const factor = receptorFactor(target, receptor);
  const largest = network.projections
    .filter((p) => p.target === target && p.receptor === receptor && p.plasticity === null)
    .filter(({ weight }) => typeof weight !== 'number')
    .flatMap(({ weight }) => rangeOf(weight).map(Math.abs));
  return Math.max(0, Math.ceil(Math.log2((Math.max(...largest) * factor) / quantum / 32_767)));
}
