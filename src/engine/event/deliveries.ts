import type { Arena } from '../../../kernels/arena.js';
import { DELIVERY_WORDS, type DeliverKernel, ROWS_BYTES } from '../../../kernels/deliver/index.js';
import type { SynapseTable } from './synapse-table.js';

/** Deliveries that are done together at the latest. */
const MOST = 64;

/**
 * Deliveries of rows with one weight and one delay, gathered to be done together: sums of integers do not depend on the
 * order, and the lines of many rows take hardly longer to come than those of a few.
 */
export class Deliveries {
  private readonly words: Int32Array;
  private readonly scratch: number;
  private n = 0;

  constructor(
    arena: Arena,
    private readonly kernel: DeliverKernel,
  ) {
    this.words = arena.int32(MOST * DELIVERY_WORDS);
    this.scratch = arena.uint8(ROWS_BYTES).byteOffset;
  }

  /** Takes note of `n` spikes; the list at `spikes` has to stay as it is until `finish`. */
  add({ rows, data, weight }: SynapseTable, spikes: number, n: number, accumulators: number): void {
    if (this.n === MOST) this.finish();
    const { words } = this;
    const at = DELIVERY_WORDS * this.n;
    words[at] = spikes;
    words[at + 1] = n;
    words[at + 2] = rows;
    words[at + 3] = data;
    words[at + 4] = weight;
    words[at + 5] = accumulators;
    this.n += 1;
  }

  finish(): void {
    if (this.n > 0) this.kernel.deliverConstant(this.words.byteOffset, this.n, this.scratch);
    this.n = 0;
  }
}
