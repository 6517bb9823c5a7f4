import type { SynapseTable } from './synapse-table.js';

/** The accumulators of a slice: `slots` rows for each channel. */
export interface Accumulators {
  at: number;
  rowBytes: number;
  slots: number;
}

/** The accumulators, and the slot of the step whose spikes are delivered. */
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
