import type { Arena } from '../../../kernels/arena.js';
import {
  CONNECTOR_KINDS,
  type ConnectKernel,
  delayTable,
  PROJECTION_BYTES,
  type ProjectionFields,
  SHEET_BYTES,
  writeProjection,
  writeSheet,
} from '../../../kernels/connect/index.js';
import type { ShortTermRule } from '../../../kernels/short-term/index.js';
import type { DistanceConnector } from '../../network/connectors.js';
import type { Accumulators } from './calendar.js';
import type { Part } from './layout.js';
import type { Plan, PlasticPlan, ProjectionPlan } from './plan.js';
import { drawnBySource, drawTable } from './rows.js';

/** Rows are padded to this many targets, so that delivery needs no remainder loop. */
const PADDING = 4;

/** The synapses of one source population that are delivered by the same code with the same constants. */
export interface SynapseTable {
  source: number;
  channel: number;
  packed: boolean;
  /** Weight in quanta, or the shift of packed weights. */
  weight: number;
  /** Delay in steps where all have the same, else null. */
  delay: number | null;
  rows: number;
  segments: number;
  data: number;
  synapses: number;
  bytes: number;
  /** How the synapses learn, and the address of their f32 weights. */
  plastic: PlasticPlan | null;
  weights: number;
  shortTerm: ShortTermRule | null;
}

/**
 * Builds all tables of a slice: synapses that differ in nothing but their target population share rows.
 * @param nobody index that stands for no neuron
 * @param projectionDegrees out-degrees of the sources of each projection, to be set
 */
export function buildTables(
  plan: Plan,
  parts: readonly Part[],
  nobody: number,
  projectionDegrees: readonly Uint32Array[],
  arena: Arena,
  kernel: ConnectKernel,
): SynapseTable[] {
  const groups = new Map<string, ProjectionPlan[]>();
  for (const projection of plan.projections) {
    const { source, channel, packed, shift, weight, delays, firstDelay, plastic } = projection;
    const fixed = packed ? `packed ${shift}` : `constant ${weight.a}`;
    const kind = plastic === null ? fixed : `plastic ${plastic.projection}`;
    const shortTerm = JSON.stringify(projection.shortTerm);
    const key = [source, channel, kind, delays > 1 ? 'delays' : firstDelay, shortTerm].join('/');
    groups.set(key, [...(groups.get(key) ?? []), projection]);
  }
  const shapes = [...groups.values()].map((projections) => {
    const firstDelay = Math.min(...projections.map((p) => p.firstDelay));
    const lastDelay = Math.max(...projections.map((p) => p.firstDelay + p.delays - 1));
    const sources = plan.populations[projections[0].source].size;
    return { projections, firstDelay, delays: lastDelay - firstDelay + 1, sources };
  });
  const filed = shapes.filter(({ projections }) => !drawnBySource(projections));
  const bins = Math.max(0, ...filed.map(({ sources, delays }) => sources * delays));
  const largest = Math.max(
    0,
    ...plan.populations.map(({ size }) => size),
    ...filed.flatMap(({ projections }) => projections.map(mostSources)),
  );
  const work: Workspace = {
    projection: arena.uint8(PROJECTION_BYTES).byteOffset,
    cursors: arena.uint32(bins),
    scratch: arena.uint32(48 + largest).byteOffset,
    marks: arena.uint32(largest),
    degrees: arena.uint32(Math.max(0, ...parts.map(({ count }) => count))).byteOffset,
    delays: new Map(),
    lists: new Map(),
  };
  for (const { delay } of plan.projections) {
    const key = JSON.stringify(delay);
    if (work.delays.has(key)) continue;
    const table = delayTable(delay);
    const thresholds = arena.uint32(table.thresholds.length);
    thresholds.set(table.thresholds);
    const guide = arena.uint8(512);
    guide.set(new Uint8Array(table.guide.buffer));
    const { shortest, longest } = table;
    work.delays.set(key, { thresholds: thresholds.byteOffset, guide: guide.byteOffset, shortest, longest });
  }
  return shapes.flatMap(({ projections, firstDelay, delays, sources }): SynapseTable[] => {
    const [{ source, target, channel, packed, weight, shift, plastic, shortTerm }] = projections;
    if (drawnBySource(projections)) {
      const drawn = drawTable(
        plan,
        parts,
        projections,
        { firstDelay, delays },
        projectionDegrees,
        arena,
        kernel,
      );
      const table = { source, channel, packed, weight: shift, delay: null, plastic, weights: 0, shortTerm };
      return [{ ...table, ...drawn }];
    }
    const tableBins = sources * delays;
    work.cursors.fill(0, 0, tableBins);
    const cursors = work.cursors.byteOffset;
    let data = 0;
    let weights = 0;
    const pass = (write: 0 | 1) => {
      let synapses = 0;
      for (const projection of projections) {
        const part = parts[projection.target];
        const bin = { sources, delays, firstDelay, write, data, weights };
        synapses += connectProjection(plan, projection, part, work, bin, arena, kernel);
        if (write === 0) keepDegrees(projection, projections, bin);
      }
      return synapses;
    };
    // The bins count all projections so far: those before are taken off.
    const keepDegrees = (last: ProjectionPlan, all: readonly ProjectionPlan[], bin: Bins) => {
      const degrees = projectionDegrees[plan.projections.indexOf(last)];
      kernel.addOutDegrees(cursors, bin.sources, bin.delays, degrees.byteOffset);
      for (const before of all.slice(0, all.indexOf(last))) {
        const theirs = projectionDegrees[plan.projections.indexOf(before)];
        for (let source = 0; source < bin.sources; source++) degrees[source] -= theirs[source];
      }
    };
    const synapses = pass(0);
    const multiple = packed ? 1 : PADDING;
    let rows = 0;
    let segments = 0;
    let padded: number;
    let tableBytes = 0;
    let byDelay: DelayRows[] = [];
    if (plastic !== null && delays > 1) {
      byDelay = Array.from({ length: delays }, () => ({ rows: arena.uint32(sources + 1), synapses: 0 }));
      padded = layByDelay(work.cursors, sources, byDelay);
    } else if (delays === 1) {
      tableBytes = 4 * (sources + 1);
      rows = arena.uint8(tableBytes).byteOffset;
      padded = kernel.layRows(cursors, sources, multiple, rows);
    } else {
      const segmentBytes = 4 * kernel.countSegments(cursors, tableBins);
      tableBytes = 8 * (sources + 1) + segmentBytes;
      rows = arena.uint32(2 * (sources + 1)).byteOffset;
      segments = arena.uint8(segmentBytes).byteOffset;
      padded = kernel.laySegments(cursors, sources, delays, firstDelay + 1, multiple, rows, segments);
    }
    const dataBytes = (packed ? 4 : 2) * padded;
    data = arena.uint8(dataBytes).byteOffset;
    if (plastic !== null) weights = arena.float32(padded).byteOffset;
    pass(1);
    // Padding that learns has a record of its own, behind those of the targets, and a weight of 0.
    const padding = plastic === null ? nobody : parts[target].local + parts[target].padded;
    if (!packed) kernel.padTargets(cursors, tableBins, multiple, data, padding);
    const table = {
      source,
      channel,
      packed,
      weight: packed ? shift : weight.a,
      delay: delays === 1 ? firstDelay : null,
      rows,
      segments,
      data,
      synapses,
      bytes: tableBytes + dataBytes + (plastic === null ? 0 : 4 * padded),
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
  });
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

function mostSources({ connector }: ProjectionPlan): number {
  if (connector.kind === 'fixed-in-degree') return connector.degree;
  return connector.kind === 'fixed-total' ? connector.synapses : 0;
}

/** Memory that building needs, the same for all tables. */
interface Workspace {
  projection: number;
  cursors: Uint32Array;
  scratch: number;
  marks: Uint32Array;
  degrees: number;
  /** Delay tables by distribution: addresses and range. */
  delays: Map<string, { thresholds: number; guide: number; shortest: number; longest: number }>;
  lists: Map<ProjectionPlan, PlacedList>;
}

type ListConnector = Extract<ProjectionPlan['connector'], { kind: 'list' }>;

/** Addresses of a list of synapses; 0 where their weights or delays are drawn. */
interface PlacedList {
  sources: number;
  targets: number;
  weights: number;
  delays: number;
}

/** Where the synapses of a table go: bin (source, delay), counted or written. */
interface Bins {
  sources: number;
  delays: number;
  firstDelay: number;
  write: 0 | 1;
  data: number;
  weights: number;
}

/** Draws one projection's synapses into this slice; returns how many they are. */
function connectProjection(
  plan: Plan,
  projection: ProjectionPlan,
  part: Part,
  work: Workspace,
  bins: Bins,
  arena: Arena,
  kernel: ConnectKernel,
): number {
  const { connector, key, noAutapses, noMultapses, packed, delay, weight } = projection;
  const { weights, ...bin } = bins;
  const fields: ProjectionFields = {
    ...bin,
    cursors: work.cursors.byteOffset,
    scratch: work.scratch,
    marks: work.marks.byteOffset,
    connector:
      connector.kind in CONNECTOR_KINDS ? CONNECTOR_KINDS[connector.kind as keyof typeof CONNECTOR_KINDS] : 0,
    firstTarget: part.from,
    targets: part.count,
    localOffset: part.local,
    allTargets: plan.populations[part.population].size,
    degree: 'degree' in connector ? connector.degree : 0,
    degrees: connector.kind === 'fixed-total' ? work.degrees : 0,
    noAutapses: Number(noAutapses),
    noMultapses: Number(noMultapses),
    key0: key[0],
    key1: key[1],
    packed: projection.plastic === null ? Number(packed) : 2,
  };
  if (noMultapses && bins.write === 0) work.marks.fill(0);
  const probability =
    connector.kind === 'bernoulli'
      ? connector.probability
      : connector.kind === 'distance'
        ? connector.peak
        : 0;
  const sheet = connector.kind === 'distance' ? placeSheet(connector, arena) : 0;
  const delays = work.delays.get(JSON.stringify(delay))!;
  const view = new DataView(arena.memory.buffer);
  writeProjection(view, work.projection, fields, probability, delays, weight, weights, sheet);
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

/** The accumulators of a slice; `slot` is that of the step whose spikes are delivered. */
export interface Ring extends Accumulators {
  slot: number;
}

/** Address of a channel's row 0. */
export function channelOf({ channel }: SynapseTable, { at, slots, rowBytes }: Ring): number {
  return at + channel * slots * rowBytes;
}

/** Where the spikes of a table with one delay arrive. */
export function dueRow(table: SynapseTable, ring: Ring): number {
  return channelOf(table, ring) + ((ring.slot + table.delay! + 1) % ring.slots) * ring.rowBytes;
}
