import { loadKernel } from '../load.js';

/** Counts what the changes Δw_ji = g_j·x_i write. Addresses are bytes; rows are `stride` floats apart. */
export interface TallyKernel {
  /** How many changes are not zero, and Σ|Δw| in quanta, added to out[0] and out[1] (f64). */
  outer(x: number, g: number, targets: number, stride: number, sizes: number, out: number): void;
  /** Both for each synapse: l0 (u32) and l1 (f64) are counted up. */
  outerDetail(x: number, g: number, targets: number, stride: number, l0: number, l1: number): void;
  /** Both for the first prefix_j (i32) products g_j·xs_k of each row, none of which is 0; `largest`: the largest |x|. */
  prefixes(xs: number, largest: number, prefix: number, g: number, targets: number, out: number): void;
  /** Both for the entries of a list, added to out[0] and out[1] (f64), and for each synapse unless l0 is 0. */
  entries(
    x: number,
    g: number,
    list: number,
    count: number,
    stride: number,
    out: number,
    l0: number,
    l1: number,
  ): void;
  /** Both for changes of any shape, added to out[0] and out[1] (f64), and for each synapse unless l0 is 0; 4 divides n. */
  all(changes: number, n: number, out: number, l0: number, l1: number): void;
}

export function tallyKernel(memory: WebAssembly.Memory): TallyKernel {
  return loadKernel('tally', memory) as unknown as TallyKernel;
}
