import type { Species } from './species.js';

/** A part of the brain that was weighed and counted. 'cortex' means the pallium in a bird. */
export type Structure = 'brain' | 'cortex' | 'cerebellum' | 'rest';

/** All structures of the tables. */
export const STRUCTURES: readonly Structure[] = ['brain', 'cortex', 'cerebellum', 'rest'];

/** Grams of a structure in a species, or null where it was not weighed. */
export function massOf(species: Species, structure: Structure): number | null {
  return species[COLUMNS[structure].mass];
}

/** Neurons of a structure in a species, or null where they were not counted. */
export function neuronsOf(species: Species, structure: Structure): number | null {
  return species[COLUMNS[structure].neurons];
}

/** Name of a structure for people: birds have a pallium where mammals have a cortex. */
export function structureName(structure: Structure, animals: 'Mammalia' | 'Aves'): string {
  if (structure === 'brain') return 'whole brain';
  if (structure === 'rest') return 'rest of brain';
  return structure === 'cortex' && animals === 'Aves' ? 'pallium' : structure;
}

const COLUMNS = {
  brain: { mass: 'brain_mass_g', neurons: 'total_neurons' },
  cortex: { mass: 'cortex_or_pallium_mass_g', neurons: 'cortex_or_pallium_neurons' },
  cerebellum: { mass: 'cerebellum_mass_g', neurons: 'cerebellum_neurons' },
  rest: { mass: 'rest_mass_g', neurons: 'rest_neurons' },
} as const;
