/**
 * One optimiser step on the weights of active sources, and what it writes. Plain loops; wasm.ts computes the same.
 *
 *   gradient descent   w ← w - η g
 *   Adam               m ← β₁ m + (1-β₁) g      v ← β₂ v + (1-β₂) g²
 *                      w ← w - η √(1-β₂ᵗ)/(1-β₁ᵗ) · m / (√v + ε √(1-β₂ᵗ))
 *   ledger             L0 ← L0 + [w changed]    L1 ← L1 + |Δw|, in quanta of 2^-24, rounded half up
 *
 * Adam: Kingma and Ba 2015, arXiv:1412.6980, here with moments that decay only when their source is active. Weights
 * are float32, so the Δw that the ledger books is the one that rounding left; it is turned into quanta in float32 too.
 */
export interface Synapse {
  w: number;
  m: number;
  v: number;
  l0: number;
  l1Quanta: number;
}

export function sgdStep(synapse: Synapse, gradient: number, rate: number): Synapse {
  return booked(synapse, rate * gradient);
}

/** @param step t, counted from 1 */
export function adamStep(
  synapse: Synapse,
  gradient: number,
  step: number,
  { rate, beta1, beta2, epsilon }: { rate: number; beta1: number; beta2: number; epsilon: number },
): Synapse {
  const m = beta1 * synapse.m + (1 - beta1) * gradient;
  const v = beta2 * synapse.v + (1 - beta2) * gradient ** 2;
  const correction = Math.sqrt(1 - beta2 ** step);
  const change = ((rate * correction) / (1 - beta1 ** step)) * (m / (Math.sqrt(v) + epsilon * correction));
  return booked({ ...synapse, m, v }, change);
}

/** Subtracts `change` and books what float32 made of it. */
function booked(synapse: Synapse, change: number): Synapse {
  const w = Math.fround(synapse.w - change);
  const size = Math.fround(Math.abs(w - synapse.w));
  return {
    ...synapse,
    w,
    l0: synapse.l0 + (size === 0 ? 0 : 1),
    l1Quanta: synapse.l1Quanta + Math.floor(Math.fround(size * 2 ** 24 + 0.5)),
  };
}
