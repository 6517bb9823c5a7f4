import type { Arena } from '../../../kernels/arena.js';
import type { DeliverKernel } from '../../../kernels/deliver/index.js';
import { loadKernel } from '../../../kernels/load.js';
import { looksFor } from '../../util/barrier.js';
import { Agenda, type Part, placeAgenda } from './agenda.js';
import { type DeliveryRoom, deliveryRoom } from './deliveries.js';
import type { Plan } from './plan.js';
import type { Accumulators } from './ring.js';
import { StaticDelivery } from './static-delivery.js';
import type { SynapseTable } from './synapse-table.js';

/** What a thread needs to know to deliver spikes to a slice that it may not have; it can be posted to a worker. */
export interface TargetPlaces {
  slice: number;
  memory: WebAssembly.Memory;
  tables: readonly SynapseTable[];
  accumulators: Accumulators;
  /** Addresses of the list of spikes and of the agenda. */
  inbox: number;
  agenda: number;
  /** By thread. */
  rooms: DeliveryRoom[];
}

/** When threads help each other. */
export interface Help {
  /** Code that is not compiled yet costs more than help gains. */
  fromWindow: number;
  /** A thread offers its work where it came last to so large a share of the last meetings. */
  lateShare: number;
}

/** With two equal threads a share of 0.75 is four standard deviations from one half. */
export const HELP: Help = { fromWindow: 2000, lateShare: 0.75 };

/**
 * Whether threads can deliver to each other's slices: where nothing changes but accumulators, and what is sent in
 * different steps arrives in different ones.
 */
export function canHelp({ projections, populations }: Plan): boolean {
  if (projections.length === 0 || populations.some(({ sleep }) => sleep !== null)) return false;
  const [{ firstDelay }] = projections;
  return projections.every(
    ({ plastic, shortTerm, delays, firstDelay: own }) =>
      plastic === null && shortTerm === null && delays === 1 && own === firstDelay,
  );
}

/** Reserves what threads need to deliver to a slice. */
export function placeTarget(
  slice: number,
  plan: Plan,
  threads: number,
  arena: Arena,
  known: Pick<TargetPlaces, 'tables' | 'accumulators' | 'inbox'>,
): TargetPlaces {
  const agenda = placeAgenda(plan, arena);
  const rooms = Array.from({ length: threads }, () => deliveryRoom(arena));
  return { ...known, slice, memory: arena.memory, agenda, rooms };
}

/** A slice as one thread delivers spikes to it, its own or another's. */
export class SpikeTarget {
  readonly agenda: Agenda;
  private readonly delivery: StaticDelivery;
  /** By population. */
  private readonly tables: SynapseTable[][];

  constructor(
    plan: Plan,
    private readonly places: TargetPlaces,
    thread: number,
    threads: number,
  ) {
    const { memory, tables, accumulators, rooms } = places;
    this.agenda = new Agenda(plan, memory, places.agenda, looksFor(threads));
    this.delivery = new StaticDelivery(
      accumulators,
      loadKernel<DeliverKernel>('deliver', memory),
      rooms[thread],
    );
    this.tables = plan.populations.map((_, population) =>
      tables.filter(({ source, synapses }) => source === population && synapses > 0),
    );
  }

  /** Delivers parts of the window that begins with `step` until no more than `left` are to be claimed. */
  deliverParts(turn: number, step: number, left: number): void {
    while (this.deliverPart(turn, step, left));
  }

  /** Delivers one part; false if no more than `left` are to be claimed. */
  deliverPart(turn: number, step: number, left: number): boolean {
    const part = this.agenda.claim(turn, left);
    if (part === null) return false;
    this.deliver(part, step);
    this.agenda.done();
    return true;
  }

  private deliver({ from, to }: Part, step: number): void {
    const { agenda, delivery, tables, places } = this;
    for (let i = from; i < to; i++) {
      const ring = delivery.ringAt(step + i);
      for (let population = 0; population < tables.length; population++) {
        const [begin, end] = agenda.spikes(population, i);
        if (end === begin) continue;
        for (const table of tables[population])
          delivery.deliver(table, places.inbox + 4 * begin, end - begin, ring);
      }
    }
    delivery.finish();
  }
}
