import type { Arena } from '../../../kernels/arena.js';
import {
  calendarBytes,
  calendarListBytes,
  calendarSlots,
  controlWords,
  type DeliverKernel,
  NOTICE_WORDS,
  SPAN,
} from '../../../kernels/deliver/index.js';
import type { Plan, ProjectionPlan } from './plan.js';
import type { Accumulators } from './ring.js';
import type { SynapseTable } from './synapse-table.js';

/** Whether the synapses of a projection are noted until they are due: each has a weight and a delay of its own. */
export function isNoted({ packed, delays, shortTerm }: ProjectionPlan): boolean {
  return packed && delays > 1 && shortTerm === null;
}

/** Segments that a slice notes for one span; more are added at once. */
export function mostNotes(neurons: number): number {
  return Math.min(16_384, 2 * neurons);
}

/**
 * Slots of the accumulators of a slice. Where all that is on its way is noted, they need hold no more than a window and
 * the rest of its last span, and stay in the second-level cache.
 */
export function ringSlots({ window, slots, projections, populations }: Plan): number {
  const all = projections.length > 0 && projections.every(isNoted);
  // Who sleeps looks for input in a slot of its own for each step.
  if (!all || populations.some(({ sleep }) => sleep !== null)) return slots;
  return SPAN * Math.ceil((window + SPAN - 1) / SPAN);
}

/** Lists of spikes that are noted together at the most. */
const MOST_NOTICES = 64;

/** What is on its way to a slice, by the step in which it is due (kernels/deliver). */
export class Calendar {
  private readonly slots: number;
  private readonly room: number;
  private readonly listBytes: number;
  private readonly lists: number;
  /** Accumulators for what finds no room in the lists. */
  private readonly late: number;
  /** Whether there is any of that in a slot; behind it the lengths of the lists. */
  private readonly control: Int32Array;
  private readonly notices: Int32Array;
  private n = 0;

  constructor(
    private readonly plan: Plan,
    private readonly ring: Accumulators,
    arena: Arena,
    private readonly kernel: DeliverKernel,
  ) {
    const { channels, slots, populations } = plan;
    this.slots = calendarSlots(slots - 1);
    this.room = mostNotes(populations.reduce((sum, { size }) => sum + size, 0));
    this.listBytes = calendarListBytes(this.room);
    this.lists = arena.uint8(calendarBytes(this.slots, this.room)).byteOffset;
    this.late = arena.uint8(channels * this.slots * ring.rowBytes).byteOffset;
    this.notices = arena.int32(MOST_NOTICES * NOTICE_WORDS);
    this.control = arena.int32(controlWords(this.slots));
  }

  /**
   * Takes note of what `n` spikes, listed at `spikes`, of sources that sent them in `step` will do. The list has to stay
   * as it is until `finish`.
   */
  note(
    { channel, rows, segments, data, weight }: SynapseTable,
    step: number,
    spikes: number,
    n: number,
  ): void {
    if (this.n === MOST_NOTICES) this.finish();
    const { notices, slots, ring } = this;
    const at = NOTICE_WORDS * this.n;
    notices[at] = spikes;
    notices[at + 1] = n;
    notices[at + 2] = rows;
    notices[at + 3] = segments;
    notices[at + 4] = data;
    notices[at + 5] = (channel << 5) | weight;
    notices[at + 6] = step % slots;
    notices[at + 7] = this.late + channel * slots * ring.rowBytes;
    this.n += 1;
  }

  /** Notes all that was given to `note`: the rows of many spikes take hardly longer to come than those of a few. */
  finish(): void {
    const { kernel, notices, n, slots, lists, room, listBytes, ring, control } = this;
    if (n === 0) return;
    kernel.notePacked(
      notices.byteOffset,
      n,
      slots,
      lists,
      room,
      listBytes,
      ring.rowBytes,
      control.byteOffset,
    );
    this.n = 0;
  }

  /** Adds what is due in `step`, and what is known of the rest of its span, to the accumulators. */
  deliverDue(step: number): void {
    const { ring, kernel } = this;
    const first = step - (step % SPAN);
    const row = (at: number) => ring.at + (at % ring.slots) * ring.rowBytes;
    const span = (first % this.slots) / SPAN;
    const length = this.control.byteOffset + 4 * (this.slots + span);
    kernel.deliverDue(
      this.lists + span * this.listBytes,
      length,
      row(first),
      row(first + 1),
      ring.slots * ring.rowBytes,
    );
    if (this.control[step % this.slots] !== 0) this.deliverLate(step);
  }

  private deliverLate(step: number): void {
    const { ring, slots } = this;
    for (let channel = 0; channel < this.plan.channels; channel++) {
      const from = this.late + (channel * slots + (step % slots)) * ring.rowBytes;
      const to = ring.at + (channel * ring.slots + (step % ring.slots)) * ring.rowBytes;
      this.kernel.moveSums(from, to, ring.rowBytes);
    }
    this.control[step % slots] = 0;
  }
}
