import type { Arena } from '../../../kernels/arena.js';
import {
  CONNECTOR_KINDS,
  delayTable,
  PROJECTION_BYTES,
  type ProjectionFields,
  SHEET_BYTES,
  writeProjection,
  writeSheet,
} from '../../../kernels/connect/index.js';
import type { DistanceConnector } from '../../network/connectors.js';
import type { Part } from './layout.js';
import type { Plan, ProjectionPlan } from './plan.js';
import type { Site, TableGroup } from './table-groups.js';

/** Memory that connecting needs, the same for all tables. */
export interface Workspace {
  projection: number;
  cursors: Uint32Array;
  scratch: number;
  marks: Uint32Array;
  degrees: number;
  /** Delay tables by distribution: addresses and range. */
  delays: Map<string, PlacedDelays>;
  lists: Map<ProjectionPlan, PlacedList>;
}

interface PlacedDelays {
  thresholds: number;
  guide: number;
  shortest: number;
  longest: number;
}

type ListConnector = Extract<ProjectionPlan['connector'], { kind: 'list' }>;

/** Addresses of a list of synapses; 0 where their weights or delays are drawn. */
interface PlacedList {
  sources: number;
  targets: number;
  weights: number;
  delays: number;
}

/** Reserves the workspace for the tables of some groups. */
export function workspaceFor({ plan, parts, arena }: Site, groups: readonly TableGroup[]): Workspace {
  const bins = Math.max(0, ...groups.map(({ sources, delays }) => sources * delays));
  const largest = Math.max(
    0,
    ...plan.populations.map(({ size }) => size),
    ...groups.flatMap(({ projections }) => projections.map(mostSources)),
  );
  return {
    projection: arena.uint8(PROJECTION_BYTES).byteOffset,
    cursors: arena.uint32(bins),
    scratch: arena.uint32(48 + largest).byteOffset,
    marks: arena.uint32(largest),
    degrees: arena.uint32(Math.max(0, ...parts.map(({ count }) => count))).byteOffset,
    delays: placeDelays(plan, arena),
    lists: new Map(),
  };
}

function mostSources({ connector }: ProjectionPlan): number {
  if (connector.kind === 'fixed-in-degree') return connector.degree;
  return connector.kind === 'fixed-total' ? connector.synapses : 0;
}

function placeDelays({ projections }: Plan, arena: Arena): Map<string, PlacedDelays> {
  const placed = new Map<string, PlacedDelays>();
  for (const { delay } of projections) {
    const key = JSON.stringify(delay);
    if (placed.has(key)) continue;
    const { thresholds, guide, shortest, longest } = delayTable(delay);
    const thresholdsAt = arena.uint32(thresholds.length);
    thresholdsAt.set(thresholds);
    const guideAt = arena.uint8(512);
    guideAt.set(new Uint8Array(guide.buffer));
    placed.set(key, { thresholds: thresholdsAt.byteOffset, guide: guideAt.byteOffset, shortest, longest });
  }
  return placed;
}

/** Where the synapses of a pass go; in the first, which counts them, nowhere. */
export interface Pass {
  write: 0 | 1;
  data: number;
  weights: number;
}

/** Draws one projection's synapses into the bins of its group; returns how many end in this slice. */
export function connectProjection(
  { plan, parts, arena, kernel }: Site,
  group: TableGroup,
  projection: ProjectionPlan,
  work: Workspace,
  pass: Pass,
): number {
  const { connector, noMultapses, delay, weight } = projection;
  const part = parts[projection.target];
  if (noMultapses && pass.write === 0) work.marks.fill(0);
  const probability = probabilityOf(connector);
  const sheet = connector.kind === 'distance' ? placeSheet(connector, arena) : 0;
  const allTargets = plan.populations[projection.target].size;
  const fields = { ...fieldsOf(projection, group, part, work, pass), allTargets };
  const draws = {
    probability,
    delay: work.delays.get(JSON.stringify(delay))!,
    weight,
    weights: pass.weights,
    sheet,
    shift: projection.shift,
  };
  writeProjection(new DataView(arena.memory.buffer), work.projection, fields, draws);
  switch (connector.kind) {
    case 'fixed-total':
      kernel.dealSynapses(work.projection, connector.synapses);
      return kernel.connect(work.projection);
    case 'bernoulli':
      return probability > 0 ? kernel.connect(work.projection) : 0;
    case 'fixed-out-degree':
      return kernel.connectOutward(work.projection);
    case 'list': {
      const { sources, targets } = connector;
      const list = work.lists.get(projection) ?? placeList(projection, connector, arena);
      work.lists.set(projection, list);
      const { sources: from, targets: to, weights: each, delays: after } = list;
      kernel.connectList(work.projection, from, to, sources.length, each, after);
      return targets.reduce((n, t) => n + Number(t >= part.from && t < part.from + part.count), 0);
    }
    default:
      return kernel.connect(work.projection);
  }
}

function fieldsOf(
  projection: ProjectionPlan,
  { sources, delays, firstDelay }: TableGroup,
  part: Part,
  work: Workspace,
  { write, data }: Pass,
): Omit<ProjectionFields, 'allTargets'> {
  const { connector, key, noAutapses, noMultapses } = projection;
  return {
    sources,
    delays,
    firstDelay,
    write,
    data,
    cursors: work.cursors.byteOffset,
    scratch: work.scratch,
    marks: work.marks.byteOffset,
    connector:
      connector.kind in CONNECTOR_KINDS ? CONNECTOR_KINDS[connector.kind as keyof typeof CONNECTOR_KINDS] : 0,
    firstTarget: part.from,
    targets: part.count,
    localOffset: part.local,
    degree: 'degree' in connector ? connector.degree : 0,
    degrees: connector.kind === 'fixed-total' ? work.degrees : 0,
    noAutapses: Number(noAutapses),
    noMultapses: Number(noMultapses),
    key0: key[0],
    key1: key[1],
    packed: formOf(projection),
  };
}

/** How a synapse is written; see Projection in kernels/connect. */
function formOf({ packed, dense, plastic }: ProjectionPlan): number {
  if (plastic !== null) return 2;
  return dense ? 3 : Number(packed);
}

function probabilityOf(connector: ProjectionPlan['connector']): number {
  if (connector.kind === 'bernoulli') return connector.probability;
  return connector.kind === 'distance' ? connector.peak : 0;
}

/** Places are kept for as long as the slice: they are few beside the synapses. */
function placeSheet(connector: DistanceConnector, arena: Arena): number {
  const { profile, lengthMm, periodic } = connector;
  const place = (values: Float32Array) => {
    const at = arena.float32(values.length);
    at.set(values);
    return at.byteOffset;
  };
  const at = arena.uint8(SHEET_BYTES).byteOffset;
  const [sources, targets] = [place(connector.sources), place(connector.targets)];
  const { widthMm = 0, heightMm = 0 } = periodic ?? {};
  writeSheet(new DataView(arena.memory.buffer), at, {
    sources,
    targets,
    profile,
    lengthMm,
    widthMm,
    heightMm,
  });
  return at;
}

/** A list is kept for both passes. */
function placeList({ weights, delaySteps }: ProjectionPlan, list: ListConnector, arena: Arena): PlacedList {
  const place = (room: Uint32Array | Int32Array | Float64Array, values: ArrayLike<number>) => {
    room.set(values);
    return room.byteOffset;
  };
  const n = list.sources.length;
  return {
    sources: place(arena.uint32(n), list.sources),
    targets: place(arena.uint32(n), list.targets),
    weights: weights === null ? 0 : place(arena.float64(n), weights),
    delays: delaySteps === null ? 0 : place(arena.int32(n), delaySteps),
  };
}
