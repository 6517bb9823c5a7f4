import type { Stream } from '../util/rng.js';
import { solveCholesky } from './linear-solve.js';

/**
 * Excess risks of least-squares fits: D examples with P independent normal features, targets with noise of
 * standard deviation s about a linear teacher. Since features are white, the risk is |ŵ - w|², and since the
 * fit is linear it does not depend on the teacher: ŵ - w = (XᵀX)⁻¹Xᵀ·noise.
 *
 * @param draws how many noises are tried on the same examples
 */
export function excessRisks(
  parameters: number,
  examples: number,
  noise: number,
  draws: number,
  random: Stream,
): number[] {
  const x = Float64Array.from({ length: examples * parameters }, () => random.normal());
  const gram = new Float64Array(parameters ** 2);
  for (let row = 0; row < examples; row++) {
    const at = row * parameters;
    for (let i = 0; i < parameters; i++) {
      for (let j = 0; j <= i; j++) gram[i * parameters + j] += x[at + i] * x[at + j];
    }
  }
  return Array.from({ length: draws }, () => {
    const right = new Float64Array(parameters);
    for (let row = 0; row < examples; row++) {
      const error = noise * random.normal();
      for (let i = 0; i < parameters; i++) right[i] += error * x[row * parameters + i];
    }
    const deviation = solveCholesky(gram.slice(), right);
    return deviation.reduce((sum, value) => sum + value ** 2, 0);
  });
}

/** Their expectation, s²·P/(D - P - 1) for D > P + 1. */
export function expectedExcessRisk(parameters: number, examples: number, noise: number): number {
  return (noise ** 2 * parameters) / (examples - parameters - 1);
}
