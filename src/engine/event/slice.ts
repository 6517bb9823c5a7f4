import { Arena } from '../../../kernels/arena.js';
import { loadKernel } from '../../../kernels/load.js';
import type { RandomKernel } from '../../../kernels/random/index.js';
import { type Advance, advanceOf } from './advance.js';
import { ringSlots } from './calendar.js';
import { DueGroups } from './due-groups.js';
import { GROUP, partsOf } from './layout.js';
import { type PartState, placePart } from './place-part.js';
import type { Plan } from './plan.js';
import { PoissonInput } from './poisson-input.js';
import type { Accumulators } from './ring.js';
import { Sleep } from './sleep.js';
import { SliceNeurons } from './slice-neurons.js';
import { SliceSynapses } from './slice-synapses.js';
import { TraceLog } from './trace-log.js';
import { WindowSpikes } from './window-spikes.js';

/**
 * A slice of the network: a share of every population with the synapses that end there, in a memory of its own.
 * It knows nothing of the others but the spikes that it is given.
 */
export class Slice {
  readonly arena = new Arena();
  readonly parts: PartState[];
  /** Recorded variables of this slice's neurons, in the order of the plan. */
  readonly traces: TraceLog[];
  readonly synapses: SliceSynapses;
  readonly neurons: SliceNeurons;
  /** Spikes of the last window. */
  readonly spikes: WindowSpikes;
  /** Room for the spikes of a window of all slices. */
  readonly inbox: Int32Array;
  private readonly poisson: PoissonInput[];
  /** By population. */
  private readonly advances: Advance[];

  constructor(
    plan: Plan,
    readonly index: number,
    inboxWords = 0,
  ) {
    const { arena } = this;
    const random = loadKernel<RandomKernel>('random', arena.memory);
    const parts = partsOf(plan, index);
    const neurons = parts.reduce((sum, { padded }) => sum + padded, 0);
    const ring = placeRing(plan, neurons, arena);
    const spikeCounts = arena.int32(parts.length * plan.window).byteOffset;
    this.parts = parts.map((part) => placePart(part, plan, arena, random));
    this.traces = plan.traces.map((trace) => new TraceLog(trace, parts[trace.population]));
    this.poisson = plan.poissonInputs.map(
      (input) => new PoissonInput(input, this.parts[input.target], ring, arena, random),
    );
    this.inbox = arena.int32(inboxWords);
    const sleeping = plan.populations.some(({ sleep }) => sleep !== null);
    const due = sleeping ? new DueGroups(neurons, ring.slots, arena) : null;
    this.synapses = new SliceSynapses({ plan, parts, neurons }, ring, due, arena);
    const sleeps = this.parts.map((part) => sleepOf(part, plan, ring, due, arena));
    // From here on the memory does not grow.
    this.spikes = new WindowSpikes(this.parts, plan.window, spikeCounts, new Int32Array(arena.memory.buffer));
    this.neurons = new SliceNeurons(plan, ring, this.spikes, this.traces, arena);
    this.advances = this.parts.map((part, p) =>
      advanceOf(part, plan.populations[part.population], sleeps[p], this.neurons, this.spikes),
    );
  }

  /** Advances all neurons by `steps` steps, at most a window; what they sent is then in `spikes`. */
  advance(step: number, steps: number): void {
    this.spikes.clear();
    for (const input of this.poisson) input.add(step, steps);
    this.synapses.deliverDue(step, steps);
    for (const advance of this.advances) advance(step, steps);
    this.synapses.expect(this.spikes, step, steps);
  }
}

/** Accumulators: rows of all neurons, one a slot, for each channel. */
function placeRing(plan: Plan, neurons: number, arena: Arena): Accumulators {
  // One more group: targets that pad a row of synapses point there.
  const rowBytes = 4 * (neurons + GROUP);
  const slots = ringSlots(plan);
  return { at: arena.uint8(plan.channels * slots * rowBytes).byteOffset, rowBytes, slots };
}

function sleepOf(
  part: PartState,
  { populations }: Plan,
  { at, rowBytes, slots }: Accumulators,
  due: DueGroups | null,
  arena: Arena,
): Sleep | null {
  const { sleep, states } = populations[part.population];
  if (sleep === null || due === null) return null;
  const [groups, firstGroup] = [part.padded / GROUP, part.local / GROUP];
  const place = { ...part, variables: states.length, groups, firstGroup };
  const arrivals = { ring: at + 4 * part.local, rowBytes, slots, due: due.at, dueBytes: due.rowBytes };
  return new Sleep(sleep, place, arrivals, due.kernel, arena);
}
