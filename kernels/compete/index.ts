import { loadKernel } from '../load.js';

/** Selection from Δw_ji = g_j·x_i, or from changes of any shape. Addresses are bytes; an entry of a list is j·2^16 + i. */
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
  /**
   * x in an order of buckets, the largest first: `order` (u32) and `xs` (f32) of n places, and in `to` (5 + 1.5·`buckets`
   * words) how it was made: 2^(23 - shift) buckets an octave. `keys`: n u16 of work space. x and keys reach to a
   * multiple of eight, `buckets` is one, and n is below 2^16.
   */
  bucketByMagnitude(
    x: number,
    n: number,
    buckets: number,
    shift: number,
    order: number,
    xs: number,
    to: number,
    keys: number,
  ): void;
  /**
   * The `count` largest of the layer without sorting: row j takes the first prefix_j (i32) places of the order, and the
   * rest is listed. `last` (f64 threshold over the largest |x| and the mean |g|, f64 slope; 0.1 and -1.5 to begin
   * with) is where the last search ended. `sizes`: targets f32, `ends`: targets i32, `spare`: 2·(1024 + n) + 1088 f64 of
   * work space; sizes, ends, g and prefix reach to a multiple of four. `list` has room for `count` + n entries.
   * out: f64 the largest |g|, i32 prefixed products, i32 length of the list, f64 the largest |x|.
   * Returns 0 if buckets are too coarse: then it must be sorted.
   */
  selectByBuckets(
    x: number,
    order: number,
    xs: number,
    n: number,
    buckets: number,
    g: number,
    targets: number,
    count: number,
    last: number,
    sizes: number,
    spare: number,
    prefix: number,
    ends: number,
    list: number,
    out: number,
  ): number;
  /** Adds the prefixes of all rows to a list of `listed` entries; returns its new length. */
  listPrefixes(order: number, prefix: number, targets: number, list: number, listed: number): number;
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
  /**
   * For changes of any shape, one f32 a synapse: what they are ranked by (u32), from the changes themselves or the
   * weights; `smallest` 1: the smallest first. n is a multiple of four.
   */
  rankKeys(changes: number, ranking: number, smallest: number, keys: number, n: number): void;
  /**
   * Sets all changes of some rows to 0 but the `count` of the highest rank. `bins`: (2^31 >> shift) u32, `candidates`:
   * an f64 a change of work space.
   */
  keepLargest(
    changes: number,
    keys: number,
    stride: number,
    firstRow: number,
    lastRow: number,
    count: number,
    shift: number,
    bins: number,
    candidates: number,
  ): void;
  /** Sets all changes to 0 but those of a list. `spare`: an f32 an entry of work space. */
  keepListed(changes: number, n: number, list: number, count: number, stride: number, spare: number): void;
  /** Sets all changes to 0 but those of the first `sources` and `targets`. */
  keepBlock(changes: number, sources: number, targets: number, rows: number, stride: number): void;
}

export function competeKernel(memory: WebAssembly.Memory): CompeteKernel {
  return loadKernel('compete', memory) as unknown as CompeteKernel;
}
