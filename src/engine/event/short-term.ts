import type { Arena } from '../../../kernels/arena.js';
import { loadKernel } from '../../../kernels/load.js';
import { RESTED, type ShortTermKernel, type ShortTermRule } from '../../../kernels/short-term/index.js';
import { channelOf, dueRow, type Ring } from './ring.js';
import type { SynapseTable } from './synapse-table.js';

/**
 * Short-term plasticity of a table. All synapses of a source share its parameters, so u and x are kept once for each
 * source; every slice computes them alike.
 */
export class ShortTermRows {
  private readonly kernel: ShortTermKernel;
  private readonly states: number;
  private readonly efficacies: number;

  constructor(
    private readonly table: SynapseTable,
    private readonly rule: ShortTermRule,
    sources: number,
    arena: Arena,
  ) {
    this.kernel = loadKernel<ShortTermKernel>('short-term', arena.memory);
    const states = arena.float64(3 * sources);
    for (let source = 0; source < sources; source++)
      states.set([RESTED.u, RESTED.x, RESTED.last], 3 * source);
    this.states = states.byteOffset;
    this.efficacies = arena.float32(sources).byteOffset;
  }

  /** Address of what each of these spikes releases. */
  release(step: number, spikes: number, n: number): number {
    const { utilisation, tauRecoverySteps, tauFacilitationSteps } = this.rule;
    const { kernel, states, efficacies } = this;
    kernel.release(spikes, n, step, states, utilisation, tauRecoverySteps, tauFacilitationSteps, efficacies);
    return efficacies;
  }

  /** Delivers spikes after `release`, where the weights themselves do not change. */
  deliver(spikes: number, n: number, ring: Ring): void {
    const { kernel, table, efficacies } = this;
    const { rows, segments, data, weight, delay } = table;
    const packed = Number(table.packed);
    if (delay !== null) {
      kernel.deliverScaled(spikes, n, rows, data, packed, weight, efficacies, dueRow(table, ring));
      return;
    }
    const channel = channelOf(table, ring);
    const { rowBytes, slot, slots } = ring;
    kernel.deliverScaledDelayed(
      spikes,
      n,
      rows,
      segments,
      data,
      packed,
      weight,
      efficacies,
      channel,
      rowBytes,
      slot,
      slots,
    );
  }
}
