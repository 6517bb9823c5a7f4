import type { Arena } from '../../../kernels/arena.js';
import type { ConnectKernel } from '../../../kernels/connect/index.js';
import type { DeliverKernel } from '../../../kernels/deliver/index.js';
import { loadKernel } from '../../../kernels/load.js';
import { Calendar, isNoted } from './calendar.js';
import { Deliveries } from './deliveries.js';
import type { DueGroups } from './due-groups.js';
import type { Part } from './layout.js';
import type { Plan } from './plan.js';
import { PlasticSynapses } from './plastic.js';
import { type Accumulators, channelOf, dueRow, type Ring } from './ring.js';
import { ShortTermRows } from './short-term.js';
import type { SynapseTable } from './synapse-table.js';
import { buildTables } from './tables.js';
import type { WindowSpikes } from './window-spikes.js';

/** The synapses that end in a slice: they take the spikes of their sources to its accumulators. */
export class SliceSynapses {
  readonly tables: SynapseTable[];
  /** Tables that learn, by table. */
  readonly plastic = new Map<SynapseTable, PlasticSynapses>();
  private readonly shortTerm = new Map<SynapseTable, ShortTermRows>();
  /** How many there are of each source, by projection. */
  readonly projectionDegrees: Uint32Array[];
  private readonly kernel: DeliverKernel;
  private readonly deliveries: Deliveries;
  /** What is on its way and was noted; null where all is added at once. */
  private readonly calendar: Calendar | null;

  /**
   * @param neurons of the slice, with padding
   * @param due null where no neurons sleep
   */
  constructor(
    { plan, parts, neurons }: { plan: Plan; parts: readonly Part[]; neurons: number },
    private readonly accumulators: Accumulators,
    private readonly due: DueGroups | null,
    arena: Arena,
  ) {
    const { populations, projections } = plan;
    this.projectionDegrees = projections.map(({ source }) => arena.uint32(populations[source].size));
    const { projectionDegrees } = this;
    const connect = loadKernel<ConnectKernel>('connect', arena.memory);
    this.tables = buildTables({ plan, parts, nobody: neurons, projectionDegrees, arena, kernel: connect });
    for (const table of this.tables) {
      const { source, shortTerm, plastic } = table;
      const sources = populations[source].size;
      if (shortTerm !== null) this.shortTerm.set(table, new ShortTermRows(table, shortTerm, sources, arena));
      if (plastic === null) continue;
      const part = parts[projections[plastic.projection].target];
      this.plastic.set(table, new PlasticSynapses(table, plastic, part, sources, arena));
    }
    this.kernel = loadKernel<DeliverKernel>('deliver', arena.memory);
    this.deliveries = new Deliveries(arena, this.kernel);
    this.calendar = projections.some(isNoted) ? new Calendar(plan, accumulators, arena, this.kernel) : null;
  }

  /** Adds what was noted and is due in these steps to the accumulators. */
  deliverDue(step: number, steps: number): void {
    if (this.calendar !== null) for (let i = 0; i < steps; i++) this.calendar.deliverDue(step + i);
  }

  /** Tells those that learn what their targets sent in these steps. */
  expect(spikes: WindowSpikes, step: number, steps: number): void {
    for (const synapses of this.plastic.values()) {
      const { population } = synapses.part;
      for (let i = 0; i < steps; i++) {
        const list = spikes.list(population, i) / 4;
        synapses.expect(step + i, spikes.words.subarray(list, list + spikes.count(population, i)));
      }
    }
  }

  /**
   * Delivers `n` spikes, listed at `spikes`, that neurons of `population` sent in `step`. It need not be done before
   * `finish`, and the list has to stay as it is until then.
   */
  deliver(population: number, step: number, spikes: number, n: number): void {
    const { at, rowBytes, slots } = this.accumulators;
    const ring = { at, rowBytes, slots, slot: step % slots };
    for (const table of this.tables) {
      if (table.source !== population || table.synapses === 0) continue;
      const plastic = this.plastic.get(table);
      const shortTerm = this.shortTerm.get(table);
      const efficacies = shortTerm?.release(step, spikes, n) ?? 0;
      if (plastic !== undefined) plastic.deliver(step, spikes, n, dueRow(table, ring), efficacies);
      else if (shortTerm !== undefined) shortTerm.deliver(spikes, n, ring);
      else this.deliverStatic(table, step, spikes, n, ring);
      this.due?.mark(table, step, spikes, n);
    }
  }

  finish(): void {
    this.deliveries.finish();
    this.calendar?.finish();
  }

  /** Synapses that stay as they are, each sort in its way (kernels/deliver). */
  private deliverStatic(table: SynapseTable, step: number, spikes: number, n: number, ring: Ring): void {
    const { rows, segments, data, weight, packed, delay, dense } = table;
    const { kernel } = this;
    if (dense !== null) {
      const acc = dueRow(table, ring) + 4 * dense.firstNeuron;
      kernel.deliverDenseQuanta(spikes, n, dense.sources, dense.blocks, data, acc);
    } else if (delay === null && packed) this.calendar!.note(table, step, spikes, n);
    else if (delay === null) {
      const { rowBytes, slot, slots } = ring;
      const channel = channelOf(table, ring);
      kernel.deliverConstantDelayed(spikes, n, rows, segments, data, weight, channel, rowBytes, slot, slots);
    } else if (packed) kernel.deliverPacked(spikes, n, rows, data, weight, dueRow(table, ring));
    else this.deliveries.add(table, spikes, n, dueRow(table, ring));
  }
}
