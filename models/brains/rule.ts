import { type AllometricFit, type Direction, fitAllometry } from '../../src/scaling/allometry.js';
import type { LineMethod } from '../../src/scaling/line.js';
import { UsageError } from '../../src/util/errors.js';
import { type Clade, membersOf } from './clades.js';
import type { Species } from './species.js';
import { massOf, neuronsOf, type Structure, structureName } from './structures.js';

/** Which regression a scaling rule is. */
export interface RuleOptions {
  readonly direction: Direction;
  readonly method: LineMethod;
  /** Whose mass: the structure's own (the published rules), or that of the whole brain. */
  readonly massOf: Structure;
}

/**
 * mass = k · neurons^b for one clade and one structure. Exponent, structure and direction stay together: 1.7
 * is the rodent cortex, not the rodent brain, and only in the regression of mass on neurons.
 */
export interface ScalingRule {
  readonly clade: Clade;
  /** Whose neurons. */
  readonly structure: Structure;
  /** Whose mass. */
  readonly massOf: Structure;
  readonly fit: AllometricFit;
  /** The animals that the fit rests on, in the order of the table. */
  readonly species: readonly Species[];
}

/**
 * Fits the scaling rule of a clade from the species table, on the animals for which both numbers are known.
 *
 * @throws UsageError if fewer than three animals of the clade were weighed and counted
 */
export function fitClade(
  table: readonly Species[],
  clade: Clade,
  structure: Structure,
  options: Partial<RuleOptions> = {},
): ScalingRule {
  const weighed = options.massOf ?? structure;
  const species = membersOf(table, clade).filter(
    (row) => massOf(row, weighed) !== null && neuronsOf(row, structure) !== null,
  );
  if (species.length < 3) {
    throw new UsageError(
      `${structureName(structure, clade.animals)} of ${clade.name} was weighed and counted in ${species.length} species`,
      `clade ${clade.id}`,
      'A fit needs three; choose another clade or structure.',
    );
  }
  const fit = fitAllometry(
    {
      massG: species.map((row) => massOf(row, weighed)!),
      neurons: species.map((row) => neuronsOf(row, structure)!),
    },
    options,
  );
  return { clade, structure, massOf: weighed, fit, species };
}

/** "mass of the whole brain on neurons of the cortex, rodents, least squares, 9 species" */
export function describeRule({ clade, structure, massOf, fit, species }: ScalingRule): string {
  const mass = `mass of the ${structureName(massOf, clade.animals)}`;
  const neurons = `neurons of the ${structureName(structure, clade.animals)}`;
  const relation = fit.direction === 'mass on neurons' ? `${mass} on ${neurons}` : `${neurons} on ${mass}`;
  return `${relation}, ${clade.name}, ${fit.method}, ${species.length} species`;
}
