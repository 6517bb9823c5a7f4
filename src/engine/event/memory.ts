import { freemem } from 'node:os';
import { calendarBytes, calendarSlots } from '../../../kernels/deliver/index.js';
import { degreesOf } from '../../network/connectors.js';
import { isGiven, rangeOf } from '../../network/distributions.js';
import type { Projection } from '../../network/elements.js';
import type { Network } from '../../network/network.js';
import { UsageError } from '../../util/errors.js';
import { mostNotes } from './calendar.js';
import { denseBytes, isDense } from './dense-rows.js';

/** Bytes that a network will take, before it is built. */
export interface MemoryNeed {
  projections: { name: string; bytes: number }[];
  /** State, accumulators, spike lists and what building needs for a while. */
  neurons: number;
  total: number;
}

/** Expected bytes of a network's tables and state in `slices` slices. */
export function memoryNeeded(network: Network, slices: number): MemoryNeed {
  const { populations, projections, dtMs } = network;
  const neurons = populations.reduce((sum, { size }) => sum + size, 0);
  const delaySteps = projections.map(({ delayMs }) => rangeOf(delayMs).map((ms) => Math.round(ms / dtMs)));
  const window = projections.length > 0 ? 1 + Math.min(...delaySteps.map(([shortest]) => shortest)) : 16;
  const slots = Math.max(window, ...delaySteps.map(([, longest]) => longest + 1));
  const perNeuron = populations.reduce((sum, { size, parsed }) => {
    const ring = 4 * parsed.receptors.length * slots;
    return sum + size * (4 * (parsed.states.length + 1) + ring + 4 * window + 8);
  }, 0);
  // Every slice knows all neurons: their out-degrees, and room for the spikes of a window.
  const shared = slices * neurons * 16;
  const bins = Math.max(0, ...projections.map(({ source }, p) => source.size * binsOf(delaySteps[p])));
  const building = slices * 4 * bins;
  const tables = projections.map((projection, p) => ({
    name: projection.name,
    bytes: isDense(projection, binsOf(delaySteps[p]))
      ? denseBytes(projection, slices) + listBytes(projection, slices)
      : tableBytes(projection, binsOf(delaySteps[p]), slices),
  }));
  const noted = projections.some(({ weight }, p) => typeof weight !== 'number' && binsOf(delaySteps[p]) > 1);
  const calendar = noted ? slices * calendarBytes(calendarSlots(slots - 1), mostNotes(neurons)) : 0;
  const total = perNeuron + shared + calendar + building + tables.reduce((sum, { bytes }) => sum + bytes, 0);
  return { projections: tables, neurons: perNeuron + shared + calendar + building, total };
}

function binsOf([shortest, longest]: number[]): number {
  return longest - shortest + 1;
}

function tableBytes(projection: Projection, delays: number, slices: number): number {
  const { connector, source, target, weight, plasticity, shortTerm } = projection;
  const { total } = degreesOf(connector, source.size, target.size);
  const segments = delays === 1 ? slices * source.size : Math.min(total, slices * source.size * delays);
  // Rows that learn: filled up to fours, two bytes of target and four of weight each; a record for each target and
  // the state of each source.
  const shortTermBytes = shortTerm === null ? 0 : 28 * slices * source.size;
  if (plasticity !== null) {
    const learning = (9 + 12) * slices * source.size + 36 * (target.size + 16 * slices);
    // Synapses of each delay are a table of their own.
    const padding = 9 * Math.min(total, slices * source.size * (delays - 1));
    return Math.round(6 * total + padding + delays * (learning + 8 * slices * source.size + shortTermBytes));
  }
  const synapse = typeof weight === 'number' ? 2 : 4;
  // Rows and segments of two-byte targets are filled up to fours: one and a half on average.
  const padding = synapse === 2 ? 3 * segments : 0;
  const rows = 4 * slices * source.size;
  // Every slice keeps the out-degrees of each projection.
  const list = listBytes(projection, slices);
  return Math.round(synapse * total + padding + 4 * segments + 2 * rows + shortTermBytes + list);
}

/** Every slice reads the whole of a list. */
function listBytes({ connector, weight, delayMs }: Projection, slices: number): number {
  if (connector.kind !== 'list') return 0;
  const each = 8 + (isGiven(weight) ? 8 : 0) + (isGiven(delayMs) ? 4 : 0);
  return slices * each * connector.sources.length;
}

/** Refuses a network that does not fit into `limit` bytes, naming what takes the room. */
export function requireMemory(network: Network, slices: number, limit = freemem() * 0.9): void {
  const need = memoryNeeded(network, slices);
  if (need.total <= limit) return;
  const largest = [...need.projections].sort((a, b) => b.bytes - a.bytes).slice(0, 8);
  const list = largest.map(({ name, bytes }) => `${name} ${inWords(bytes)}`).join(', ');
  const more = need.projections.length > 8 ? `, ${need.projections.length - 8} more` : '';
  const share = Math.max(0, limit - need.neurons) / Math.max(1, need.total - need.neurons);
  throw new UsageError(
    `it needs ${inWords(need.total)} (${list}${more}; neurons ${inWords(need.neurons)}), and ${inWords(limit)} are free`,
    `network '${network.name}', memory`,
    share > 0
      ? `About ${(100 * share).toFixed(share < 0.01 ? 3 : 0)} % of its synapses would fit.`
      : 'Not even its neurons would fit.',
  );
}

/** "1.5 GiB". */
function inWords(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

/** A slice is kept below this: its memory ends at 4 GiB, and the estimate is one. */
export const LARGEST_SLICE_BYTES = 3 * 2 ** 30;
