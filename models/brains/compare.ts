import { predict } from '../../src/scaling/allometry.js';
import { UsageError } from '../../src/util/errors.js';
import type { Clade } from './clades.js';
import { fitClade } from './rule.js';
import type { Species } from './species.js';

/**
 * The animal of that common name.
 *
 * @throws UsageError if the table holds no such animal
 */
export function speciesNamed(table: readonly Species[], commonName: string): Species {
  const found = table.find((row) => row.common_name === commonName);
  if (found) return found;
  throw new UsageError(
    `there is no animal called '${commonName}'`,
    'species table',
    'Look in its column common_name.',
  );
}

/**
 * How many times the neurons of the whole brain a clade has where another has a brain of the same mass, both
 * by least squares of neurons on mass; and whether either line is stretched beyond its animals.
 */
export function neuronRatioAtMass(table: readonly Species[], clade: Clade, other: Clade, massG: number) {
  const [ours, theirs] = [clade, other].map((each) =>
    predict(fitClade(table, each, 'brain', { direction: 'neurons on mass' }).fit, massG),
  );
  return { ratio: ours.value / theirs.value, extrapolated: ours.extrapolated || theirs.extrapolated };
}
