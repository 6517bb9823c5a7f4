/** What dist/kernels/sleep.wasm exports; addresses are byte offsets in its memory, `sleepers` is of writeSleepers. */
export interface SleepKernel {
  markRows(spikes: number, n: number, rows: number, data: number, size: number, bits: number): void;
  markSegments(
    spikes: number,
    n: number,
    rows: number,
    segments: number,
    data: number,
    size: number,
    bits: number,
    bitBytes: number,
    slot: number,
    slots: number,
  ): void;
  receive(sleepers: number, step: number, steps: number): number;
  nextAwake(sleepers: number, group: number): number;
  alike(sleepers: number, group: number): number;
  settle(sleepers: number, group: number, groups: number, end: number): void;
  maySleep(sleepers: number, group: number, step: number): number;
  leapOver(
    state: number,
    stride: number,
    variables: number,
    moving: number,
    short: number,
    long: number,
    missed: number,
    scratch: number,
  ): void;
}

/** The words of the kernel's Sleepers, in order; what each is stands in wasm.ts. */
const WORDS = [
  'state',
  'stride',
  'variables',
  'moving',
  'groups',
  'count',
  'due',
  'firstGroup',
  'dueBytes',
  'ring',
  'rowBytes',
  'channelBytes',
  'slots',
  'receptors',
  'inputs',
  'short',
  'long',
  'scratch',
  'most',
  'least',
  'current',
  'awake',
  'notes',
] as const;

export type Sleepers = Record<(typeof WORDS)[number] | 'threshold', number>;

/** Bytes of the kernel's Sleepers, and of the room for its notes. */
export const SLEEPERS_BYTES = 4 * (WORDS.length + 2);
export const NOTES_BYTES = 8 * 64;

/** Bytes of a row of bits, one for each group of a slice. */
export function dueBytes(groups: number): number {
  return 8 * Math.ceil(groups / 64);
}

export function writeSleepers(view: DataView, at: number, sleepers: Sleepers): void {
  WORDS.forEach((word, i) => {
    view.setInt32(at + 4 * i, sleepers[word], true);
  });
  view.setFloat32(at + 4 * WORDS.length, sleepers.threshold, true);
}
