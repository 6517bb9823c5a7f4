import { DISTRIBUTION_BYTES, delayTable, writeDistribution } from '../../../kernels/connect/index.js';
import {
  quickDelays,
  ROW_PROJECTION_BYTES,
  weightKnots,
  writeRowProjection,
} from '../../../kernels/connect/rows.js';
import { RunError } from '../../util/errors.js';
import type { ProjectionPlan } from './plan.js';
import type { Site, TableGroup } from './table-groups.js';

/** A table whose rows were drawn source by source. */
export interface DrawnRows {
  rows: number;
  segments: number;
  data: number;
  synapses: number;
  bytes: number;
}

/** Whether all of a table can be drawn source by source, which is several times faster (kernels/connect/NOTES.md). */
export function drawnBySource(projections: readonly ProjectionPlan[]): boolean {
  return projections.every(
    ({ connector, packed, plastic, delays }) =>
      connector.kind === 'fixed-total' && packed && plastic === null && delays > 1,
  );
}

/** Draws the synapses of a group that end in a slice. */
export function drawTable(site: Site, { projections, sources, firstDelay, delays }: TableGroup): DrawnRows {
  const { plan, parts, projectionDegrees, arena, kernel } = site;
  const fields = arena.uint8(ROW_PROJECTION_BYTES * projections.length).byteOffset;
  const words = arena.uint8(64).byteOffset;
  const rowDegrees = new Uint32Array(sources);
  let room = 0;
  for (const [i, projection] of projections.entries()) {
    const at = fields + ROW_PROJECTION_BYTES * i;
    const degrees = arena.uint32(sources);
    const kept = projectionDegrees[plan.projections.indexOf(projection)].byteOffset;
    const addresses = { degrees: degrees.byteOffset, keptDegrees: kept };
    placeProjection(site, projection, at, firstDelay, addresses);
    const synapses = projection.connector.kind === 'fixed-total' ? projection.connector.synapses : 0;
    kernel.dealToSources(at, sources, synapses, words);
    for (let source = 0; source < sources; source++) rowDegrees[source] += degrees[source];
    const share = parts[projection.target].count / plan.populations[projection.target].size;
    room += mostKept(synapses, share);
  }
  const longest = rowDegrees.reduce((most, degree) => Math.max(most, degree), 0);
  const scratch = arena.uint8(256 + 4 * delays + 6 * longest).byteOffset;
  const rows = arena.uint32(2 * (sources + 1));
  const segments = arena.uint32(Math.min(room, sources * delays)).byteOffset;
  const data = arena.uint32(room).byteOffset;
  const synapses = kernel.drawRows(
    fields,
    projections.length,
    sources,
    delays,
    firstDelay + 1,
    room,
    longest,
    scratch,
    rows.byteOffset,
    segments,
    data,
  );
  if (synapses < 0) throw new RunError(`more synapses than ${room} were drawn where half as many were due`);
  const bytes = rows.byteLength + 4 * rows[2 * sources] + 4 * synapses;
  return { rows: rows.byteOffset, segments, data, synapses, bytes };
}

/** Room for the synapses of which each is kept with probability `share`: twelve standard deviations above the mean. */
function mostKept(synapses: number, share: number): number {
  return Math.min(synapses, Math.ceil(synapses * share + 12 * Math.sqrt(synapses * share) + 64));
}

function placeProjection(
  { plan, parts, arena }: Site,
  { key, delay, weight, target }: ProjectionPlan,
  at: number,
  firstDelay: number,
  addresses: { degrees: number; keptDegrees: number },
): void {
  const part = parts[target];
  const table = delayTable(delay);
  const thresholds = arena.uint32(Math.max(1, table.thresholds.length));
  thresholds.set(table.thresholds);
  const quick = arena.uint8(4096);
  quick.set(quickDelays(table));
  const knots = arena.float32(1025);
  knots.set(weightKnots(weight));
  const distribution = arena.uint8(DISTRIBUTION_BYTES).byteOffset;
  const view = new DataView(arena.memory.buffer);
  writeDistribution(view, distribution, weight);
  writeRowProjection(view, at, {
    ...addresses,
    allTargets: plan.populations[part.population].size,
    firstTarget: part.from,
    targets: part.count,
    localOffset: part.local,
    key0: key[0],
    key1: key[1],
    firstBin: table.shortest - firstDelay,
    quickDelays: quick.byteOffset,
    thresholds: thresholds.byteOffset,
    mostDelays: table.thresholds.length,
    weightKnots: knots.byteOffset,
    weight: distribution,
  });
}
