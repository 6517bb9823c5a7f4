import { cladeOf, fitClade, quantityOf, readBrainEnergy, readSpecies } from '../../models/brains/index.js';
import type { Range } from '../../src/energy/brain-power.js';
import { predict } from '../../src/scaling/allometry.js';

/** A brain whose neurons are known; its power measured, or null for one that only its clade's rule describes. */
export interface Animal {
  name: string;
  neurons: Range;
  measuredW: number | null;
  /** How it was measured, or predicted. */
  how: string;
}

/** Species of the glucose budget, with neurons counted in the same paper, by name in brain_energy.csv. */
const BUDGETED = ['mouse', 'rat', 'squirrel', 'rhesus macaque', 'baboon', 'human'];
/** Species measured by Karbowski that were counted elsewhere: name in either table. */
const KARBOWSKI = [
  ['rabbit', 'European rabbit', 'brain power from glucose use (Karbowski)'],
  ['cat', 'cat', 'brain power from glucose use (Karbowski)'],
  ['dog', 'dog', 'brain power from O2 use (Karbowski)'],
] as const;

/** Brains with measured watts, and a brain of a clade and a mass. */
export function animals(cladeName: string, massG: number): Animal[] {
  const energy = readBrainEnergy();
  const species = readSpecies();
  const exact = (value: number) => ({ value, low: value, high: value });
  const countedOf = (commonName: string) =>
    species.find(({ common_name }) => common_name === commonName)!.total_neurons!;
  const budgeted = BUDGETED.map((name) => ({
    name,
    neurons: exact(quantityOf(energy, 'brain neurons (for the glucose budget)', name)),
    measuredW: quantityOf(energy, 'brain power from glucose use', name),
    how: 'glucose, Herculano-Houzel 2011',
  }));
  const karbowski = KARBOWSKI.map(([name, commonName, quantity]) => ({
    name,
    neurons: exact(countedOf(commonName)),
    measuredW: quantityOf(energy, quantity, name),
    how: quantity.includes('O2') ? 'oxygen, Karbowski 2007' : 'glucose, Karbowski 2007',
  }));
  const pigeon = {
    name: 'pigeon',
    neurons: exact(countedOf('rock dove')),
    measuredW: quantityOf(energy, 'brain power from glucose use', 'pigeon'),
    how: 'glucose, von Eugen et al. 2022',
  };
  const clade = cladeOf(cladeName);
  const { fit } = fitClade(species, clade, 'brain', { direction: 'neurons on mass' });
  const { value, interval } = predict(fit, massG);
  const chosen = {
    name: `${clade.id}, ${massG} g`,
    neurons: interval === null ? exact(value) : { value, low: interval.low, high: interval.high },
    measuredW: null,
    how: 'neurons from the rule of the clade, 95 % for one more species',
  };
  return [...[...budgeted, ...karbowski, pigeon].sort((a, b) => a.neurons.value - b.neurons.value), chosen];
}
