import { Barrier } from '../../util/barrier.js';
import { Mailbox, mostSpikes } from './mailbox.js';
import type { Plan } from './plan.js';
import type { Changes, SliceWeights } from './plastic.js';
import { Slice } from './slice.js';
import { SpikeLog, type SpikeLogData } from './spike-log.js';
import { type Help, SpikeTarget, type TargetPlaces } from './spike-target.js';
import type { TraceData } from './trace-log.js';

/** What the threads of a simulation share. */
export interface Shared {
  threads: number;
  /** When threads help each other to deliver spikes; null: never. */
  help: Help | null;
  mailbox: SharedArrayBuffer;
  barrier: SharedArrayBuffer;
}

/** What a thread tells of the slices it has built. */
export interface BuildReport {
  synapses: number;
  tableBytes: number;
  memoryBytes: number;
  /** The same for the sources of each projection. */
  projectionDegrees: Uint32Array[];
  /** Where others may help to deliver to its slices. */
  targets: TargetPlaces[];
}

/** Windows that count as the last ones. */
const LATELY = 32;

/** Runs some slices of a network, in step with the threads that run the others. */
export class Runner {
  readonly slices: Slice[];
  private readonly mailbox: Mailbox | null;
  private readonly barrier: Barrier;
  /** Spikes that are being delivered, of each population in each step. */
  private readonly counts: Int32Array;
  private readonly log: SpikeLog;
  /** Slices of all threads, of this one, and of the others. */
  private readonly senders: readonly number[];
  private readonly own: readonly number[];
  private readonly others: readonly number[];
  /** Whether spikes have to be delivered in the order of their steps: synapses that learn want them so. */
  private readonly inOrder: boolean;
  /** If threads help each other: slices of this one, and of the others. */
  private ownTargets: SpikeTarget[] = [];
  private otherTargets: SpikeTarget[] = [];
  /** The share of the last windows in which the others had to wait for this thread. */
  private late = 0;
  private turn = 0;

  constructor(
    private readonly plan: Plan,
    indices: readonly number[],
    private readonly shared: Shared,
  ) {
    this.barrier = new Barrier(new Int32Array(shared.barrier), shared.threads);
    this.mailbox = plan.slices > 1 ? new Mailbox(plan, shared.mailbox) : null;
    const spikes = plan.populations.reduce((sum, { size }, p) => sum + mostSpikes(plan, p, size), 0);
    const room = {
      inboxWords: plan.slices > 1 ? spikes : 0,
      helpers: shared.help === null ? 0 : shared.threads,
    };
    this.slices = indices.map((index) => new Slice(plan, index, room));
    this.counts = new Int32Array(plan.populations.length * plan.window);
    this.log = new SpikeLog(plan);
    this.senders = Array.from({ length: plan.slices }, (_, slice) => slice);
    this.own = indices;
    this.others = this.senders.filter((slice) => !indices.includes(slice));
    this.inOrder = plan.projections.some(({ plastic }) => plastic !== null);
  }

  report(): BuildReport {
    const sum = (of: (slice: Slice) => number) => this.slices.reduce((total, slice) => total + of(slice), 0);
    const projectionDegrees = this.plan.projections.map((_, p) =>
      addUp(this.slices.map((slice) => slice.synapses.projectionDegrees[p])),
    );
    return {
      synapses: sum(({ synapses: { tables } }) => tables.reduce((n, { synapses }) => n + synapses, 0)),
      tableBytes: sum(({ synapses: { tables } }) => tables.reduce((n, { bytes }) => n + bytes, 0)),
      memoryBytes: sum(({ arena }) => arena.bytes),
      projectionDegrees,
      targets: this.slices.flatMap(({ places }) => places ?? []),
    };
  }

  /** Learns of the slices of all threads, to which it delivers from now on when it has nothing else to do. */
  meet(targets: readonly TargetPlaces[]): void {
    const { own, plan, shared } = this;
    const thread = own[0] / own.length;
    const known = (wanted: readonly TargetPlaces[]) =>
      wanted.map((places) => new SpikeTarget(plan, places, thread, shared.threads));
    this.ownTargets = known(targets.filter(({ slice }) => own.includes(slice)));
    // Those that helped the same slice first would be in each other's way.
    const others = targets.filter(({ slice }) => !own.includes(slice));
    const next = others.findIndex(({ slice }) => slice > own[0]);
    this.otherTargets = known([...others.slice(next), ...others.slice(0, next)]);
  }

  /** Advances by `steps` steps, window by window. */
  run(from: number, steps: number): void {
    const { window } = this.plan;
    const end = from + steps;
    for (let step = from; step < end; step += window) this.runWindow(step, Math.min(window, end - step));
  }

  /** By population: neurons × steps that this thread's slices have advanced. */
  neuronUpdates(): Float64Array {
    return addUp(this.slices.map((slice) => slice.neurons.updates));
  }

  /** The spikes of this thread's slices since the last call. */
  takeSpikes(): SpikeLogData {
    return this.log.take();
  }

  /** What this thread's slices recorded since the last call: one entry a slice for each trace of the plan. */
  takeTraces(): TraceData[][] {
    return this.plan.traces.map((_, t) => this.slices.map((slice) => slice.traces[t].take()));
  }

  /** The weights of a projection that learns, one entry a slice, at the beginning of `step`. */
  weights(projection: number, step: number): SliceWeights[] {
    return this.plastic()
      .filter(({ plan }) => plan.projection === projection)
      .map((synapses) => synapses.weights(step));
  }

  /** What learning has done before `step`: an entry for each projection that learns, in each slice. */
  changes(step: number): Changes[] {
    return this.plastic().map((synapses) => synapses.changes(step));
  }

  private plastic() {
    return this.slices.flatMap((slice) => [...slice.synapses.plastic.values()]);
  }

  /** Whether it is time to help, and for the others to help this thread. */
  private get isTimeToHelp(): boolean {
    return this.ownTargets.length > 0 && this.turn >= this.shared.help!.fromWindow;
  }

  private get isBehind(): boolean {
    return this.isTimeToHelp && this.late > this.shared.help!.lateShare;
  }

  private runWindow(step: number, steps: number): void {
    const { slices, mailbox, log, barrier } = this;
    for (const slice of slices) {
      slice.advance(step, steps);
      mailbox?.post(slice, this.turn);
    }
    const isLast = barrier.arrive();
    for (const slice of slices) log.add(slice, step, steps);
    if (mailbox === null) this.deliverOwn(slices[0], step, steps);
    else if (this.inOrder) {
      barrier.wait();
      this.deliverFrom(this.senders, mailbox, step, steps);
    } else if (this.isBehind) this.deliverWithHelp(mailbox, step, steps, isLast);
    else {
      // The thread's own spikes first: meanwhile the others come.
      this.deliverFrom(this.own, mailbox, step, steps);
      barrier.wait();
      this.deliverFrom(this.others, mailbox, step, steps);
      // What another offers; the last part is left to the one who waits for it.
      if (this.isTimeToHelp) for (const target of this.otherTargets) target.deliverParts(this.turn, step, 1);
    }
    this.late += (Number(isLast) - this.late) / LATELY;
    this.turn += 1;
  }

  /**
   * Delivers the spikes of the window with the help of those that wait for this thread. Where it comes last to the
   * meeting, as it mostly does, it can offer all; else it begins with its own spikes, as it knows no others.
   */
  private deliverWithHelp(mailbox: Mailbox, step: number, steps: number, isLast: boolean): void {
    const { slices, counts, turn, ownTargets } = this;
    if (!isLast) this.deliverFrom(this.own, mailbox, step, steps);
    this.barrier.wait();
    const spikes = mailbox.collect(turn, isLast ? this.senders : this.others, slices[0].inbox, counts);
    for (const [s, { agenda }] of ownTargets.entries()) {
      if (s > 0) slices[s].inbox.set(slices[0].inbox.subarray(0, spikes));
      agenda.open(turn, steps, counts);
    }
    for (const target of ownTargets) target.deliverParts(turn, step, 0);
    for (const { agenda } of ownTargets) agenda.close(turn);
  }

  private deliverOwn(slice: Slice, step: number, steps: number): void {
    for (let i = 0; i < steps; i++)
      for (let population = 0; population < this.plan.populations.length; population++) {
        const n = slice.spikes.count(population, i);
        if (n > 0) slice.synapses.deliver(population, step + i, slice.spikes.list(population, i), n);
      }
    slice.synapses.finish();
  }

  /** Delivers what these slices have posted to the slices of this thread. */
  private deliverFrom(senders: readonly number[], mailbox: Mailbox, step: number, steps: number): void {
    if (senders.length === 0) return;
    const { slices, counts } = this;
    const { window, populations } = this.plan;
    const spikes = mailbox.collect(this.turn, senders, slices[0].inbox, counts);
    for (const slice of slices) {
      if (slice !== slices[0]) slice.inbox.set(slices[0].inbox.subarray(0, spikes));
      let at = slice.inbox.byteOffset;
      for (let population = 0, entry = 0; population < populations.length; population++)
        for (let i = 0; i < window; i++, entry++) {
          const n = counts[entry];
          if (n > 0 && i < steps) slice.synapses.deliver(population, step + i, at, n);
          at += 4 * n;
        }
      slice.synapses.finish();
    }
  }
}

/** The sum of arrays of one length, element by element. */
export function addUp<T extends Uint32Array | Float64Array>(arrays: readonly T[]): T {
  const sum = arrays[0].slice() as T;
  for (const array of arrays.slice(1)) for (let i = 0; i < sum.length; i++) sum[i] += array[i];
  return sum;
}
