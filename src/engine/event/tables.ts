import { connectProjection, type Workspace, workspaceFor } from './connect.js';
import { countSynapses } from './count-synapses.js';
import { fileDense } from './dense-rows.js';
import { drawnBySource, drawTable } from './rows.js';
import type { SynapseTable } from './synapse-table.js';
import { type Site, type TableGroup, tableGroups } from './table-groups.js';

/** Rows are padded to this many targets, so that delivery needs no remainder loop. */
const PADDING = 4;

/** Builds all tables of a slice: synapses that differ in nothing but their target population share rows. */
export function buildTables(site: Site): SynapseTable[] {
  const groups = tableGroups(site.plan);
  const filed = groups.filter(({ projections }) => !drawnBySource(projections));
  const work = workspaceFor(site, filed);
  return groups.flatMap((group) => {
    if (group.projections[0].dense) return [fileDense(site, group, work)];
    if (!drawnBySource(group.projections)) return fileTables(site, group, work);
    const [{ source, channel, packed, shift, plastic, shortTerm }] = group.projections;
    const table = {
      source,
      channel,
      packed,
      weight: shift,
      delay: null,
      dense: null,
      plastic,
      weights: 0,
      shortTerm,
    };
    return [{ ...table, ...drawTable(site, group) }];
  });
}

/** Counts the synapses of a group in bins, lays out rows for as many, and writes them there. */
function fileTables(site: Site, group: TableGroup, work: Workspace): SynapseTable[] {
  const { arena, kernel, parts, nobody } = site;
  const { projections, sources, firstDelay, delays } = group;
  const [{ source, target, channel, packed, weight, shift, plastic, shortTerm }] = projections;
  const bins = sources * delays;
  const synapses = countSynapses(site, group, work);
  const { rows, segments, padded, bytes, byDelay } = layOut(site, group, work);
  const dataBytes = (packed ? 4 : 2) * padded;
  const data = arena.uint8(dataBytes).byteOffset;
  const weights = plastic === null ? 0 : arena.float32(padded).byteOffset;
  for (const projection of projections)
    connectProjection(site, group, projection, work, { write: 1, data, weights });
  // Padding that learns has a record of its own, behind those of the targets, and a weight of 0.
  const padding = plastic === null ? nobody : parts[target].local + parts[target].padded;
  if (!packed) kernel.padTargets(work.cursors.byteOffset, bins, PADDING, data, padding);
  const table = {
    source,
    channel,
    packed,
    weight: packed ? shift : weight.a,
    delay: delays === 1 ? firstDelay : null,
    dense: null,
    rows,
    segments,
    data,
    synapses,
    bytes: bytes + dataBytes + (plastic === null ? 0 : 4 * padded),
    plastic,
    weights,
    shortTerm,
  };
  if (byDelay.length === 0) return [table];
  return byDelay
    .map((own, d) => ({
      ...table,
      delay: firstDelay + d,
      rows: own.rows.byteOffset,
      synapses: own.synapses,
      bytes: own.rows.byteLength + (6 * own.rows[sources] - 6 * own.rows[0]),
    }))
    .filter((own, d) => own.synapses > 0 || d === 0);
}

/** Where the rows of a group are, and how many synapses they hold with padding. */
interface RowLayout {
  rows: number;
  segments: number;
  padded: number;
  /** Of rows and segments. */
  bytes: number;
  /** Rows of each delay, where synapses learn and have several; else none. */
  byDelay: DelayRows[];
}

/** Turns the counts of bins into cursors. */
function layOut({ arena, kernel }: Site, group: TableGroup, work: Workspace): RowLayout {
  const { projections, sources, delays, firstDelay } = group;
  const [{ packed, plastic }] = projections;
  const cursors = work.cursors.byteOffset;
  const multiple = packed ? 1 : PADDING;
  if (plastic !== null && delays > 1) {
    const byDelay = Array.from({ length: delays }, () => ({ rows: arena.uint32(sources + 1), synapses: 0 }));
    return { rows: 0, segments: 0, padded: layByDelay(work.cursors, sources, byDelay), bytes: 0, byDelay };
  }
  if (delays === 1) {
    const bytes = 4 * (sources + 1);
    const rows = arena.uint8(bytes).byteOffset;
    const padded = kernel.layRows(cursors, sources, multiple, rows);
    return { rows, segments: 0, padded, bytes, byDelay: [] };
  }
  const segmentBytes = 4 * kernel.countSegments(cursors, sources * delays);
  const rows = arena.uint32(2 * (sources + 1)).byteOffset;
  const segments = arena.uint8(segmentBytes).byteOffset;
  const padded = kernel.laySegments(cursors, sources, delays, firstDelay + 1, multiple, rows, segments);
  return { rows, segments, padded, bytes: 8 * (sources + 1) + segmentBytes, byDelay: [] };
}

/** The rows of the synapses that learn and have one delay. */
interface DelayRows {
  rows: Uint32Array;
  synapses: number;
}

/**
 * Synapses that learn know one delay: those of each are a table of their own, one behind the other in shared arrays.
 * Turns the counts of bins (source, delay) into cursors; returns synapses with padding.
 */
function layByDelay(cursors: Uint32Array, sources: number, byDelay: DelayRows[]): number {
  let position = 0;
  byDelay.forEach((own, d) => {
    for (let source = 0; source < sources; source++) {
      const bin = source * byDelay.length + d;
      const n = cursors[bin];
      own.rows[source] = position;
      own.synapses += n;
      cursors[bin] = position;
      position += PADDING * Math.ceil(n / PADDING);
    }
    own.rows[sources] = position;
  });
  return position;
}
