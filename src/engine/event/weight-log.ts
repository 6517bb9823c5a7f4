import type { SliceWeights } from './plastic.js';

/**
 * The synapses of all slices as one list, in order of source, then of target; synapses of one pair stay in the order
 * in which they were drawn. So the order does not depend on how the network was cut.
 */
export function mergeWeights(slices: readonly SliceWeights[], sources: number): SliceWeights {
  const next = new Uint32Array(sources + 1);
  for (const slice of slices) for (const source of slice.sources) next[source + 1] += 1;
  for (let source = 0; source < sources; source++) next[source + 1] += next[source];
  const n = next[sources];
  const merged = {
    sources: new Int32Array(n),
    targets: new Int32Array(n),
    weights: new Float32Array(n),
  };
  for (const slice of slices)
    slice.sources.forEach((source, k) => {
      const at = next[source]++;
      merged.sources[at] = source;
      merged.targets[at] = slice.targets[k];
      merged.weights[at] = slice.weights[k];
    });
  for (let source = 0; source < sources; source++)
    sortRow(merged, source === 0 ? 0 : next[source - 1], next[source]);
  return merged;
}

function sortRow({ targets, weights }: SliceWeights, from: number, to: number): void {
  let sorted = true;
  for (let k = from + 1; k < to; k++) sorted &&= targets[k - 1] <= targets[k];
  if (sorted) return;
  const order = Array.from({ length: to - from }, (_, k) => from + k).sort(
    (a, b) => targets[a] - targets[b] || a - b,
  );
  targets.set(
    order.map((k) => targets[k]),
    from,
  );
  weights.set(
    order.map((k) => weights[k]),
    from,
  );
}

/** Weights of some synapses of a projection, taken again and again. */
export class WeightLog {
  readonly steps: number[] = [];
  sources: Int32Array = new Int32Array(0);
  targets: Int32Array = new Int32Array(0);
  private readonly samples: Float32Array[] = [];
  private readonly wanted: ReadonlySet<number> | null;

  constructor(
    readonly projection: number,
    readonly everySteps: number,
    sources: readonly number[] | undefined,
  ) {
    this.wanted = sources === undefined ? null : new Set(sources);
  }

  /** First step from `step` on at whose beginning a sample is due. */
  nextFrom(step: number): number {
    const due = Math.ceil(step / this.everySteps) * this.everySteps;
    return this.steps.at(-1) === due ? due + this.everySteps : due;
  }

  add(step: number, { sources, targets, weights }: SliceWeights): void {
    const { wanted } = this;
    const kept = wanted === null ? null : Array.from(sources.keys()).filter((k) => wanted.has(sources[k]));
    this.steps.push(step);
    this.samples.push(kept === null ? weights : Float32Array.from(kept, (k) => weights[k]));
    this.sources = kept === null ? sources : Int32Array.from(kept, (k) => sources[k]);
    this.targets = kept === null ? targets : Int32Array.from(kept, (k) => targets[k]);
  }

  /** All samples, one behind the other. */
  values(): Float32Array {
    const all = new Float32Array(this.samples.length * this.sources.length);
    this.samples.forEach((sample, i) => {
      all.set(sample, i * this.sources.length);
    });
    return all;
  }
}
