import type { Stream } from '../util/rng.js';
import { linearFit } from './linear-solve.js';

/**
 * Excess risk of one least-squares fit: D examples with P independent normal features, targets with noise of
 * standard deviation s about a linear teacher. Since features are white, the risk is |ŵ - w|².
 */
export function excessRisk(parameters: number, examples: number, noise: number, random: Stream): number {
  const teacher = Float64Array.from({ length: parameters }, () => random.normal());
  const x = Float64Array.from({ length: examples * parameters }, () => random.normal());
  const y = new Float64Array(examples);
  for (let row = 0; row < examples; row++) {
    let sum = noise * random.normal();
    for (let i = 0; i < parameters; i++) sum += teacher[i] * x[row * parameters + i];
    y[row] = sum;
  }
  const fitted = linearFit(x, y, parameters);
  return fitted.reduce((sum, value, i) => sum + (value - teacher[i]) ** 2, 0);
}

/** Its expectation, s²·P/(D - P - 1) for D > P + 1. */
export function expectedExcessRisk(parameters: number, examples: number, noise: number): number {
  return (noise ** 2 * parameters) / (examples - parameters - 1);
}
