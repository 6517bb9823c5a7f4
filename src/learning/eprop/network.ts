/**
 * A population of leaky integrate-and-fire neurons on a time grid with leaky readouts, as in Bellec et al. 2020
 * (doi:10.1038/s41467-020-17236-y):
 *
 *   V_j ← α V_j - θ z_j + Σ_i w_ji x_i + Σ_m r_jm z_m        z_j = [V_j ≥ θ]
 *   y_k ← κ y_k + Σ_j o_kj z_j                               π = softmax(y)
 *   loss  E = -1/T Σ_t log π_label(t)
 *
 * x arrives in its own step, z in the next one; α = exp(-dt/τ_m), κ = exp(-dt/τ_out).
 */
export interface EpropNetwork {
  inputs: number;
  neurons: number;
  outputs: number;
  steps: number;
  dtMs: number;
  tauMMs: number;
  tauOutMs: number;
  theta: number;
  /** Height γ of the pseudo-derivative ψ = γ/θ · max(0, 1 - |V - θ|/θ), 0.3 in the paper. */
  gamma: number;
  /**
   * `soft`: z is the integral of ψ and there is no reset. Nothing spikes then, but ψ is the derivative of z, so that
   * the rule can be held against the true gradient.
   */
  spikes: 'hard' | 'soft';
}

/** Weights by target: index j·sources + i, as the plastic layers have them. */
export interface EpropWeights {
  input: ArrayLike<number>;
  /** null: not recurrent. */
  recurrent: ArrayLike<number> | null;
  readout: ArrayLike<number>;
}

/** What happened in a window: [steps][neurons] and [steps][outputs]. */
export interface EpropRun {
  z: Float64Array[];
  psi: Float64Array[];
  /** π - target. */
  error: Float64Array[];
  /** Mean of y over the steps. */
  answer: Float64Array;
  loss: number;
  spikes: number;
}

/** @param input input[t]: the sources that spike in step t */
export function simulate(
  network: EpropNetwork,
  { input: w, recurrent: r, readout: o }: EpropWeights,
  input: readonly ArrayLike<number>[],
  label: number,
): EpropRun {
  const { inputs, neurons, outputs, steps, theta } = network;
  const { alpha, kappa } = decays(network);
  const isHard = network.spikes === 'hard';
  const V = new Float64Array(neurons);
  const y = new Float64Array(outputs);
  const run: EpropRun = { z: [], psi: [], error: [], answer: new Float64Array(outputs), loss: 0, spikes: 0 };
  for (let t = 0; t < steps; t++) {
    const before = run.z[t - 1];
    for (let j = 0; j < neurons; j++) V[j] = alpha * V[j] - (isHard && before ? theta * before[j] : 0);
    const arriving = input[t];
    for (let k = 0; k < arriving.length; k++) {
      for (let j = 0; j < neurons; j++) V[j] += w[j * inputs + arriving[k]];
    }
    if (r && before) {
      for (let m = 0; m < neurons; m++) {
        if (before[m] === 0) continue;
        for (let j = 0; j < neurons; j++) V[j] += r[j * neurons + m] * before[m];
      }
    }
    const z = Float64Array.from(V, (v) => (isHard ? Number(v >= theta) : soft(v, network)));
    run.z.push(z);
    run.psi.push(Float64Array.from(V, (v) => pseudoDerivative(v, network)));
    for (let k = 0; k < outputs; k++) y[k] *= kappa;
    for (let j = 0; j < neurons; j++) {
      if (z[j] === 0) continue;
      run.spikes++;
      for (let k = 0; k < outputs; k++) y[k] += o[k * neurons + j] * z[j];
    }
    run.error.push(softmax(y));
    run.loss -= Math.log(run.error[t][label]) / steps;
    run.error[t][label] -= 1;
    for (let k = 0; k < outputs; k++) run.answer[k] += y[k] / steps;
  }
  return run;
}

export function decays({ dtMs, tauMMs, tauOutMs }: EpropNetwork): { alpha: number; kappa: number } {
  return { alpha: Math.exp(-dtMs / tauMMs), kappa: Math.exp(-dtMs / tauOutMs) };
}

function pseudoDerivative(v: number, { theta, gamma }: EpropNetwork): number {
  return (gamma / theta) * Math.max(0, 1 - Math.abs(v - theta) / theta);
}

/** ∫ψ from 0 to v. */
function soft(v: number, { theta, gamma }: EpropNetwork): number {
  const u = Math.min(2, Math.max(0, v / theta));
  return gamma * (u <= 1 ? (u * u) / 2 : 1 - (2 - u) ** 2 / 2);
}

function softmax(y: Float64Array): Float64Array {
  const largest = Math.max(...y);
  const exponentials = y.map((value) => Math.exp(value - largest));
  const sum = exponentials.reduce((total, e) => total + e, 0);
  return exponentials.map((e) => e / sum);
}
