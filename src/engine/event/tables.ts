import {
  CONNECTOR_KINDS,
  type ConnectKernel,
  PROJECTION_BYTES,
  type ProjectionFields,
  writeProjection,
} from '../../../kernels/connect/index.js';
import type { DeliverKernel } from '../../../kernels/deliver/index.js';
import type { Arena } from './arena.js';
import type { Part } from './layout.js';
import type { Plan, ProjectionPlan } from './plan.js';

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
}

/** Builds all tables of a slice: synapses that differ in nothing but their target population share rows. */
export function buildTables(
  plan: Plan,
  parts: readonly Part[],
  nobody: number,
  arena: Arena,
  kernel: ConnectKernel,
): SynapseTable[] {
  const groups = new Map<string, ProjectionPlan[]>();
  for (const projection of plan.projections) {
    const { source, channel, packed, shift, weight, delays, firstDelay } = projection;
    const kind = packed ? `packed ${shift}` : `constant ${weight.a}`;
    const key = [source, channel, kind, delays > 1 ? 'delays' : firstDelay].join('/');
    groups.set(key, [...(groups.get(key) ?? []), projection]);
  }
  const shapes = [...groups.values()].map((projections) => {
    const firstDelay = Math.min(...projections.map((p) => p.firstDelay));
    const lastDelay = Math.max(...projections.map((p) => p.firstDelay + p.delays - 1));
    const sources = plan.populations[projections[0].source].size;
    return { projections, firstDelay, delays: lastDelay - firstDelay + 1, sources };
  });
  const bins = Math.max(0, ...shapes.map(({ sources, delays }) => sources * delays));
  const largest = Math.max(0, ...plan.populations.map(({ size }) => size), ...plan.projections.map(mostSources));
  const work = {
    projection: arena.allocate(PROJECTION_BYTES),
    cursors: arena.allocate(4 * bins),
    scratch: arena.allocate(192 + 4 * largest),
    marks: arena.allocate(4 * largest),
    degrees: arena.allocate(4 * Math.max(0, ...parts.map(({ count }) => count))),
  };
  return shapes.map(({ projections, firstDelay, delays, sources }) => {
    const [{ source, channel, packed, weight, shift }] = projections;
    const tableBins = sources * delays;
    arena.u32.fill(0, work.cursors / 4, work.cursors / 4 + tableBins);
    let data = 0;
    const pass = (write: 0 | 1) => {
      let synapses = 0;
      for (const projection of projections) {
        const part = parts[projection.target];
        const fields = { ...work, sources, delays, firstDelay, write, data };
        synapses += connectProjection(plan, projection, part, fields, arena, kernel);
      }
      return synapses;
    };
    const synapses = pass(0);
    const multiple = packed ? 1 : PADDING;
    let rows: number;
    let segments = 0;
    let padded: number;
    let tableBytes: number;
    if (delays === 1) {
      tableBytes = 4 * (sources + 1);
      rows = arena.allocate(tableBytes);
      padded = kernel.layRows(work.cursors, sources, multiple, rows);
    } else {
      const segmentBytes = 4 * kernel.countSegments(work.cursors, tableBins);
      tableBytes = 8 * (sources + 1) + segmentBytes;
      rows = arena.allocate(8 * (sources + 1));
      segments = arena.allocate(segmentBytes);
      padded = kernel.laySegments(work.cursors, sources, delays, firstDelay + 1, multiple, rows, segments);
    }
    const dataBytes = (packed ? 4 : 2) * padded;
    data = arena.allocate(dataBytes);
    pass(1);
    if (!packed) kernel.padTargets(work.cursors, tableBins, multiple, data, nobody);
    return {
      source,
      channel,
      packed,
      weight: packed ? shift : weight.a,
      delay: delays === 1 ? firstDelay : null,
      rows,
      segments,
      data,
      synapses,
      bytes: tableBytes + dataBytes,
    };
  });
}

function mostSources({ connector }: ProjectionPlan): number {
  if (connector.kind === 'fixed-in-degree') return connector.degree;
  return connector.kind === 'fixed-total' ? connector.synapses : 0;
}

type Work = Record<'projection' | 'cursors' | 'scratch' | 'marks' | 'degrees', number> & {
  sources: number;
  delays: number;
  firstDelay: number;
  write: 0 | 1;
  data: number;
};

/** Draws one projection's synapses into this slice; returns how many they are. */
function connectProjection(
  plan: Plan,
  projection: ProjectionPlan,
  part: Part,
  work: Work,
  arena: Arena,
  kernel: ConnectKernel,
): number {
  const { connector, key, noAutapses, noMultapses, packed, delay, weight } = projection;
  const fields: ProjectionFields = {
    ...work,
    connector: connector.kind in CONNECTOR_KINDS ? CONNECTOR_KINDS[connector.kind as keyof typeof CONNECTOR_KINDS] : 0,
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
    packed: Number(packed),
  };
  if (noMultapses) arena.u32.fill(0, work.marks / 4, work.scratch < work.marks ? work.degrees / 4 : undefined);
  const probability = connector.kind === 'bernoulli' ? connector.probability : 0;
  writeProjection(arena.view, work.projection, fields, probability, delay, weight);
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
      const at = arena.allocate(8 * sources.length);
      arena.u32.set(sources, at / 4);
      arena.u32.set(targets, at / 4 + sources.length);
      kernel.connectList(work.projection, at, at + 4 * sources.length, sources.length);
      return targets.reduce((n, t) => n + Number(t >= part.from && t < part.from + part.count), 0);
    }
    default:
      return kernel.connect(work.projection);
  }
}

/**
 * Delivers the spikes of one step to a slice's ring.
 * @param slot slot of that step
 */
export function deliverTable(
  table: SynapseTable,
  spikes: number,
  n: number,
  ring: { at: number; rowBytes: number; slots: number; slot: number },
  kernel: DeliverKernel,
): void {
  const { rows, segments, data, weight, packed, delay } = table;
  const channel = ring.at + table.channel * ring.slots * ring.rowBytes;
  if (delay === null) {
    const deliver = packed ? kernel.deliverPackedDelayed : kernel.deliverConstantDelayed;
    deliver(spikes, n, rows, segments, data, weight, channel, ring.rowBytes, ring.slot, ring.slots);
    return;
  }
  const due = (ring.slot + delay + 1) % ring.slots;
  const deliver = packed ? kernel.deliverPacked : kernel.deliverConstant;
  deliver(spikes, n, rows, data, weight, channel + due * ring.rowBytes);
}
