import type { Arena } from '../../../kernels/arena.js';
import { identity, type Jump, type Matrix, multiply } from '../../../kernels/compile/index.js';
import type { SleepKernel } from '../../../kernels/sleep/index.js';
import { GROUP } from './layout.js';

/** Jumps of more steps than this are made in several. */
const LONGEST_JUMP = 1 << 14;
/** Propagators over different numbers of steps that are kept. */
const KEPT = 5000;

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
  private readonly powers: Matrix[];
  private readonly known = new Map<number, Float32Array>();
  private readonly propagator: Float32Array;
  private readonly scratch: number;
  private readonly most: number;
  private readonly least: number;

  /** @param until step up to which each group has input to expect, raised by delivery */
  constructor(
    private readonly jump: Jump,
    private readonly until: Int32Array,
    private readonly part: SleepingState,
    private readonly kernel: SleepKernel,
    arena: Arena,
  ) {
    const { variables, groups } = part;
    this.current = new Int32Array(groups);
    this.powers = [jump.propagator];
    while (1 << this.powers.length <= LONGEST_JUMP) {
      const last = this.powers[this.powers.length - 1];
      this.powers.push(multiply(last, last));
    }
    this.propagator = arena.float32((variables + 1) ** 2);
    this.scratch = arena.float32(GROUP * variables).byteOffset;
    const { most, least } = reach(jump);
    const place = (values: number[]) => {
      const at = arena.float32(values.length);
      at.set(values);
      return at.byteOffset;
    };
    this.most = place(most);
    this.least = place(least);
  }

  /** Advances the groups that are awake: `update(first group, groups)` for each run of neighbours. */
  advance(step: number, steps: number, update: (first: number, groups: number) => void): void {
    const { until, current, part, jump } = this;
    const end = step + steps;
    for (let group = 0; group < part.groups; group++) {
      if (until[group] < step) continue;
      const first = group;
      for (; group < part.groups && until[group] >= step; group++)
        if (current[group] < step) this.wake(group, step);
      update(first, group - first);
      for (let g = first; g < group; g++) {
        current[g] = end;
        if (until[g] >= end) continue;
        const at = part.state + 4 * GROUP * g;
        const { stateBytes, variables } = part;
        const { most, least } = this;
        if (!this.kernel.maySleep(at, stateBytes, variables, most, least, jump.threshold, end))
          until[g] = end;
      }
    }
  }

  /** Brings a group that slept up to `step`. */
  private wake(group: number, step: number): void {
    const { state, stateBytes, variables } = this.part;
    let missed = step - this.current[group];
    while (missed > 0) {
      const steps = Math.min(missed, LONGEST_JUMP);
      this.propagator.set(this.over(steps));
      const at = state + 4 * GROUP * group;
      this.kernel.leap(at, stateBytes, variables, this.propagator.byteOffset, this.scratch);
      missed -= steps;
    }
  }

  /** The propagator over so many steps, row behind row; kept, as the same numbers of windows come up again. */
  private over(steps: number): Float32Array {
    let propagator = this.known.get(steps);
    if (propagator === undefined) {
      let product = identity(this.part.variables + 1);
      for (let bit = 0; steps >> bit > 0; bit++)
        if ((steps >> bit) & 1) product = multiply(this.powers[bit], product);
      propagator = Float32Array.from(product.flat());
      if (this.known.size > KEPT) this.known.clear();
      this.known.set(steps, propagator);
    }
    return propagator;
  }
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
