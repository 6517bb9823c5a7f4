import type { Brain } from '../../models/brains/index.js';
import { RunError } from '../../src/index.js';
import { caveatsOf, fitPowerLaw } from '../../src/scaling/power-law.js';
import { ratioOf } from '../../src/scaling/ratio.js';
import { bounded, type NetworkRow, type PowerLawRow } from './metrics.js';

/**
 * error = E + A·N^-alpha over the networks of all clades, spiking and dense apart. A clade enters by its neurons
 * alone; with mass ∝ N^b its error falls with mass as M^(-alpha/b).
 */
export function powerLawsOf(networks: readonly NetworkRow[], brains: readonly Brain[]) {
  const powerLaws: PowerLawRow[] = [];
  const problems: string[] = [];
  for (const kind of ['spiking', 'dense'] as const) {
    const points = networks
      .filter((network) => network.kind === kind && network.massG !== null)
      .map(({ neurons, error }) => ({ size: neurons, error }));
    try {
      const fit = fitPowerLaw(distinct(points));
      powerLaws.push({
        kind,
        floor: bounded(fit.floor),
        coefficient: fit.coefficient,
        exponent: bounded(fit.exponent),
        caveats: caveatsOf(fit),
        inMass: brains.map(({ clade, exponent }) => ({
          clade: clade.id,
          exponent: bounded(ratioOf(fit.exponent, exponent)),
        })),
      });
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      problems.push(`${kind} networks: ${error.message}`);
    }
  }
  return { powerLaws, problems };
}

/** Two brains of the same number of units share one network: it is one point, not two. */
function distinct(points: readonly { size: number; error: number }[]) {
  return [...new Map(points.map((point) => [`${point.size}/${point.error}`, point])).values()];
}
