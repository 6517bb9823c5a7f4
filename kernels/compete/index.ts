import { loadKernel } from '../load.js';

/** Selection from Δw_ji = g_j·x_i. Addresses are bytes; an entry of a list is j·2^16 + i. */
export interface CompeteKernel {
  /** Order of x by falling magnitude, ties by rising index; `spare` n and `bins` 256 words of work space. */
  sortByMagnitude(x: number, n: number, order: number, spare: number, bins: number): void;
  /** The sorted magnitudes, as f64. */
  gather(x: number, order: number, n: number, sorted: number): void;
  /** Lists the `count` largest of the layer; returns how many were listed. `spare`: 1024 f64 of work space. */
  selectLargest(
    x: number,
    xOrder: number,
    xs: number,
    n: number,
    g: number,
    gOrder: number,
    gs: number,
    targets: number,
    count: number,
    spare: number,
    list: number,
  ): number;
  /** Lists the `count` largest of each target. */
  selectPerTarget(
    xOrder: number,
    xs: number,
    n: number,
    g: number,
    targets: number,
    count: number,
    list: number,
  ): number;
}

export function competeKernel(memory: WebAssembly.Memory): CompeteKernel {
  return loadKernel('compete', memory) as unknown as CompeteKernel;
}
