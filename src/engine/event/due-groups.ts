import type { Arena } from '../../../kernels/arena.js';
import { loadKernel } from '../../../kernels/load.js';
import { dueBytes, type SleepKernel } from '../../../kernels/sleep/index.js';
import { GROUP } from './layout.js';
import type { SynapseTable } from './synapse-table.js';

/** Which groups of neurons have input in the steps to come: a row of bits for each slot. Those that sleep look there. */
export class DueGroups {
  readonly at: number;
  readonly rowBytes: number;
  readonly kernel: SleepKernel;

  constructor(
    neurons: number,
    private readonly slots: number,
    arena: Arena,
  ) {
    this.kernel = loadKernel<SleepKernel>('sleep', arena.memory);
    this.rowBytes = dueBytes(neurons / GROUP + 1);
    this.at = arena.uint8(slots * this.rowBytes).byteOffset;
  }

  /** Marks the targets of `n` spikes, listed at `spikes`, that the sources of a table sent in `step`. */
  mark({ rows, segments, data, packed, delay }: SynapseTable, step: number, spikes: number, n: number): void {
    const { kernel, slots, at, rowBytes } = this;
    const size = packed ? 4 : 2;
    const row = (of: number) => at + (of % slots) * rowBytes;
    if (delay !== null) kernel.markRows(spikes, n, rows, data, size, row(step + 1 + delay));
    else kernel.markSegments(spikes, n, rows, segments, data, size, at, rowBytes, step % slots, slots);
  }
}
