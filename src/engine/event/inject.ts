import type { Part } from './layout.js';
import type { Injection, PopulationPlan } from './plan.js';

/** Hands out the given spikes of a part, step by step. */
export class Emitter {
  private readonly steps: Int32Array;
  private readonly neurons: Int32Array;
  private at = 0;

  constructor({ steps, neurons }: NonNullable<PopulationPlan['emits']>, { from, count }: Part) {
    const here = neurons.map((neuron, k) => (neuron >= from && neuron < from + count ? k : -1));
    const own = here.filter((k) => k >= 0);
    this.steps = own.map((k) => steps[k]);
    this.neurons = own.map((k) => neurons[k]);
  }

  /** Writes the neurons (indices in the population) that spike in `step`; returns how many they are. */
  take(step: number, words: Int32Array, list: number): number {
    let n = 0;
    for (; this.steps[this.at] === step; this.at++) words[list + n++] = this.neurons[this.at];
    return n;
  }
}

/** Changes injected variables of a part when their time has come. */
export class Injector {
  private readonly changes: Injection[];
  /** Exact values, from which the float32 ones are rounded, by variable. */
  private readonly values = new Map<number, Float64Array>();
  private next = 0;

  /** @param variable the part's values of a variable, as the kernel sees them */
  constructor(
    injections: readonly Injection[],
    private readonly part: Part,
    private readonly variable: (index: number) => Float32Array,
  ) {
    this.changes = [...injections].sort((a, b) => a.step - b.step);
    for (const { variable: index } of injections) this.values.set(index, Float64Array.from(variable(index)));
  }

  /** Advances by `steps` steps, in pieces between which nothing changes. */
  advance(step: number, steps: number, update: (from: number, steps: number) => void): void {
    for (let i = 0; i < steps; ) {
      while (this.next < this.changes.length && this.changes[this.next].step <= step + i)
        this.apply(this.changes[this.next++]);
      const until = this.changes[this.next]?.step ?? Number.POSITIVE_INFINITY;
      const n = Math.min(steps - i, until - (step + i));
      update(i, n);
      i += n;
    }
  }

  private apply({ variable, neurons, change }: Injection): void {
    const { from, count } = this.part;
    const exact = this.values.get(variable)!;
    const seen = this.variable(variable);
    const add = (i: number) => {
      exact[i] += change;
      seen[i] = exact[i];
    };
    if (neurons === null) for (let i = 0; i < count; i++) add(i);
    else for (const neuron of neurons) if (neuron >= from && neuron < from + count) add(neuron - from);
  }
}
