import { loadKernel } from '../load.js';

/** Patterns as packed by `packSigns`; addresses are bytes; `stride` is the number of weights in memory. */
export interface PerceptronKernel {
  /** First pattern in [from, to) with target·(w·x) ≤ 0, or `to`. */
  firstError(w: number, patterns: number, targets: number, stride: number, from: number, to: number): number;
  /** The same for w = l + scale·u, where scale is multiplied by `retention` before each presentation. */
  firstErrorDecaying(
    l: number,
    u: number,
    scale: number,
    retention: number,
    patterns: number,
    targets: number,
    stride: number,
    from: number,
    to: number,
  ): number;
  /** The inputs of a pattern as floats. */
  unpack(pattern: number, x: number, inputs: number): void;
}

export function perceptronKernel(memory: WebAssembly.Memory): PerceptronKernel {
  return loadKernel('perceptron', memory) as unknown as PerceptronKernel;
}

/** 32-bit words that a packed pattern takes. */
export function wordsOf(inputs: number): number {
  return Math.ceil(inputs / 128) * 4;
}

/** Packs a pattern of ±1 as the kernel wants it: bit 31-k of word m of block b is set if input 128b + 4k + m is -1. */
export function packSigns(x: ArrayLike<number>, to: Uint32Array): void {
  to.fill(0);
  for (let i = 0; i < x.length; i++) {
    if (x[i] < 0) to[(i >> 7) * 4 + (i & 3)] |= 1 << (31 - ((i & 127) >> 2));
  }
}
