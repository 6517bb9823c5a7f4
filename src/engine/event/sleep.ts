import type { Arena } from '../../../kernels/arena.js';
import type { Jump } from '../../../kernels/compile/index.js';
import { identity, type Matrix, multiply } from '../../../kernels/compile/propagator.js';
import type { SleepKernel } from '../../../kernels/sleep/index.js';
import { GROUP } from './layout.js';

/** Steps within which a model is asked for its highest potential. */
const LONGEST_JUMP = 1 << 14;
/** Propagators over 0 … 127 steps, and over as many times 128, are kept: a leap is made of one of each. */
const LEAPS = 128;
/** First step with input of a group that has none to come. */
const NEVER = 0x7fffffff;
/** First step with input of a group that is awake: always due. */
const ALWAYS = -1;

/** Where the state of a part lies, in bytes. */
export interface SleepingState {
  state: number;
  stateBytes: number;
  /** State variables; behind them lies the step until which a neuron is held. */
  variables: number;
  groups: number;
}

/**
 * Lets groups of sixteen neurons sleep while nothing reaches them and nothing that is in them already can lift one
 * to its threshold; when they wake, they jump over the time missed in closed form. Work then follows events.
 *
 * Whether a group sleeps depends on nothing outside it, so it does not depend on how the network is cut.
 */
export class Sleep {
  /** Step up to which each group's state is current. */
  private readonly current: Int32Array;
  private readonly awake: Uint8Array;
  /** Addresses of the propagators over few steps and over many. */
  private readonly short: number;
  private readonly long: number;
  private readonly scratch: number;
  private readonly most: number;
  private readonly least: number;

  /** @param due first and last step in which each group has input, kept by delivery */
  constructor(
    private readonly jump: Jump,
    private readonly due: Int32Array,
    private readonly part: SleepingState,
    private readonly kernel: SleepKernel,
    arena: Arena,
  ) {
    const { variables, groups } = part;
    this.current = new Int32Array(groups);
    this.awake = new Uint8Array(groups).fill(1);
    for (let group = 0; group < groups; group++) due[2 * group] = ALWAYS;
    this.scratch = arena.float32(GROUP * variables).byteOffset;
    const { most, least } = reach(jump);
    const place = (values: ArrayLike<number>) => {
      const at = arena.float32(values.length);
      at.set(values);
      return at.byteOffset;
    };
    let long = jump.propagator;
    for (let power = 1; power < LEAPS; power *= 2) long = multiply(long, long);
    this.short = place(multiples(jump.propagator));
    this.long = place(multiples(long));
    this.most = place(most);
    this.least = place(least);
  }

  /**
   * Advances the groups that are awake, and those that have input in this window.
   * @param update advances some groups: (first group, groups, first step of the window, steps)
   */
  advance(
    step: number,
    steps: number,
    update: (first: number, groups: number, i: number, steps: number) => void,
  ): void {
    const { due, awake, current, part, kernel } = this;
    const end = step + steps;
    const next = (group: number) => kernel.nextDue(due.byteOffset, group, part.groups, end);
    for (let group = next(0); group < part.groups; group = next(group + 1)) {
      if (awake[group] === 0) {
        const from = due[2 * group];
        // Wake for the steps that have input; often that is one.
        const stop = Math.min(end, due[2 * group + 1] + 1);
        this.leapTo(group, from);
        update(group, 1, from - step, stop - from);
        current[group] = stop;
        if (this.fallAsleep(group, stop)) continue;
        awake[group] = 1;
        due[2 * group] = ALWAYS;
        if (stop < end) update(group, 1, stop - step, end - stop);
        current[group] = end;
        continue;
      }
      const first = group;
      while (group + 1 < part.groups && awake[group + 1] === 1) group++;
      update(first, group + 1 - first, 0, steps);
      for (let g = first; g <= group; g++) {
        current[g] = end;
        this.fallAsleep(g, end);
      }
    }
  }

  /** Lets a group sleep from `step` on, if it has no input to come and cannot spike without. */
  private fallAsleep(group: number, step: number): boolean {
    const { due, awake, part, kernel, most, least, jump } = this;
    if (due[2 * group + 1] >= step) return false;
    const at = part.state + 4 * GROUP * group;
    if (!kernel.maySleep(at, part.stateBytes, part.variables, most, least, jump.threshold, step))
      return false;
    awake[group] = 0;
    due[2 * group] = NEVER;
    return true;
  }

  /** Brings a group that slept up to `step`. */
  private leapTo(group: number, step: number): void {
    const { state, stateBytes, variables } = this.part;
    const at = state + 4 * GROUP * group;
    const missed = step - this.current[group];
    this.kernel.leapOver(at, stateBytes, variables, this.short, this.long, missed, this.scratch);
  }
}

/** Propagators over 0, 1 … 127 times `step`, rows of the variables only, as the kernel reads them. */
function multiples(step: Matrix): Float32Array {
  const variables = step.length - 1;
  const table = new Float32Array(LEAPS * variables * (variables + 1));
  let product = identity(variables + 1);
  for (let k = 0; k < LEAPS; k++) {
    table.set(product.slice(0, variables).flat(), k * variables * (variables + 1));
    product = multiply(step, product);
  }
  return table;
}

/** The most and the least that one unit of each variable, and the constant, can add to the potential at any later step. */
function reach({ propagator, variable }: Jump): { most: number[]; least: number[] } {
  const most = propagator.map(() => 0);
  const least = propagator.map(() => Number.POSITIVE_INFINITY);
  let power = propagator;
  let before = identity(propagator.length)[variable];
  for (let k = 0; k < LONGEST_JUMP; k++) {
    const row = power[variable];
    row.forEach((value, j) => {
      most[j] = Math.max(most[j], value);
      least[j] = Math.min(least[j], value);
    });
    // Everything has decayed, or come to its end.
    if (row.every((value, j) => Math.abs(value - before[j]) <= 1e-12 * (1 + Math.abs(value)))) break;
    before = row;
    power = multiply(propagator, power);
  }
  return { most, least };
}
