import type { Plan } from './plan.js';
import type { Slice } from './slice.js';

/** Spikes in order of time, population and neuron (of one thread), and how many each neuron sent. */
export interface SpikeLogData {
  /** Step in which each spike was found. */
  steps: Int32Array;
  /** Index of the neuron, all populations counted together. */
  neurons: Int32Array;
}

/** Collects the spikes of a thread's slices. */
export class SpikeLog {
  private steps = new Int32Array(1024);
  private neurons = new Int32Array(1024);
  private length = 0;

  constructor(private readonly plan: Plan) {}

  add(slice: Slice, step: number, steps: number): void {
    for (let i = 0; i < steps; i++) {
      for (let population = 0; population < this.plan.populations.length; population++) {
        const n = slice.spikes.count(population, i);
        if (n === 0) continue;
        if (this.length + n > this.steps.length) this.grow(this.length + n);
        const list = slice.spikes.list(population, i) >> 2;
        const first = this.plan.populations[population].first;
        for (let k = 0; k < n; k++) {
          this.steps[this.length + k] = step + i;
          this.neurons[this.length + k] = first + slice.spikes.words[list + k];
        }
        this.length += n;
      }
    }
  }

  /** Hands the spikes over and forgets them. */
  take(): SpikeLogData {
    const data = { steps: this.steps.slice(0, this.length), neurons: this.neurons.slice(0, this.length) };
    this.length = 0;
    return data;
  }

  private grow(needed: number): void {
    const capacity = Math.max(needed, 2 * this.steps.length);
    const copy = (from: Int32Array) => {
      const to = new Int32Array(capacity);
      to.set(from);
      return to;
    };
    this.steps = copy(this.steps);
    this.neurons = copy(this.neurons);
  }
}

/** Spikes of several threads as one list, in order of step and neuron. */
export function mergeSpikes(logs: readonly SpikeLogData[]): SpikeLogData {
  const length = logs.reduce((sum, { steps }) => sum + steps.length, 0);
  // One float64 holds step and neuron: below 2^53, and a typed array sorts without a callback.
  const keys = new Float64Array(length);
  let at = 0;
  for (const { steps, neurons } of logs) {
    for (let k = 0; k < steps.length; k++) keys[at + k] = steps[k] * 2 ** 32 + neurons[k];
    at += steps.length;
  }
  keys.sort();
  const steps = new Int32Array(length);
  const neurons = new Int32Array(length);
  for (let k = 0; k < length; k++) {
    steps[k] = Math.floor(keys[k] / 2 ** 32);
    neurons[k] = keys[k] % 2 ** 32;
  }
  return { steps, neurons };
}
