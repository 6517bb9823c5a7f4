import { loadKernel } from '../load.js';

/** Addresses are bytes from the start of the memory; rows are `stride` floats apart, padded with zeros. */
export interface LayerKernel {
  /** y = W·x */
  drive(w: number, x: number, y: number, targets: number, stride: number): void;
  /** y = (L + scale·S)·x */
  driveCached(
    l: number,
    s: number,
    scale: number,
    x: number,
    y: number,
    targets: number,
    stride: number,
  ): void;
  /** Y = W·X for four samples: rows of X are `stride` floats apart, rows of Y `yStride`. */
  driveFour(w: number, x: number, y: number, targets: number, stride: number, yStride: number): void;
  /** e = Wᵀ·g */
  backward(w: number, g: number, e: number, targets: number, stride: number): void;
  /** W += g·xᵀ */
  addOuter(w: number, x: number, g: number, targets: number, stride: number): void;
  /** w_ji += g_j·x_i for the entries j·2^16 + i of a list. */
  addEntries(w: number, x: number, g: number, list: number, count: number, stride: number): void;
  /** w_ji += g_j·xs_k for the first prefix_j (i32) places k of an order of sources, i = order[k]. */
  addPrefixes(
    w: number,
    order: number,
    xs: number,
    g: number,
    prefix: number,
    targets: number,
    stride: number,
  ): void;
  /** to = g·xᵀ */
  outer(to: number, x: number, g: number, targets: number, stride: number): void;
  /** w += changes, elementwise; length a multiple of 4. */
  add(w: number, changes: number, length: number): void;
  /** to = l + scale·s, elementwise; length a multiple of 4. */
  effective(to: number, l: number, s: number, scale: number, length: number): void;
}

export function layerKernel(memory: WebAssembly.Memory): LayerKernel {
  return loadKernel('mlp-layer', memory) as unknown as LayerKernel;
}
