import { degreesOf } from '../../network/connectors.js';
import type { Projection } from '../../network/elements.js';
import { connectProjection, type Workspace } from './connect.js';
import { countSynapses } from './count-synapses.js';
import { GROUP } from './layout.js';
import type { SynapseTable } from './synapse-table.js';
import type { Site, TableGroup } from './table-groups.js';

/** Bytes of a weight where every target has its place in a row. */
const WEIGHT_BYTES = 4;

/**
 * Whether a projection's rows get a place for every target: where synapses have a weight of their own and keep it, one
 * delay, and at least half of all pairs are joined. A place takes as many bytes as a synapse that names its target,
 * and sixteen of them are added at once.
 */
export function isDense(projection: Projection, delays: number): boolean {
  const { connector, source, target, weight, plasticity, shortTerm } = projection;
  if (typeof weight === 'number' || plasticity !== null || shortTerm !== null || delays > 1) return false;
  return 2 * degreesOf(connector, source.size, target.size).total >= source.size * target.size;
}

/** Expected bytes of such rows in `slices` slices. */
export function denseBytes({ source, target }: Projection, slices: number): number {
  return WEIGHT_BYTES * source.size * (target.size + (GROUP / 2) * slices);
}

/** Builds the table of projections between the same populations: the weights of a pair are added up. */
export function fileDense(site: Site, group: TableGroup, work: Workspace): SynapseTable {
  const { arena, parts } = site;
  const { projections, sources, firstDelay } = group;
  const [{ source, target, channel, shift }] = projections;
  const blocks = parts[target].padded / GROUP;
  const synapses = countSynapses(site, group, work);
  const weights = arena.int32(blocks * sources * GROUP);
  const data = weights.byteOffset;
  for (const projection of projections)
    connectProjection(site, group, projection, work, { write: 1, data, weights: 0 });
  return {
    source,
    channel,
    packed: true,
    weight: shift,
    delay: firstDelay,
    dense: { sources, blocks, firstNeuron: parts[target].local },
    rows: 0,
    segments: 0,
    data,
    synapses,
    bytes: weights.byteLength,
    plastic: null,
    weights: 0,
    shortTerm: null,
  };
}
