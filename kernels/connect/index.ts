import { type Distribution, drawFrom } from './reference.js';

export { type Distribution, drawFrom, inverseNormal, LARGEST_NORMAL } from './reference.js';

/** What dist/kernels/connect.wasm exports; addresses are byte offsets in its memory. */
export interface ConnectKernel {
  dealToSources(projection: number, sources: number, synapses: number, scratch: number): void;
  drawRows(
    projections: number,
    n: number,
    sources: number,
    delays: number,
    firstSlots: number,
    room: number,
    longest: number,
    scratch: number,
    rows: number,
    segments: number,
    data: number,
  ): number;
  connect(projection: number): number;
  connectOutward(projection: number): number;
  connectList(
    projection: number,
    sources: number,
    targets: number,
    n: number,
    weights: number,
    delays: number,
  ): void;
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
const PROJECTION_FIELDS = [
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
  distance: 4,
} as const;

const DISTRIBUTION_KINDS = { constant: 0, uniform: 1, normal: 2, 'log-normal': 3 } as const;

/** Bytes of a Projection in memory: 20 words, a probability, 8 words, and the distribution to which the fifth of them points. */
export const PROJECTION_BYTES = 120 + 40;

/** Bytes of a Sheet in memory. */
export const SHEET_BYTES = 40;

/** Delays in steps as the kernel draws them; see its Projection. */
export interface DelayTable {
  shortest: number;
  longest: number;
  thresholds: Uint32Array;
  guide: Uint16Array;
}

/**
 * A distribution of delays, in steps, as thresholds of the random word: a draw never falls when the word rises, so
 * the first word that gives more than k steps is found by bisection.
 */
export function delayTable(delay: Distribution): DelayTable {
  const steps = (word: number) => Math.round(drawFrom(delay, word));
  const [shortest, longest] = [steps(0), steps(0xffffffff)];
  const firstAbove = (k: number) => {
    let [low, high] = [0, 0xffffffff];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (steps(middle) > k) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const thresholds = Uint32Array.from({ length: longest - shortest }, (_, k) => firstAbove(shortest + k));
  const guide = Uint16Array.from({ length: 256 }, (_, top) => {
    const reached = thresholds.findIndex((threshold) => threshold > top * 2 ** 24);
    return reached < 0 ? thresholds.length : reached;
  });
  return { shortest, longest, thresholds, guide };
}

/** What a projection's synapses are drawn from. */
export interface ProjectionDraws {
  probability: number;
  /** With the addresses of its two arrays. */
  delay: { thresholds: number; guide: number; shortest: number; longest: number };
  weight: Distribution;
  /** Address of the f32 weights of synapses that learn, or 0. */
  weights: number;
  /** Address of a Sheet, where the probability falls with distance, or 0. */
  sheet: number;
  /** Bits by which weights that have a place for every target are shifted. */
  shift: number;
}

/** Writes a Projection for the kernel. */
export function writeProjection(
  view: DataView,
  at: number,
  fields: ProjectionFields,
  { probability, delay, weight, weights, sheet, shift }: ProjectionDraws,
): void {
  PROJECTION_FIELDS.forEach((field, i) => {
    view.setUint32(at + 4 * i, fields[field], true);
  });
  view.setFloat64(at + 80, probability, true);
  const weightAt = at + 120;
  const { thresholds, guide, shortest, longest } = delay;
  [thresholds, guide, shortest, longest, weightAt, weights, sheet, shift].forEach((word, i) => {
    view.setUint32(at + 88 + 4 * i, word, true);
  });
  writeDistribution(view, weightAt, weight);
}

/** Bytes of a Distribution in memory. */
export const DISTRIBUTION_BYTES = 40;

/** Writes a distribution for the kernel. */
export function writeDistribution(view: DataView, at: number, { kind, a, b, low, high }: Distribution): void {
  view.setInt32(at, DISTRIBUTION_KINDS[kind], true);
  [a, b, low, high].forEach((value, i) => {
    view.setFloat64(at + 8 + 8 * i, value, true);
  });
}

/** A probability that falls with distance, and where the neurons lie. */
export interface SheetFields {
  /** Addresses of pairs of f32, in mm. */
  sources: number;
  targets: number;
  profile: 'gaussian' | 'exponential';
  lengthMm: number;
  /** Of a sheet whose edges meet; 0: they do not. */
  widthMm: number;
  heightMm: number;
}

/** Writes a Sheet for the kernel. */
export function writeSheet(view: DataView, at: number, sheet: SheetFields): void {
  view.setUint32(at, sheet.sources, true);
  view.setUint32(at + 4, sheet.targets, true);
  view.setInt32(at + 8, sheet.profile === 'gaussian' ? 0 : 1, true);
  [sheet.lengthMm, sheet.widthMm, sheet.heightMm].forEach((value, i) => {
    view.setFloat64(at + 16 + 8 * i, value, true);
  });
}
