/** What dist/kernels/flush.wasm exports; addresses are byte offsets in its memory. */
export interface FlushKernel {
  flush(values: number, n: number): void;
}

/** Values nearer to 0 than this become 0. */
export const TINY = 1e-30;

/**
 * Steps between two flushes: from TINY to the denormal numbers, below 1.2e-38, it is 18 time constants, and a time
 * constant is seldom shorter than four steps.
 */
export const FLUSH_STEPS = 64;
