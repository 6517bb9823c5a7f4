/**
 * A soma that fires if at least `quorum` of its branches do, each a threshold of a weighted sum of its own inputs:
 * a point neuron (one branch), a dendritic neuron (branches share the inputs out), a two-layer network (every
 * branch is a unit that sees all inputs).
 */
export class Committee {
  /** Weights of each branch, one for each of its inputs. */
  readonly weights: Float64Array[];
  private readonly sums: Float64Array;

  constructor(
    readonly wiring: readonly (readonly number[])[],
    readonly quorum: number,
    initial: () => number,
  ) {
    this.weights = wiring.map((inputs) => Float64Array.from(inputs, initial));
    this.sums = new Float64Array(wiring.length);
  }

  fires(x: ArrayLike<number>): boolean {
    let active = 0;
    for (let branch = 0; branch < this.wiring.length; branch++) {
      const [inputs, weights] = [this.wiring[branch], this.weights[branch]];
      let sum = 0;
      for (let i = 0; i < inputs.length; i++) sum += weights[i] * x[inputs[i]];
      this.sums[branch] = sum;
      if (sum > 0) active++;
    }
    return active >= this.quorum;
  }

  /**
   * Shows a pattern. If the soma is wrong, the branch that is wrong by least takes a perceptron step: the "least
   * action" rule (Mitchison & Durbin 1989, doi:10.1007/BF00199591). Returns whether it was right.
   */
  learn(x: ArrayLike<number>, target: boolean): boolean {
    if (this.fires(x) === target) return true;
    let closest = -1;
    this.sums.forEach((sum, branch) => {
      const wrong = sum > 0 !== target;
      if (wrong && (closest < 0 || Math.abs(sum) < Math.abs(this.sums[closest]))) closest = branch;
    });
    const inputs = this.wiring[closest];
    const step = target ? 1 : -1;
    for (let i = 0; i < inputs.length; i++) this.weights[closest][i] += step * x[inputs[i]];
    return false;
  }
}

/**
 * Shows all patterns again and again until all are right in one round; false if that never happens.
 *
 * @param sweeps rounds after which learning is given up
 */
export function learnsAll(
  committee: Committee,
  patterns: readonly ArrayLike<number>[],
  targets: readonly boolean[],
  sweeps: number,
): boolean {
  for (let sweep = 0; sweep < sweeps; sweep++) {
    let mistakes = 0;
    for (let p = 0; p < patterns.length; p++) if (!committee.learn(patterns[p], targets[p])) mistakes++;
    if (mistakes === 0) return true;
  }
  return false;
}

/** The most patterns that were right at once after any step of learning (the "pocket" of Gallant 1990). */
export function bestWhileLearning(
  committee: Committee,
  patterns: readonly ArrayLike<number>[],
  targets: readonly boolean[],
  sweeps: number,
): number {
  const right = () => patterns.filter((x, p) => committee.fires(x) === targets[p]).length;
  let best = right();
  for (let sweep = 0; sweep < sweeps && best < patterns.length; sweep++) {
    patterns.forEach((x, p) => {
      if (!committee.learn(x, targets[p])) best = Math.max(best, right());
    });
  }
  return best;
}
