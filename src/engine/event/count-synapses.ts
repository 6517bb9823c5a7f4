import { connectProjection, type Workspace } from './connect.js';
import type { Site, TableGroup } from './table-groups.js';

/**
 * The first pass over a group: counts its synapses in bins, and keeps the out-degrees of each projection; returns how
 * many synapses there are.
 */
export function countSynapses(site: Site, group: TableGroup, work: Workspace): number {
  const { plan, projectionDegrees, kernel } = site;
  const { projections, sources, delays } = group;
  const all = projections.map((projection) => projectionDegrees[plan.projections.indexOf(projection)]);
  work.cursors.fill(0, 0, sources * delays);
  let synapses = 0;
  for (const [i, projection] of projections.entries()) {
    synapses += connectProjection(site, group, projection, work, { write: 0, data: 0, weights: 0 });
    const degrees = all[i];
    kernel.addOutDegrees(work.cursors.byteOffset, sources, delays, degrees.byteOffset);
    // The bins count all projections so far: those before are taken off.
    for (const before of all.slice(0, i))
      for (let source = 0; source < sources; source++) degrees[source] -= before[source];
  }
  return synapses;
}
