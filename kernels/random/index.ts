import { LARGEST_LAMBDA, poissonTable } from './reference.js';

export { philox, poissonCount, poissonTable } from './reference.js';

/** What dist/kernels/random.wasm exports; addresses are byte offsets in its memory. */
export interface RandomKernel {
  philoxFill(
    out: number,
    firstBlock: number,
    blocks: number,
    c1: number,
    c2: number,
    c3: number,
    key0: number,
    key1: number,
  ): void;
  poissonCounts(
    counts: number,
    stride: number,
    firstGroup: number,
    groups: number,
    quad: number,
    parts: number,
    key0: number,
    key1: number,
    table: number,
    scratch: number,
  ): void;
  addCounts(acc: number, counts: number, groups: number, weight: number): void;
}

/** Bytes that `poissonCounts` needs for its scratch: three sets of random words, and the rounds of Philox. */
export const POISSON_SCRATCH_BYTES = 192 + 352;

/** How the kernel draws Poisson(lambda): `parts` draws from one alias table, laid out as four vectors. */
export interface PoissonPlan {
  parts: number;
  bytes: Uint8Array;
}

/** The plan for a mean of `lambda` events per neuron and step. */
export function poissonPlan(lambda: number): PoissonPlan {
  const parts = Math.max(1, Math.ceil(lambda / LARGEST_LAMBDA));
  const { threshold, alias } = poissonTable(lambda / parts);
  const bytes = new Uint8Array(64);
  for (let i = 0; i < 16; i++) {
    // A full column would need a 21st bit: its alias is itself, so the threshold does not matter.
    const t = threshold[i] >= 2 ** 20 ? 0 : threshold[i];
    bytes[i] = (t >>> 16) << 4;
    bytes[16 + i] = (t >>> 8) & 255;
    bytes[32 + i] = t & 255;
    bytes[48 + i] = threshold[i] >= 2 ** 20 ? i : alias[i];
  }
  return { parts, bytes };
}
