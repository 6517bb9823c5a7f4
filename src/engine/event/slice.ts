import { Arena } from '../../../kernels/arena.js';
import type { ConnectKernel } from '../../../kernels/connect/index.js';
import type { DeliverKernel } from '../../../kernels/deliver/index.js';
import { FLUSH_STEPS, type FlushKernel } from '../../../kernels/flush/index.js';
import { loadKernel } from '../../../kernels/load.js';
import type { RandomKernel } from '../../../kernels/random/index.js';
import { dueBytes, type SleepKernel } from '../../../kernels/sleep/index.js';
import { RunError } from '../../util/errors.js';
import { Calendar, isNoted, ringSlots } from './calendar.js';
import { Deliveries } from './deliveries.js';
import { Emitter, Injector } from './inject.js';
import { GROUP, partsOf } from './layout.js';
import { type PartState, placePart } from './place-part.js';
import type { Plan } from './plan.js';
import { PlasticSynapses } from './plastic.js';
import { PoissonInput } from './poisson-input.js';
import { channelOf, dueRow, type Ring } from './ring.js';
import { ShortTermRows } from './short-term.js';
import { Sleep } from './sleep.js';
import type { SynapseTable } from './synapse-table.js';
import { buildTables } from './tables.js';
import { TraceLog } from './trace-log.js';
import { inTrials } from './trials.js';

/**
 * A slice of the network: a share of every population with the synapses that end there, in a memory of its own.
 * It knows nothing of the others but the spikes that it is given.
 */
export class Slice {
  readonly arena = new Arena();
  readonly parts: PartState[];
  /** Recorded variables of this slice's neurons, in the order of the plan. */
  readonly traces: TraceLog[];
  readonly tables: SynapseTable[];
  /** Tables that learn, by table. */
  readonly plastic = new Map<SynapseTable, PlasticSynapses>();
  private readonly shortTerm = new Map<SynapseTable, ShortTermRows>();
  /** Room for the spikes of a window of all slices. */
  readonly inbox: Int32Array;
  /** Synapses in this slice of the sources of each projection. */
  readonly projectionDegrees: Uint32Array[];
  private readonly random: RandomKernel;
  private readonly deliverKernel: DeliverKernel;
  private readonly flushKernel: FlushKernel;
  private readonly poisson: PoissonInput[];
  private readonly deliveries: Deliveries;
  /** What is on its way and was noted; null where all is added at once. */
  private readonly calendar: Calendar | null;
  private readonly spikeCounts: number;
  /** Accumulators: rows of all neurons, one a slot, for each channel. */
  private readonly ring: number;
  private readonly rowBytes: number;
  private readonly slots: number;
  /** By population: neurons × steps advanced so far; those that slept are not among them. */
  readonly neuronUpdates: Float64Array;
  /** Views of the memory, which does not grow after the slice was built. */
  readonly words: Int32Array;
  /** By population: null where none sleeps. */
  private readonly sleeps: (Sleep | null)[];
  /** Which groups have input, a row of bits for each slot: its address, or 0 where none sleeps. */
  private readonly due: number;
  private readonly dueBytes: number;
  private readonly sleepKernel: SleepKernel;
  /** By population: given spikes, and variables that are injected; null where there are none. */
  private readonly emitters: (Emitter | null)[];
  private readonly injectors: (Injector | null)[];
  /** By population: the state at the beginning of a trial; null where there are none. */
  private readonly initial: (Int32Array | null)[];
  private readonly floats: Float32Array;
  /** The step to come. */
  private next = 0;

  constructor(
    private readonly plan: Plan,
    readonly index: number,
    inboxWords = 0,
  ) {
    const { arena } = this;
    const { memory } = arena;
    this.random = loadKernel<RandomKernel>('random', memory);
    this.deliverKernel = loadKernel<DeliverKernel>('deliver', memory);
    this.flushKernel = loadKernel<FlushKernel>('flush', memory);
    this.neuronUpdates = new Float64Array(plan.populations.length);
    const parts = partsOf(plan, index);
    const neurons = parts.reduce((sum, { padded }) => sum + padded, 0);
    // One more group: targets that pad a row of synapses point there.
    this.rowBytes = 4 * (neurons + GROUP);
    this.slots = ringSlots(plan);
    this.ring = arena.uint8(plan.channels * this.slots * this.rowBytes).byteOffset;
    this.spikeCounts = arena.int32(parts.length * plan.window).byteOffset;
    this.parts = parts.map((part) => placePart(part, plan, arena, this.random));
    this.traces = plan.traces.map((trace) => new TraceLog(trace, parts[trace.population]));
    const accumulators = { at: this.ring, rowBytes: this.rowBytes, slots: this.slots };
    this.poisson = plan.poissonInputs.map(
      (input) => new PoissonInput(input, this.parts[input.target], accumulators, arena, this.random),
    );
    const connect = loadKernel<ConnectKernel>('connect', memory);
    this.inbox = arena.int32(inboxWords);
    const { populations, projections } = plan;
    this.projectionDegrees = projections.map(({ source }) => arena.uint32(populations[source].size));
    const { projectionDegrees } = this;
    this.tables = buildTables({ plan, parts, nobody: neurons, projectionDegrees, arena, kernel: connect });
    for (const table of this.tables) {
      const sources = plan.populations[table.source].size;
      if (table.shortTerm !== null)
        this.shortTerm.set(table, new ShortTermRows(table, table.shortTerm, sources, arena));
      if (table.plastic === null) continue;
      const part = parts[plan.projections[table.plastic.projection].target];
      this.plastic.set(table, new PlasticSynapses(table, table.plastic, part, sources, arena));
    }
    this.deliveries = new Deliveries(arena, this.deliverKernel);
    const noted = projections.some(isNoted);
    this.calendar = noted ? new Calendar(plan, accumulators, arena, this.deliverKernel) : null;
    const sleeping = plan.populations.some(({ sleep }) => sleep !== null);
    this.dueBytes = dueBytes(neurons / GROUP + 1);
    this.due = sleeping ? arena.uint8(this.slots * this.dueBytes).byteOffset : 0;
    this.sleepKernel = loadKernel<SleepKernel>('sleep', memory);
    this.sleeps = this.parts.map((part) => this.sleepOf(part));
    this.words = new Int32Array(memory.buffer);
    this.floats = new Float32Array(memory.buffer);
    this.emitters = this.parts.map((part) => {
      const { emits } = plan.populations[part.population];
      return emits === null ? null : new Emitter(emits, part);
    });
    this.initial = this.parts.map((part) => {
      const { trials } = plan.populations[part.population];
      return trials === null ? null : this.stateWords(part).slice();
    });
    this.injectors = this.parts.map((part) => {
      const { injections } = plan.populations[part.population];
      if (injections.length === 0) return null;
      const variable = (i: number) => (part.state + i * part.stateBytes) / 4;
      return new Injector(injections, part, (i) =>
        this.floats.subarray(variable(i), variable(i) + part.count),
      );
    });
  }

  /** Advances all neurons by `steps` steps, at most a window; the spikes are then in `spikesOf`. */
  advance(step: number, steps: number): void {
    const { plan, words } = this;
    words.fill(0, this.spikeCounts / 4, this.spikeCounts / 4 + plan.populations.length * plan.window);
    for (const input of this.poisson) input.add(step, steps);
    if (this.calendar !== null) for (let i = 0; i < steps; i++) this.calendar.deliverDue(step + i);
    for (const part of this.parts) {
      if (part.count === 0) continue;
      const sleep = this.sleeps[part.population];
      const emitter = this.emitters[part.population];
      const injector = this.injectors[part.population];
      const initial = this.initial[part.population];
      if (emitter !== null)
        for (let i = 0; i < steps; i++) {
          const n = emitter.take(step + i, words, this.spikeList(part.population, i) >> 2);
          words[this.countAddress(part.population, i) >> 2] = n;
        }
      else if (sleep !== null) {
        const reached = sleep.advance(step, steps, (first, groups, from, n) =>
          this.update(part, step, from - step, n, first, groups),
        );
        this.neuronUpdates[part.population] += reached;
      } else if (initial !== null) this.runTrials(part, initial, step, steps);
      else if (injector === null) this.updateAwake(part, step, 0, steps);
      else injector.advance(step, steps, (from, n) => this.updateAwake(part, step, from, from + n));
    }
    for (const synapses of this.plastic.values()) {
      const { population } = synapses.part;
      for (let i = 0; i < steps; i++) {
        const list = this.spikeList(population, i) / 4;
        synapses.expect(step + i, words.subarray(list, list + this.spikeCount(population, i)));
      }
    }
  }

  /**
   * Advances a part of which nobody sleeps, from step `start` of the window to step `end`. Now and then what is next
   * to nothing is set to 0 first.
   */
  private updateAwake(part: PartState, step: number, start: number, end: number): void {
    const update = (from: number, to: number) => {
      if (this.traces.length === 0) this.update(part, step, from, to - from);
      else this.updateAndRecord(part, step, from, to);
    };
    // Always before the same steps, so that it does not matter how a run is cut into pieces.
    const due = FLUSH_STEPS * Math.ceil((step + start) / FLUSH_STEPS) - step;
    if (due > start) update(start, Math.min(due, end));
    if (due >= end) return;
    this.flushKernel.flush(part.state, part.padded * this.plan.populations[part.population].states.length);
    update(due, end);
  }

  private updateAndRecord(part: PartState, step: number, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      this.update(part, step, i, 1);
      this.record(part);
    }
  }

  /** Advances a part in its trials. Between two of them its state stands as it was, and is recorded so. */
  private runTrials(part: PartState, initial: Int32Array, step: number, steps: number): void {
    const { channels, populations } = this.plan;
    const { slots } = this;
    inTrials(populations[part.population].trials!, step, steps, {
      begin: () => this.stateWords(part).set(initial),
      advance: (from, to) => this.updateAwake(part, step, from, to),
      pass: (i) => {
        for (let channel = 0; channel < channels; channel++) {
          const row = this.ring + (channel * slots + ((step + i) % slots)) * this.rowBytes;
          this.words.fill(0, row / 4 + part.local, row / 4 + part.local + part.padded);
        }
        this.record(part);
      },
    });
  }

  /** All variables of a part, and behind them the steps until which its neurons are held. */
  private stateWords({ state, stateBytes, population }: PartState): Int32Array {
    const { states } = this.plan.populations[population];
    return this.words.subarray(state / 4, (state + (states.length + 1) * stateBytes) / 4);
  }

  private record({ population }: PartState): void {
    for (const trace of this.traces)
      if (trace.population === population) trace.read(this.state(population, trace.variable));
  }

  /** Advances one part by `steps` steps of the window, from the `i`-th. */
  private update(
    part: PartState,
    windowStart: number,
    i: number,
    steps: number,
    firstGroup = 0,
    groups = part.padded / GROUP,
  ): void {
    const { plan } = this;
    const step = windowStart + i;
    this.next = step + steps;
    const skip = 4 * GROUP * firstGroup;
    this.neuronUpdates[part.population] += steps * Math.min(GROUP * groups, part.count - GROUP * firstGroup);
    const bad = part.update(
      part.state + skip,
      part.stateBytes,
      part.coefficients,
      this.ring + 4 * part.local + skip,
      this.rowBytes,
      this.slots * this.rowBytes,
      step % this.slots,
      this.slots,
      groups,
      step,
      steps,
      plan.populations[part.population].refractorySteps,
      part.from + GROUP * firstGroup,
      part.count - GROUP * firstGroup,
      this.countAddress(part.population, i),
      part.spikeLists + i * part.listBytes,
      part.listBytes,
      part.wake,
    );
    if (bad >= 0) this.reportBroken(part, step, steps);
  }

  /** How many neurons of a population (in this slice) spiked in the `i`-th step of the window … */
  spikeCount(population: number, i: number): number {
    return this.words[this.countAddress(population, i) >> 2];
  }

  /** … and the address of the list of their indices in the population. */
  spikeList(population: number, i: number): number {
    const part = this.parts[population];
    return part.spikeLists + i * part.listBytes;
  }

  /**
   * Delivers `n` spikes, listed at `spikes`, that neurons of `population` sent in `step`. It need not be done before
   * `finishDelivery`, and the list has to stay as it is until then.
   */
  deliver(population: number, step: number, spikes: number, n: number): void {
    const { rowBytes, slots } = this;
    const ring = { at: this.ring, rowBytes, slots, slot: step % slots };
    for (const table of this.tables) {
      if (table.source !== population || table.synapses === 0) continue;
      const plastic = this.plastic.get(table);
      const shortTerm = this.shortTerm.get(table);
      const efficacies = shortTerm?.release(step, spikes, n) ?? 0;
      if (plastic !== undefined) plastic.deliver(step, spikes, n, dueRow(table, ring), efficacies);
      else if (shortTerm !== undefined) shortTerm.deliver(spikes, n, ring);
      else this.deliverStatic(table, step, spikes, n, ring);
      if (this.due !== 0) this.mark(table, step, spikes, n);
    }
  }

  finishDelivery(): void {
    this.deliveries.finish();
    this.calendar?.finish();
  }

  /** Synapses that stay as they are, each sort in its way (kernels/deliver). */
  private deliverStatic(table: SynapseTable, step: number, spikes: number, n: number, ring: Ring): void {
    const { rows, segments, data, weight, packed, delay } = table;
    const { deliverKernel: kernel } = this;
    if (delay === null && packed) this.calendar!.note(table, step, spikes, n);
    else if (delay === null) {
      const { rowBytes, slot, slots } = ring;
      const channel = channelOf(table, ring);
      kernel.deliverConstantDelayed(spikes, n, rows, segments, data, weight, channel, rowBytes, slot, slots);
    } else if (packed) kernel.deliverPacked(spikes, n, rows, data, weight, dueRow(table, ring));
    else this.deliveries.add(table, spikes, n, dueRow(table, ring));
  }

  /** A state variable of this slice's part of a population, as it is now. */
  state(population: number, variable: number): Float32Array {
    const { state, stateBytes, count } = this.parts[population];
    const { states, pairs } = this.plan.populations[population];
    const { offset, scale } = states[variable];
    const at = (state + variable * stateBytes) / 4;
    const until = (state + states.length * stateBytes) / 4;
    // Where a neuron was held in the last step, NaN may stand for the value at which it was.
    const isHeld = (stored: number, i: number) =>
      pairs && Number.isNaN(stored) && this.words[until + i] >= this.next - 1;
    return this.floats
      .subarray(at, at + count)
      .map((stored, i) => offset + scale * (isHeld(stored, i) ? 0 : stored));
  }

  /** Tells those that sleep when they have input. */
  private mark(
    { rows, segments, data, packed, delay }: SynapseTable,
    step: number,
    spikes: number,
    n: number,
  ): void {
    const { sleepKernel, slots, due, dueBytes } = this;
    const size = packed ? 4 : 2;
    const row = (of: number) => due + (of % slots) * dueBytes;
    if (delay !== null) sleepKernel.markRows(spikes, n, rows, data, size, row(step + 1 + delay));
    else sleepKernel.markSegments(spikes, n, rows, segments, data, size, due, dueBytes, step % slots, slots);
  }

  private countAddress(population: number, i: number): number {
    return this.spikeCounts + 4 * (population * this.plan.window + i);
  }

  private sleepOf(part: PartState): Sleep | null {
    const { sleep, states } = this.plan.populations[part.population];
    if (sleep === null) return null;
    const { rowBytes, due, dueBytes } = this;
    const [groups, firstGroup] = [part.padded / GROUP, part.local / GROUP];
    const place = { ...part, variables: states.length, groups, firstGroup };
    const arrivals = {
      ring: this.ring + 4 * part.local,
      rowBytes,
      slots: this.slots,
      due,
      dueBytes,
    };
    return new Sleep(sleep, place, arrivals, this.sleepKernel, this.arena);
  }

  private reportBroken(part: PartState, step: number, steps: number): never {
    const { populations, dtMs } = this.plan;
    const population = populations[part.population];
    for (let variable = 0; variable < population.states.length; variable++) {
      const values = this.state(part.population, variable);
      const neuron = values.findIndex((value) => !Number.isFinite(value));
      if (neuron < 0) continue;
      throw new RunError(
        `${population.states[variable].name} of neuron ${part.from + neuron} of population '${population.name}' is ` +
          `${values[neuron]} between ${(step * dtMs).toFixed(2)} and ${((step + steps) * dtMs).toFixed(2)} ms`,
      );
    }
    throw new RunError(
      `a state of population '${population.name}' is not finite at ${(step * dtMs).toFixed(2)} ms`,
    );
  }
}
