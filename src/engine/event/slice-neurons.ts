import type { Arena } from '../../../kernels/arena.js';
import { FLUSH_STEPS, type FlushKernel } from '../../../kernels/flush/index.js';
import { loadKernel } from '../../../kernels/load.js';
import { RunError } from '../../util/errors.js';
import { GROUP } from './layout.js';
import type { PartState } from './place-part.js';
import type { Plan } from './plan.js';
import type { Accumulators } from './ring.js';
import type { TraceLog } from './trace-log.js';
import type { WindowSpikes } from './window-spikes.js';

/** The neurons of a slice: how their state goes on, and what it is. The slice's memory must not grow any more. */
export class SliceNeurons {
  /** By population: neurons × steps advanced so far; those that slept are not among them. */
  readonly updates: Float64Array;
  private readonly flushKernel: FlushKernel;
  private readonly words: Int32Array;
  private readonly floats: Float32Array;
  /** The step to come. */
  private next = 0;

  /** @param traces recorded variables, in the order of the plan */
  constructor(
    private readonly plan: Plan,
    private readonly ring: Accumulators,
    private readonly spikes: WindowSpikes,
    private readonly traces: readonly TraceLog[],
    { memory }: Arena,
  ) {
    this.updates = new Float64Array(plan.populations.length);
    this.flushKernel = loadKernel<FlushKernel>('flush', memory);
    this.words = new Int32Array(memory.buffer);
    this.floats = new Float32Array(memory.buffer);
  }

  /**
   * Advances a part of which nobody sleeps, from step `start` of the window to step `end`. Now and then what is next
   * to nothing is set to 0 first.
   */
  updateAwake(part: PartState, step: number, start: number, end: number): void {
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

  /** Appends the state as it is to the recorded variables of a part. */
  record(part: PartState): void {
    for (const trace of this.traces)
      if (trace.population === part.population) trace.read(this.state(part, trace.variable));
  }

  /** Advances some groups of a part by `steps` steps of the window, from the `i`-th. */
  update(
    part: PartState,
    windowStart: number,
    i: number,
    steps: number,
    firstGroup = 0,
    groups = part.padded / GROUP,
  ): void {
    const { plan, ring } = this;
    const step = windowStart + i;
    this.next = step + steps;
    const skip = 4 * GROUP * firstGroup;
    this.updates[part.population] += steps * Math.min(GROUP * groups, part.count - GROUP * firstGroup);
    const bad = part.update(
      part.state + skip,
      part.stateBytes,
      part.coefficients,
      ring.at + 4 * part.local + skip,
      ring.rowBytes,
      ring.slots * ring.rowBytes,
      step % ring.slots,
      ring.slots,
      groups,
      step,
      steps,
      plan.populations[part.population].refractorySteps,
      part.from + GROUP * firstGroup,
      part.count - GROUP * firstGroup,
      this.spikes.countAddress(part.population, i),
      part.spikeLists + i * part.listBytes,
      part.listBytes,
      part.wake,
    );
    if (bad >= 0) this.reportBroken(part, step, steps);
  }

  /** Forgets what arrives at a part in `step`. */
  forgetInput(part: PartState, step: number): void {
    const { at, slots, rowBytes } = this.ring;
    for (let channel = 0; channel < this.plan.channels; channel++) {
      const row = at + (channel * slots + (step % slots)) * rowBytes;
      this.words.fill(0, row / 4 + part.local, row / 4 + part.local + part.padded);
    }
  }

  /** All variables of a part, and behind them the steps until which its neurons are held. */
  stateWords({ state, stateBytes, population }: PartState): Int32Array {
    const { states } = this.plan.populations[population];
    return this.words.subarray(state / 4, (state + (states.length + 1) * stateBytes) / 4);
  }

  /** One variable of a part as it is stored. */
  stored({ state, stateBytes, count }: PartState, variable: number): Float32Array {
    const at = (state + variable * stateBytes) / 4;
    return this.floats.subarray(at, at + count);
  }

  /** A state variable of this slice's part of a population, as it is now. */
  private state(part: PartState, variable: number): Float32Array {
    const { states, pairs } = this.plan.populations[part.population];
    const { offset, scale } = states[variable];
    const until = (part.state + states.length * part.stateBytes) / 4;
    // Where a neuron was held in the last step, NaN may stand for the value at which it was.
    const isHeld = (stored: number, i: number) =>
      pairs && Number.isNaN(stored) && this.words[until + i] >= this.next - 1;
    return this.stored(part, variable).map((stored, i) => offset + scale * (isHeld(stored, i) ? 0 : stored));
  }

  private reportBroken(part: PartState, step: number, steps: number): never {
    const { populations, dtMs } = this.plan;
    const population = populations[part.population];
    for (let variable = 0; variable < population.states.length; variable++) {
      const values = this.state(part, variable);
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
