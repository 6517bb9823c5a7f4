import { philox } from '../random/reference.js';
import type { delayTable } from './index.js';
import { type Distribution, drawFrom } from './reference.js';

/** Order of the 4-byte fields of the kernel's RowProjection. */
const FIELDS = [
  'degrees',
  'keptDegrees',
  'allTargets',
  'firstTarget',
  'targets',
  'localOffset',
  'key0',
  'key1',
  'firstBin',
  'quickDelays',
  'thresholds',
  'mostDelays',
  'weightKnots',
] as const;

/** Bytes of a RowProjection: its fields, of which the last is the address of a Distribution. */
export const ROW_PROJECTION_BYTES = 4 * (FIELDS.length + 1);

export type RowProjectionFields = Record<(typeof FIELDS)[number] | 'weight', number>;

/** Writes a RowProjection for the kernel. */
export function writeRowProjection(view: DataView, at: number, fields: RowProjectionFields): void {
  [...FIELDS, 'weight' as const].forEach((field, i) => void view.setUint32(at + 4 * i, fields[field], true));
}

/** Delays by the highest twelve bits of a random word, where these decide; 255 where they do not. */
export function quickDelays({ thresholds }: ReturnType<typeof delayTable>): Uint8Array {
  const reached = (word: number) => {
    const k = thresholds.findIndex((threshold) => threshold > word);
    return k < 0 ? thresholds.length : k;
  };
  return Uint8Array.from({ length: 4096 }, (_, top) => {
    const [low, high] = [reached(top * 2 ** 20), reached(top * 2 ** 20 + 0xfffff)];
    return low === high && low < 255 ? low : 255;
  });
}

/** Values of a distribution at the random words 0, 2^22, 2·2^22, …, and at the last one. */
export function weightKnots(weight: Distribution): Float32Array {
  return Float32Array.from({ length: 1025 }, (_, i) => drawFrom(weight, Math.min(i * 2 ** 22, 0xffffffff)));
}

/** What a row is drawn from. */
export interface RowSource {
  key: readonly [number, number];
  targets: number;
  /** Delays in steps, weights in quanta. */
  delay: Distribution;
  weight: Distribution;
}

/** The `degree` synapses of one source, plainly: target, delay and weight each from a counter of its own. */
export function referenceRow({ key, targets, delay, weight }: RowSource, source: number, degree: number) {
  const word = (purpose: number, k: number) =>
    philox([4 * (k >> 4) + (k & 3), source, purpose, 0], key)[(k & 15) >> 2];
  return Array.from({ length: degree }, (_, k) => ({
    target: Math.floor((word(3, k) * targets) / 2 ** 32),
    delay: Math.round(drawFrom(delay, word(2, k))),
    weight: drawFrom(weight, word(1, k)),
  }));
}

/** How many of `synapses` each source gets, plainly. */
export function referenceDegrees(
  key: readonly [number, number],
  sources: number,
  synapses: number,
): number[] {
  const degrees = new Array<number>(sources).fill(0);
  for (let k = 0; k < synapses; k++) {
    const word = philox([4 * (k >> 4) + (k & 3), 0, 0, 0], key)[(k & 15) >> 2];
    degrees[Math.floor((word * sources) / 2 ** 32)] += 1;
  }
  return degrees;
}
