import { UsageError } from '../../src/util/errors.js';
import type { Species } from './species.js';

/** Animals that share a scaling rule, as a selection of rows of the species table. */
export interface Clade {
  /** Name on the command line. */
  readonly id: string;
  /** Name for people, in the plural. */
  readonly name: string;
  readonly animals: 'Mammalia' | 'Aves';
  /** Values of the column `clade`; rows with fit_include = 1 are taken. */
  readonly clades: readonly string[];
  /** Values of the column `order_or_superorder`, where only some orders are meant. */
  readonly orders?: readonly string[];
  /** Common names of animals that are taken although fit_include = 0, or left out although it is 1. */
  readonly alsoWith?: readonly string[];
  readonly without?: readonly string[];
}

/**
 * The clades with a rule of their own. Birds are three entries, not one: songbirds and parrots pack about
 * twice the neurons of the pooled other orders into the same mass.
 */
export const CLADES: readonly Clade[] = [
  { id: 'rodent', name: 'rodents', animals: 'Mammalia', clades: ['rodent'] },
  { id: 'primate', name: 'primates', animals: 'Mammalia', clades: ['primate'] },
  { id: 'songbird', name: 'songbirds', animals: 'Aves', clades: ['songbird'] },
  { id: 'parrot', name: 'parrots', animals: 'Aves', clades: ['parrot'] },
  { id: 'other-bird', name: 'other birds', animals: 'Aves', clades: ['other bird'] },
  { id: 'glires', name: 'Glires (rodents and rabbit)', animals: 'Mammalia', clades: ['rodent', 'lagomorph'] },
  { id: 'eulipotyphla', name: 'shrews and moles', animals: 'Mammalia', clades: ['eulipotyphla'] },
  { id: 'artiodactyla', name: 'even-toed ungulates', animals: 'Mammalia', clades: ['artiodactyla'] },
  { id: 'afrotheria', name: 'afrotherians', animals: 'Mammalia', clades: ['afrotheria'] },
  { id: 'carnivora', name: 'carnivorans', animals: 'Mammalia', clades: ['carnivora'] },
  { id: 'marsupial', name: 'marsupials', animals: 'Mammalia', clades: ['marsupial'] },
  { id: 'chiroptera', name: 'bats', animals: 'Mammalia', clades: ['chiroptera'] },
];

/**
 * The clade of that name, in any case ('Glires', 'other bird').
 *
 * @throws UsageError listing the clades there are
 */
export function cladeOf(id: string): Clade {
  const wanted = id.trim().toLowerCase().replace(/\s+/g, '-');
  const found = CLADES.find((clade) => clade.id === wanted);
  if (found) return found;
  throw new UsageError(
    `'${id}' is no clade`,
    'clade',
    `Choose from ${CLADES.map(({ id }) => id).join(', ')}.`,
  );
}

/** The rows of the table that belong to a clade and take part in its fits. */
export function membersOf(table: readonly Species[], clade: Clade): Species[] {
  return table.filter(
    (row) =>
      clade.alsoWith?.includes(row.common_name) ||
      (row.fit_include &&
        clade.clades.includes(row.clade) &&
        (clade.orders === undefined || clade.orders.includes(row.order_or_superorder)) &&
        !clade.without?.includes(row.common_name)),
  );
}
