import type { FirstSpike } from './config.js';

/** Cross-entropy of softmax(z): L = log Σ exp z - z_label, dL/dz_k = softmax_k - [k = label]. */
export function crossEntropy(
  z: ArrayLike<number>,
  outputs: number,
  label: number,
  error: Float32Array | Float64Array,
): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < outputs; k++) largest = Math.max(largest, z[k]);
  let sum = 0;
  for (let k = 0; k < outputs; k++) sum += Math.exp(z[k] - largest);
  for (let k = 0; k < outputs; k++) error[k] = Math.exp(z[k] - largest) / sum - (k === label ? 1 : 0);
  return Math.log(sum) + largest - z[label];
}

/**
 * The loss of first spikes: L = -log softmax(-t/τ₀)_label + α·(exp(t_label/τ₁) - 1), and dL/dt_k in 1/ms.
 *
 * @param times t_k, in ms; it is overwritten
 */
export function firstSpikeLoss(
  { tau0Ms, tau1Ms, alpha }: FirstSpike,
  times: Float64Array,
  outputs: number,
  label: number,
  error: Float64Array,
): number {
  const late = Math.exp(times[label] / tau1Ms);
  for (let k = 0; k < outputs; k++) times[k] /= -tau0Ms;
  const loss = crossEntropy(times, outputs, label, error);
  for (let k = 0; k < outputs; k++) error[k] /= -tau0Ms;
  error[label] += (alpha / tau1Ms) * late;
  return loss + alpha * (late - 1);
}
