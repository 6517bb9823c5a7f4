import { Barrier } from '../../util/barrier.js';
import { Mailbox, mostSpikes } from './mailbox.js';
import type { Plan } from './plan.js';
import type { Changes, SliceWeights } from './plastic.js';
import { Slice } from './slice.js';
import { SpikeLog, type SpikeLogData } from './spike-log.js';
import type { TraceData } from './trace-log.js';

/** What the threads of a simulation share. */
export interface Shared {
  threads: number;
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
}

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
  private turn = 0;

  constructor(
    private readonly plan: Plan,
    indices: readonly number[],
    shared: Shared,
  ) {
    this.barrier = new Barrier(new Int32Array(shared.barrier), shared.threads);
    this.mailbox = plan.slices > 1 ? new Mailbox(plan, shared.mailbox) : null;
    const spikes = plan.populations.reduce((sum, { size }, p) => sum + mostSpikes(plan, p, size), 0);
    this.slices = indices.map((index) => new Slice(plan, index, plan.slices > 1 ? spikes : 0));
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
    };
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

  private runWindow(step: number, steps: number): void {
    const { slices, mailbox, log, barrier } = this;
    for (const slice of slices) {
      slice.advance(step, steps);
      mailbox?.post(slice, this.turn);
    }
    barrier.arrive();
    for (const slice of slices) log.add(slice, step, steps);
    if (mailbox === null) this.deliverOwn(slices[0], step, steps);
    else if (this.inOrder) {
      barrier.wait();
      this.deliverFrom(this.senders, mailbox, step, steps);
    } else {
      // The thread's own spikes first: meanwhile the others come.
      this.deliverFrom(this.own, mailbox, step, steps);
      barrier.wait();
      this.deliverFrom(this.others, mailbox, step, steps);
    }
    this.turn += 1;
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
