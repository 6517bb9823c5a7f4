import type { FastLayer } from './fast-layer.js';
import type { Kernels } from './fast-memory.js';

/**
 * How fine the order of the sources is: an image with a uniform background needs narrow buckets (256 for an octave, five
 * octaves); activities of a few hundred units spread further (32 for an octave, sixteen octaves).
 */
const FINE = { buckets: 1280, shift: 15 };
const WIDE = { buckets: 512, shift: 18 };
const FEW_SOURCES = 400;
/** Places in the order by buckets are u16. */
const MOST_IN_BUCKETS = 65535;

/**
 * The `count` largest changes of a layer. Of row j the first `prefix[j]` places of an order of the sources, and the
 * entries of a list, target·2^16 + source. Sources are put in order of size only roughly; what buckets are too coarse
 * for is sorted. Work space is taken once; a sample allocates nothing.
 */
export class FastCompetition {
  readonly order: Uint32Array;
  /** Input in this order. */
  readonly xs: Float32Array;
  readonly prefix: Int32Array;
  private readonly resolution: typeof FINE;
  private readonly buckets: Int32Array;
  private readonly keys: Uint16Array;
  private readonly sizes: Float32Array;
  private readonly ends: Int32Array;
  private readonly candidates: Float64Array;
  private readonly out: Float64Array;
  private readonly counts: Int32Array;
  private readonly sorted: { order: Uint32Array; values: Float64Array }[];
  private readonly spare: Uint32Array;
  private readonly bins: Uint32Array;
  /** Where the last search ended: over the largest |x| and the mean |g|, thresholds change little between samples. */
  private readonly last: Float64Array;

  /** @param n sources and @param rows targets that compete, the first ones; @param list room for `count` + n entries */
  constructor(
    private readonly kernels: Kernels,
    private readonly layer: FastLayer,
    private readonly n: number,
    private readonly rows: number,
    private readonly count: number,
    private readonly list: Uint32Array,
  ) {
    const { arena } = kernels;
    this.order = arena.uint32(n);
    this.xs = arena.float32(n);
    this.prefix = arena.int32(rows);
    this.resolution = n > FEW_SOURCES ? FINE : WIDE;
    this.buckets = arena.int32(5 + 1.5 * this.resolution.buckets);
    this.keys = arena.uint16(n);
    this.sizes = arena.float32(rows);
    this.ends = arena.int32(rows);
    this.candidates = arena.float64(2 * (1024 + n) + 1088);
    this.last = arena.float64(2);
    this.last.set([0.1, -1.5]);
    this.out = arena.float64(3);
    this.counts = new Int32Array(this.out.buffer, this.out.byteOffset + 8, 2);
    this.sorted = [n, rows].map((length) => ({ order: arena.uint32(length), values: arena.float64(length) }));
    this.spare = arena.uint32(Math.max(n, rows));
    this.bins = arena.uint32(256);
  }

  /** The largest |x|. */
  get largest(): number {
    return this.out[2];
  }

  /** Chooses for the present input and change; returns the length of the list. */
  choose(): number {
    const { compete } = this.kernels;
    const { n, rows, count, order, xs, buckets, resolution } = this;
    const [x, g] = [this.layer.input.byteOffset, this.layer.change.byteOffset];
    if (n > MOST_IN_BUCKETS) return this.sort(x, g);
    compete.bucketByMagnitude(
      x,
      n,
      resolution.buckets,
      resolution.shift,
      order.byteOffset,
      xs.byteOffset,
      buckets.byteOffset,
      this.keys.byteOffset,
    );
    const done = compete.selectByBuckets(
      x,
      order.byteOffset,
      xs.byteOffset,
      n,
      buckets.byteOffset,
      g,
      rows,
      count,
      this.last.byteOffset,
      this.sizes.byteOffset,
      this.candidates.byteOffset,
      this.prefix.byteOffset,
      this.ends.byteOffset,
      this.list.byteOffset,
      this.out.byteOffset,
    );
    if (!done) return this.sort(x, g);
    return this.counts[1];
  }

  /** The same by sorting both sides; nothing is prefixed. */
  private sort(x: number, g: number): number {
    const { n, rows, list } = this;
    const [bySource, byTarget] = this.sorted;
    this.rank(x, n, bySource);
    this.rank(g, rows, byTarget);
    this.prefix.fill(0);
    return this.kernels.compete.selectLargest(
      x,
      bySource.order.byteOffset,
      bySource.values.byteOffset,
      n,
      g,
      byTarget.order.byteOffset,
      byTarget.values.byteOffset,
      rows,
      this.count,
      this.candidates.byteOffset,
      list.byteOffset,
    );
  }

  private rank(values: number, n: number, to: { order: Uint32Array; values: Float64Array }): void {
    const { compete } = this.kernels;
    compete.sortByMagnitude(values, n, to.order.byteOffset, this.spare.byteOffset, this.bins.byteOffset);
    compete.gather(values, to.order.byteOffset, n, to.values.byteOffset);
  }

  /** Adds what is prefixed to a list of so many entries; returns its new length. */
  listAll(listed: number): number {
    const { order, prefix, rows, list } = this;
    return this.kernels.compete.listPrefixes(
      order.byteOffset,
      prefix.byteOffset,
      rows,
      list.byteOffset,
      listed,
    );
  }
}
