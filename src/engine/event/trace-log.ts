import type { Part } from './layout.js';
import type { TracePlan } from './plan.js';

/** Values of one variable of some neurons of a slice: columns[k] tells which of the recorded neurons column k is. */
export interface TraceData {
  columns: Int32Array;
  values: Float32Array;
}

/** Records a state variable of the neurons of one slice, step by step. */
export class TraceLog {
  readonly population: number;
  readonly variable: number;
  private readonly columns: Int32Array;
  private readonly places: Int32Array;
  private values = new Float32Array(1024);
  private length = 0;

  constructor({ population, variable, neurons }: TracePlan, { from, count }: Part) {
    this.population = population;
    this.variable = variable;
    const here = Array.from(neurons.keys()).filter((k) => neurons[k] >= from && neurons[k] < from + count);
    this.columns = Int32Array.from(here);
    this.places = this.columns.map((k) => neurons[k] - from);
  }

  /** Notes one step's values. */
  read(state: Float32Array): void {
    const { places } = this;
    if (this.length + places.length > this.values.length) {
      const larger = new Float32Array(2 * (this.values.length + places.length));
      larger.set(this.values);
      this.values = larger;
    }
    for (let k = 0; k < places.length; k++) this.values[this.length + k] = state[places[k]];
    this.length += places.length;
  }

  /** Hands the values over and forgets them. */
  take(): TraceData {
    const values = this.values.slice(0, this.length);
    this.length = 0;
    return { columns: this.columns, values };
  }
}

/** Puts the columns of all slices side by side: rows are steps, columns the `neurons` recorded ones. */
export function joinTraces(parts: readonly TraceData[], neurons: number): Float32Array {
  const steps = parts.reduce(
    (most, { columns, values }) => (columns.length > 0 ? values.length / columns.length : most),
    0,
  );
  const joined = new Float32Array(steps * neurons);
  for (const { columns, values } of parts)
    for (let step = 0; step < steps; step++)
      for (let k = 0; k < columns.length; k++)
        joined[step * neurons + columns[k]] = values[step * columns.length + k];
  return joined;
}
