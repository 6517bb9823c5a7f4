import { UsageError } from '../util/errors.js';
import type { PlasticLayer } from './layer.js';

/** What all persistent writes cost under one model, and the least that the way from start to end could have cost. */
export interface WriteCost {
  /** α of Σ|Δl|^α; 'potentiation': Σ[Δl]₊, where depression is free. */
  model: number | 'potentiation';
  energy: number;
  /** Σ|l(T) - l(0)|^α, or Σ[l(T) - l(0)]₊. */
  least: number;
}

/**
 * What persistent writes cost under other models than L0 and L1: Σ|Δl|^α for exponents α, and Σ[Δl]₊, where potentiation
 * alone costs (Li & van Rossum 2020, figure 1). It looks at the weights after each step of learning, in which a synapse
 * is written once at most: with a cache, at its consolidations. A write that a float32
 * weight rounds away is counted by the layers, and not seen here. Of no use, and no cost, without exponents.
 */
export class WriteMeter {
  private readonly models: readonly Model[];
  private readonly energies: Float64Array;
  private readonly layers: {
    persistent: PlasticLayer['persistent'];
    initial: Float64Array;
    before: Float64Array;
  }[];

  /** @throws UsageError if an exponent is negative */
  constructor(layers: readonly Pick<PlasticLayer, 'persistent'>[], exponents: readonly number[] = []) {
    for (const exponent of exponents) {
      if (!(exponent >= 0)) throw new UsageError(`exponent ${exponent}`, 'exponents', 'Give 0 or more.');
    }
    this.models = exponents.length > 0 ? [...exponents.map(powerOf), POTENTIATION] : [];
    this.energies = new Float64Array(this.models.length);
    this.layers =
      exponents.length > 0
        ? layers.map(({ persistent }) => ({
            persistent,
            initial: Float64Array.from(persistent),
            before: Float64Array.from(persistent),
          }))
        : [];
  }

  /** Counts what was written since the last look. */
  look(): void {
    const { energies, models } = this;
    for (const { persistent, before } of this.layers) {
      for (let k = 0; k < before.length; k++) {
        const change = persistent[k] - before[k];
        if (change === 0) continue;
        before[k] = persistent[k];
        for (let m = 0; m < models.length; m++) energies[m] += models[m].cost(change);
      }
    }
  }

  /** The cost of all writes up to the last look; empty without exponents. */
  costs(): WriteCost[] {
    return this.models.map(({ model, cost }, m) => ({
      model,
      energy: this.energies[m],
      least: this.layers.reduce((sum, layer) => sum + leastOf(layer, cost), 0),
    }));
  }
}

interface Model {
  model: WriteCost['model'];
  /** Of a change that is not 0. */
  cost: (change: number) => number;
}

const POTENTIATION: Model = { model: 'potentiation', cost: (change) => Math.max(change, 0) };

/** The usual exponents without a power, which takes ten times as long and every written synapse needs one. */
function powerOf(exponent: number): Model {
  const usual: Record<number, Model['cost']> = {
    0: () => 1,
    0.5: (change) => Math.sqrt(Math.abs(change)),
    1: Math.abs,
    2: (change) => change * change,
  };
  return { model: exponent, cost: usual[exponent] ?? ((change) => Math.abs(change) ** exponent) };
}

function leastOf(
  { initial, before }: { initial: Float64Array; before: Float64Array },
  cost: Model['cost'],
): number {
  return initial.reduce((sum, l, k) => sum + (before[k] === l ? 0 : cost(before[k] - l)), 0);
}
