import type { Arena } from '../../../kernels/arena.js';
import { identity, type Matrix, multiply } from '../../../kernels/compile/propagator.js';
import {
  NOTES_BYTES,
  SLEEPERS_BYTES,
  type SleepKernel,
  writeSleepers,
} from '../../../kernels/sleep/index.js';
import { GROUP } from './layout.js';
import type { SleepPlan } from './plan.js';

/** Steps within which a model is asked for its highest potential. */
const LONGEST_JUMP = 1 << 14;
/** Propagators over 0 … 127 steps, and over as many times 128, are kept: a leap is made of one of each. */
const LEAPS = 128;
/** Neurons that are carried over the time that they have missed at once. */
const VECTOR = 4;

/** Where a part lies in its slice; addresses in bytes. */
export interface SleepingPart {
  state: number;
  stateBytes: number;
  /** State variables; behind them lies the step until which a neuron is held. */
  variables: number;
  count: number;
  groups: number;
  /** Index of its first group among those of the slice. */
  firstGroup: number;
}

/** Where input arrives: accumulators, and which groups have some (kernels/sleep). */
export interface Arrivals {
  /** Accumulators of the part's first neuron, in slot 0 of receptor 0. */
  ring: number;
  rowBytes: number;
  slots: number;
  due: number;
  dueBytes: number;
}

/**
 * Lets groups of sixteen neurons sleep while nothing in them can lift one to its threshold. Input is added to those that
 * it reaches, which jump over the time missed in closed form; the group wakes only if one of them might spike then. Work
 * follows events.
 *
 * What a group does depends on nothing outside it but its input, so it does not depend on how the network is cut.
 */
export class Sleep {
  private readonly sleepers: number;
  /** Step up to which each vector's state is current: a group that is awake has one for all. */
  private readonly current: Int32Array;

  constructor(
    plan: SleepPlan,
    private readonly part: SleepingPart,
    arrivals: Arrivals,
    private readonly kernel: SleepKernel,
    arena: Arena,
  ) {
    const { jump, moving, inputs } = plan;
    const { state, stateBytes, variables, count, groups, firstGroup } = part;
    const place = (values: ArrayLike<number>) => {
      const at = arena.float32(values.length);
      at.set(values);
      return at.byteOffset;
    };
    this.current = arena.int32((GROUP / VECTOR) * groups);
    const awake = arena.uint8(groups);
    awake.fill(1);
    let long = jump.propagator;
    for (let power = 1; power < LEAPS; power *= 2) long = multiply(long, long);
    const { most, least } = reach(jump);
    const receptors = arena.int32(2 * inputs.length);
    const factors = new Float32Array(receptors.buffer, receptors.byteOffset, receptors.length);
    inputs.forEach(({ variable, perQuantum }, r) => {
      receptors[2 * r] = variable;
      factors[2 * r + 1] = perQuantum;
    });
    const sleepers = {
      ...arrivals,
      state,
      stride: stateBytes,
      variables,
      moving,
      groups,
      count,
      firstGroup,
      channelBytes: arrivals.slots * arrivals.rowBytes,
      receptors: inputs.length,
      inputs: receptors.byteOffset,
      short: place(multiples(jump.propagator, moving)),
      long: place(multiples(long, moving)),
      scratch: arena.float32(VECTOR * variables).byteOffset,
      most: place(most),
      least: place(least),
      current: this.current.byteOffset,
      awake: awake.byteOffset,
      notes: arena.uint8(NOTES_BYTES).byteOffset,
      threshold: jump.threshold,
    };
    this.sleepers = arena.uint8(SLEEPERS_BYTES).byteOffset;
    writeSleepers(new DataView(arena.memory.buffer), this.sleepers, sleepers);
  }

  /**
   * Advances the groups that are awake, and gives the others their input; returns how many neurons of those that sleep
   * it reached.
   * @param update advances some groups: (first group, groups, first step, steps)
   */
  advance(
    step: number,
    steps: number,
    update: (first: number, groups: number, step: number, steps: number) => void,
  ): number {
    const { kernel, sleepers, current, part } = this;
    const end = step + steps;
    const reached = kernel.receive(sleepers, step, steps);
    for (let first = kernel.nextAwake(sleepers, 0); first < part.groups; ) {
      const groups = kernel.alike(sleepers, first);
      const from = current[(GROUP / VECTOR) * first];
      update(first, groups, from, end - from);
      kernel.settle(sleepers, first, groups, end);
      first = kernel.nextAwake(sleepers, first + groups);
    }
    return reached;
  }
}

/** Propagators over 0, 1 … 127 times `step`, rows of the variables that change only, as the kernel reads them. */
function multiples(step: Matrix, moving: number): Float32Array {
  const length = moving * step.length;
  const table = new Float32Array(LEAPS * length);
  let product = identity(step.length);
  for (let k = 0; k < LEAPS; k++) {
    table.set(product.slice(0, moving).flat(), k * length);
    product = multiply(step, product);
  }
  return table;
}

/** The most and the least that one unit of each variable, and the constant, can add to the potential at any later step. */
function reach({ propagator, variable }: SleepPlan['jump']): { most: number[]; least: number[] } {
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
