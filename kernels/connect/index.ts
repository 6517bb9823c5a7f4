export { type Distribution, drawFrom, inverseNormal, LARGEST_NORMAL } from './reference.js';

/** What dist/kernels/connect.wasm exports; addresses are byte offsets in its memory. */
export interface ConnectKernel {
  connect(projection: number): number;
  connectOutward(projection: number): number;
  connectList(projection: number, sources: number, targets: number, n: number): void;
  dealSynapses(projection: number, synapses: number): void;
  layRows(cursors: number, sources: number, multiple: number, rows: number): number;
  addOutDegrees(cursors: number, sources: number, delays: number, degrees: number): void;
  countSegments(cursors: number, bins: number): number;
  laySegments(
    cursors: number,
    sources: number,
    delays: number,
    firstSlots: number,
    multiple: number,
    rows: number,
    segments: number,
  ): number;
  padTargets(cursors: number, bins: number, multiple: number, targets: number, nobody: number): void;
}

/** Order of the 4-byte fields of the kernel's Projection, before its float64 fields. */
export const PROJECTION_FIELDS = [
  'connector',
  'sources',
  'firstTarget',
  'targets',
  'localOffset',
  'allTargets',
  'degree',
  'degrees',
  'noAutapses',
  'noMultapses',
  'key0',
  'key1',
  'cursors',
  'delays',
  'firstDelay',
  'write',
  'data',
  'packed',
  'scratch',
  'marks',
] as const;

export type ProjectionFields = Record<(typeof PROJECTION_FIELDS)[number], number>;

/** Connectors that the kernel draws target by target. */
export const CONNECTOR_KINDS = {
  'fixed-in-degree': 0,
  bernoulli: 1,
  'all-to-all': 2,
  'one-to-one': 3,
} as const;

const DISTRIBUTION_KINDS = { constant: 0, uniform: 1, normal: 2, 'log-normal': 3 } as const;

import type { Distribution } from './reference.js';

/** Bytes of a Projection in memory: 20 words, a probability, pointers to two distributions behind them. */
export const PROJECTION_BYTES = 96 + 2 * 40;

/** Writes a Projection for the kernel. */
export function writeProjection(
  view: DataView,
  at: number,
  fields: ProjectionFields,
  probability: number,
  delay: Distribution,
  weight: Distribution,
): void {
  PROJECTION_FIELDS.forEach((field, i) => {
    view.setUint32(at + 4 * i, fields[field], true);
  });
  view.setFloat64(at + 80, probability, true);
  const delayAt = at + 96;
  const weightAt = delayAt + 40;
  view.setUint32(at + 88, delayAt, true);
  view.setUint32(at + 92, weightAt, true);
  for (const [address, { kind, a, b, low, high }] of [
    [delayAt, delay],
    [weightAt, weight],
  ] as const) {
    view.setInt32(address, DISTRIBUTION_KINDS[kind], true);
    [a, b, low, high].forEach((value, i) => {
      view.setFloat64(address + 8 + 8 * i, value, true);
    });
  }
}
