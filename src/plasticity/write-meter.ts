import type { PlasticLayer } from './layer.js';

/**
 * What persistent writes cost under other models than L0 and L1: Σ|Δl|^α for exponents α, and Σ[Δl]₊, where potentiation
 * alone costs (Li & van Rossum 2020, figure 1). It looks at the weights after each step of learning, in which a synapse
 * is written once at most: with a cache, at its consolidations.
 */
export class WriteMeter {
  /** Σ|Δl|^α over all writes so far, for each exponent. */
  readonly energies: Float64Array;
  /** Σ[Δl]₊ over all writes so far. */
  potentiation = 0;
  private readonly initial: Float64Array;
  private readonly before: Float64Array;

  constructor(
    private readonly layer: Pick<PlasticLayer, 'persistent'>,
    readonly exponents: readonly number[],
  ) {
    this.energies = new Float64Array(exponents.length);
    this.initial = Float64Array.from(layer.persistent);
    this.before = this.initial.slice();
  }

  /** Counts what was written since the last look. */
  look(): void {
    const { before, exponents, energies } = this;
    const { persistent } = this.layer;
    for (let k = 0; k < before.length; k++) {
      const change = persistent[k] - before[k];
      if (change === 0) continue;
      before[k] = persistent[k];
      if (change > 0) this.potentiation += change;
      for (let e = 0; e < exponents.length; e++) energies[e] += Math.abs(change) ** exponents[e];
    }
  }

  /** The least that it could have cost to come from the initial weights to the present ones: Σ|l(T) - l(0)|^α. */
  least(): Float64Array {
    const { initial, before } = this;
    return Float64Array.from(this.exponents, (exponent) =>
      initial.reduce((sum, l, k) => sum + (before[k] === l ? 0 : Math.abs(before[k] - l) ** exponent), 0),
    );
  }
}
