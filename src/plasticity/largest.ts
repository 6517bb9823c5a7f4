/** Bits of |value|; they order like the value itself. */
const SIGN = 0x7fffffff;
const BINS = 2 ** 15;

/**
 * The largest of any Δw, for learners whose changes are no outer product. A histogram of exponents and first bits of
 * the mantissa tells in which bin the smallest change that is kept lies; only that bin is sorted. Work space is taken
 * once.
 *
 * Ties as in kernels/compete/reference.ts: exactly `count` are kept, of equal ones those of the lowest source, then of
 * the lowest target; a change of 0 never.
 */
export class Largest {
  private readonly bins = new Uint32Array(BINS);
  private readonly inBin: Uint32Array;

  /** @param sources,targets of the layer; changes are at target·sources + source */
  constructor(
    private readonly sources: number,
    private readonly targets: number,
  ) {
    this.inBin = new Uint32Array(sources * targets);
  }

  /** Sets all but the `count` largest of changes[from … to) to 0; returns how many are kept. */
  keep(changes: Float32Array, count: number, from = 0, to = changes.length): number {
    const bits = new Uint32Array(changes.buffer, changes.byteOffset, changes.length);
    const { bins } = this;
    bins.fill(0);
    let nonZero = 0;
    for (let k = from; k < to; k++) {
      const size = bits[k] & SIGN;
      if (size === 0) continue;
      nonZero++;
      bins[size >>> 16]++;
    }
    if (nonZero <= count) return nonZero;
    let bin = BINS - 1;
    let above = 0;
    while (above + bins[bin] < count) above += bins[bin--];
    let found = 0;
    for (let k = from; k < to; k++) {
      const size = bits[k] & SIGN;
      if (size >>> 16 === bin && size !== 0) this.inBin[found++] = size;
    }
    const candidates = this.inBin.subarray(0, found).sort();
    const threshold = candidates[found - (count - above)];
    let ties = 0;
    let kept = 0;
    for (let k = from; k < to; k++) {
      const size = bits[k] & SIGN;
      if (size < threshold) changes[k] = 0;
      else {
        kept++;
        if (size === threshold) ties++;
      }
    }
    if (kept > count) this.dropTies(changes, bits, threshold, ties - (kept - count), from, to);
    return count;
  }

  /** Of the changes at the threshold only the first `left` stay. */
  private dropTies(
    changes: Float32Array,
    bits: Uint32Array,
    threshold: number,
    left: number,
    from: number,
    to: number,
  ): void {
    for (let i = 0; i < this.sources; i++) {
      for (let j = 0; j < this.targets; j++) {
        const k = j * this.sources + i;
        if (k < from || k >= to || (bits[k] & SIGN) !== threshold) continue;
        if (left > 0) left--;
        else changes[k] = 0;
      }
    }
  }
}
