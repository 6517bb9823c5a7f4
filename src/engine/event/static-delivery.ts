import type { DeliverKernel } from '../../../kernels/deliver/index.js';
import { Deliveries, type DeliveryRoom } from './deliveries.js';
import { type Accumulators, channelOf, dueRow, type Ring } from './ring.js';
import type { SynapseTable } from './synapse-table.js';

/**
 * Delivers spikes to the accumulators of a slice, over synapses that stay as they are. Several threads may deliver to
 * one slice, each with room of its own, as long as no two deliver at one time what arrives in the same step.
 */
export class StaticDelivery {
  private readonly deliveries: Deliveries;

  constructor(
    private readonly accumulators: Accumulators,
    private readonly kernel: DeliverKernel,
    room: DeliveryRoom,
  ) {
    this.deliveries = new Deliveries(room, kernel);
  }

  /** The accumulators, and the slot of `step`. */
  ringAt(step: number): Ring {
    const { at, rowBytes, slots } = this.accumulators;
    return { at, rowBytes, slots, slot: step % slots };
  }

  /**
   * Delivers `n` spikes, listed at `spikes`, each sort of synapses in its way (kernels/deliver); those that are noted
   * instead are not meant. It need not be done before `finish`, and the list has to stay as it is until then.
   */
  deliver(table: SynapseTable, spikes: number, n: number, ring: Ring): void {
    const { rows, segments, data, weight, packed, delay, dense } = table;
    const { kernel } = this;
    if (dense !== null) {
      const acc = dueRow(table, ring) + 4 * dense.firstNeuron;
      kernel.deliverDenseQuanta(spikes, n, dense.sources, dense.blocks, data, acc);
    } else if (delay === null) {
      const { rowBytes, slot, slots } = ring;
      const channel = channelOf(table, ring);
      kernel.deliverConstantDelayed(spikes, n, rows, segments, data, weight, channel, rowBytes, slot, slots);
    } else if (packed) kernel.deliverPacked(spikes, n, rows, data, weight, dueRow(table, ring));
    else this.deliveries.add(table, spikes, n, dueRow(table, ring));
  }

  finish(): void {
    this.deliveries.finish();
  }
}
