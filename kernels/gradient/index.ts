import { loadKernel } from '../load.js';

/**
 * The compiled gradients (wasm.ts) of rows [firstRow, lastRow) of one block of 16 targets.
 * Out: `gradient` [rows][16] and `active` u8[rows], whether the row had an event.
 */
export interface GradientKernel {
  /** `gradient[row] = scale · Σ vectors[event]` over the row's events. */
  fromEvents(
    firstRow: number,
    lastRow: number,
    rowStarts: number,
    events: number,
    vectors: number,
    scale: number,
    gradient: number,
    active: number,
  ): void;

  /** `gradient[row] = scale · Σ_sample drive[sample][row] · error[sample]`; strides are in bytes. */
  fromDrive(
    firstRow: number,
    lastRow: number,
    samples: number,
    drive: number,
    driveStride: number,
    error: number,
    errorStride: number,
    scale: number,
    gradient: number,
    active: number,
  ): void;
}

export const gradientKernel = (memory: WebAssembly.Memory): GradientKernel =>
  loadKernel('gradient', memory) as unknown as GradientKernel;
