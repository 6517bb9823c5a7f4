/**
 * One optimiser step on all weights of an array, without a ledger: what a tfjs optimiser does, in one pass.
 *
 *   gradient descent   w ← w - η g
 *   Adam               m ← β₁ m + (1-β₁) g      v ← β₂ v + (1-β₂) g²
 *                      w ← w - η √(1-β₂ᵗ)/(1-β₁ᵗ) · m / (√v + ε √(1-β₂ᵗ))
 *
 * Adam: Kingma and Ba 2015, arXiv:1412.6980, in the form of the end of its section 2. Moments of all weights decay in
 * every step (unlike ../optimiser, where those of silent sources rest).
 */
export function sgd(rate: number, weights: Float32Array, gradient: Float32Array, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = weights[i] - rate * gradient[i];
}

export interface AdamConstants {
  beta1: number;
  beta2: number;
  /** η·√(1-β₂ᵗ)/(1-β₁ᵗ) */
  rate: number;
  /** ε·√(1-β₂ᵗ) */
  epsilon: number;
}

/** Weights and both moments before and after the step. */
export interface AdamArrays {
  weights: Float32Array;
  first: Float32Array;
  second: Float32Array;
}

export function adam(
  { beta1, beta2, rate, epsilon }: AdamConstants,
  { weights, first, second }: AdamArrays,
  gradient: Float32Array,
  out: AdamArrays,
): void {
  for (let i = 0; i < gradient.length; i++) {
    const m = beta1 * first[i] + (1 - beta1) * gradient[i];
    const v = beta2 * second[i] + (1 - beta2) * gradient[i] * gradient[i];
    out.first[i] = m;
    out.second[i] = v;
    out.weights[i] = weights[i] - (rate * m) / (Math.sqrt(v) + epsilon);
  }
}
