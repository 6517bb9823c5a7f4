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

/** Steps that are counted one by one, whether there are spikes in them or not. */
const FEW_STEPS = 1 << 20;

/** Spikes of several logs, in whatever order, as one list in order of step and neuron. */
export function mergeSpikes(logs: readonly SpikeLogData[]): SpikeLogData {
  const length = logs.reduce((sum, { steps }) => sum + steps.length, 0);
  const [steps, neurons] = [new Int32Array(length), new Int32Array(length)];
  const { count, of } = placesOf(logs, length);
  // Counts the spikes of every step, so that each finds its place; then puts the neurons of a step in order.
  const ends = new Int32Array(count + 1);
  for (const log of logs) for (let k = 0; k < log.steps.length; k++) ends[of(log.steps[k]) + 1]++;
  for (let i = 0; i < count; i++) ends[i + 1] += ends[i];
  const begins = ends.slice();
  const inOrder = new Uint8Array(count).fill(1);
  for (const log of logs)
    for (let k = 0; k < log.steps.length; k++) {
      const i = of(log.steps[k]);
      const at = ends[i]++;
      steps[at] = log.steps[k];
      neurons[at] = log.neurons[k];
      if (at > begins[i] && neurons[at - 1] > neurons[at]) inOrder[i] = 0;
    }
  for (let i = 0; i < count; i++) if (!inOrder[i]) neurons.subarray(begins[i], begins[i + 1]).sort();
  return { steps, neurons };
}

/** The place of a step among those in which there may be spikes. */
function placesOf(
  logs: readonly SpikeLogData[],
  length: number,
): { count: number; of: (step: number) => number } {
  if (length === 0) return { count: 0, of: () => 0 };
  const first = logs.reduce((least, { steps }) => steps.reduce((a, b) => Math.min(a, b), least), 2 ** 31);
  const last = logs.reduce((most, { steps }) => steps.reduce((a, b) => Math.max(a, b), most), 0);
  const span = last - first + 1;
  if (span <= Math.max(FEW_STEPS, length)) return { count: span, of: (step) => step - first };
  // Few spikes in a long time: only steps in which there are some.
  const distinct = Int32Array.from(new Set(logs.flatMap(({ steps }) => Array.from(steps)))).sort();
  const places = new Map(Array.from(distinct, (step, place) => [step, place]));
  return { count: distinct.length, of: (step) => places.get(step)! };
}
