import { backward, drive, outer } from '../../kernels/mlp-layer/reference.js';
import type { WeightChanges } from '../energy/ledger.js';
import type { Stream } from '../util/rng.js';
import { TransientMemory } from './cache.js';
import { masked, RandomMask, ranked, withinSubnet } from './compete.js';
import { distanceOf, type LayerTotals, type PlasticLayer, units } from './layer.js';
import type { LayerPolicy } from './policy.js';
import { counted, noWrites, type Stage, written } from './stage.js';

/**
 * Plastic synapses in plain float64: the policy is the composition of its transformers. Every policy works here;
 * FastLayer is tested against it.
 */
export class ReferenceLayer implements PlasticLayer {
  readonly input: Float64Array;
  readonly output: Float64Array;
  readonly change: Float64Array;
  readonly error: Float64Array;
  private readonly initial: Float64Array;
  readonly persistent: Float64Array;
  private readonly writes;
  private readonly transientWrites;
  private readonly transients: TransientMemory | null;
  private readonly chain: Stage;
  private readonly persist: Stage;
  private now = 0;
  private steps = 0;

  /** @param weights initial weights, row j at j·sources */
  constructor(
    readonly sources: number,
    readonly targets: number,
    weights: ArrayLike<number>,
    policy: LayerPolicy,
    random: Stream,
  ) {
    this.input = new Float64Array(sources);
    this.output = new Float64Array(targets);
    this.change = new Float64Array(targets);
    this.error = new Float64Array(sources);
    this.initial = Float64Array.from(weights);
    this.persistent = Float64Array.from(weights);
    this.writes = noWrites(sources * targets);
    this.transientWrites = noWrites(sources * targets);
    this.transients = policy.cache
      ? new TransientMemory(sources, targets, policy.cache, this.transientWrites)
      : null;

    this.persist = counted(this.writes, written(this.persistent));
    const cached = (next: Stage) => this.transients?.stage(next) ?? next;
    const competing = (next: Stage) => this.filter(policy, random, next);
    this.chain =
      policy.order === 'compete-first' ? competing(cached(this.persist)) : cached(competing(this.persist));
  }

  private filter(policy: LayerPolicy, random: Stream, next: Stage): Stage {
    const { sources, targets } = this;
    const { selection, plasticSources, plasticTargets } = policy;
    let chosen = next;
    if (selection.kind === 'ranked') chosen = ranked(selection, sources, () => this.weights(), next);
    if (selection.kind === 'random') {
      const mask = new RandomMask(sources, targets, selection.count, random);
      const entries = () => {
        if (selection.redrawn) mask.redraw();
        return mask.entries;
      };
      chosen = masked(entries, sources, next);
    }
    return withinSubnet(sources, plasticSources, plasticTargets, chosen);
  }

  tick(presentations: number): void {
    this.now += presentations;
  }

  drive(): void {
    this.output.set(drive(this.weights(), this.input, this.targets));
  }

  backward(): void {
    this.error.set(backward(this.weights(), this.change, this.sources));
  }

  learn(): void {
    this.propose(outer(this.input, this.change));
  }

  /** Takes any proposed changes, j·sources + i; what was written is left in the array. */
  propose(changes: Float64Array): void {
    this.steps++;
    this.chain(changes, this.now);
  }

  finish(): void {
    this.transients?.consolidateAll(this.now, this.persist);
  }

  weights(): Float64Array {
    return this.weightsAfter(0);
  }

  /** The weights in force after so many more presentations without learning. */
  weightsAfter(presentations: number): Float64Array {
    return this.persistent.map((l, k) => l + (this.transients?.at(k, this.now + presentations) ?? 0));
  }

  totals(): LayerTotals {
    this.transients?.settleAll(this.now);
    const left = this.persistent.map((_, k) => Math.abs(this.transients?.at(k, this.now) ?? 0));
    return {
      persistentWrites: sum(this.writes.l0),
      persistentChange: units(sum(this.writes.l1Quanta)),
      transientWrites: sum(this.transientWrites.l0),
      transientChange: units(sum(this.transientWrites.l1Quanta)),
      maintenance: units(sum(this.transients?.heldQuanta ?? [])),
      residual: sum(left),
      residualSynapses: left.filter((s) => s !== 0).length,
      ...distanceOf(this.weights(), this.initial),
    };
  }

  changes(): WeightChanges {
    this.transients?.settleAll(this.now);
    const { sources, targets } = this;
    const bySource = <A extends Uint32Array | Float64Array>(rows: A) => transposed(rows, sources, targets);
    const changes: WeightChanges = {
      steps: this.steps,
      l0: bySource(this.writes.l0),
      l1Quanta: bySource(this.writes.l1Quanta),
    };
    if (this.transients) {
      changes.transient = {
        l1Quanta: bySource(this.transientWrites.l1Quanta),
        heldQuanta: bySource(this.transients.heldQuanta),
        consolidations: bySource(this.writes.l0),
      };
    }
    return changes;
  }
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let k = 0; k < values.length; k++) total += values[k];
  return total;
}

/** Rows of targets, `stride` apart, as rows of sources: (i, j) at i·targets + j. */
export function transposed<A extends Uint32Array | Float64Array>(
  rows: A,
  sources: number,
  targets: number,
  stride = sources,
): A {
  const columns = new (rows.constructor as new (n: number) => A)(sources * targets);
  for (let i = 0; i < sources; i++) {
    for (let j = 0; j < targets; j++) columns[i * targets + j] = rows[j * stride + i];
  }
  return columns;
}
