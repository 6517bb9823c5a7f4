import { decays, type EpropNetwork, type EpropRun } from './network.js';
import { type EpropGradient, emptyGradient } from './reference.js';

/**
 * The sum that e-prop comes to over a window, without a trace for each synapse: the filters are moved from the
 * synapses to the neurons by summing backwards,
 *
 *   a_j(t) = ψ_j(t) Σ_{s≥t} κ^(s-t) L_j(s)      A_j(t) = Σ_{s≥t} α^(s-t) a_j(s)      G_ji = 1/T Σ_{spikes of i} A_j
 *
 * so that a synapse is touched at the spikes of its source only. It equals reference.ts up to rounding. (What a
 * neuron would have to know is then no longer only its past: this is a way to compute, not a model of a brain.)
 */
export function epropFromSpikes(
  network: EpropNetwork,
  run: EpropRun,
  input: readonly ArrayLike<number>[],
  feedback: ArrayLike<number>,
  recurrent: boolean,
): EpropGradient {
  const { inputs, neurons, outputs, steps } = network;
  const { alpha, kappa } = decays(network);
  const gradient = emptyGradient(network, recurrent);
  /** Σ κ^(s-t) (π - target)(s)/T, and the same seen through the feedback. */
  const errors = new Float64Array(outputs);
  const credit = new Float64Array(neurons);
  for (let t = steps - 1; t >= 0; t--) {
    for (let k = 0; k < outputs; k++) errors[k] = kappa * errors[k] + run.error[t][k] / steps;
    for (let j = 0; j < neurons; j++) {
      let signal = 0;
      if (run.psi[t][j] !== 0) {
        for (let k = 0; k < outputs; k++) signal += feedback[j * outputs + k] * errors[k];
      }
      credit[j] = alpha * credit[j] + run.psi[t][j] * signal;
    }
    const arriving = input[t];
    for (let n = 0; n < arriving.length; n++) {
      for (let j = 0; j < neurons; j++) gradient.input[j * inputs + arriving[n]] += credit[j];
    }
    const before = run.z[t - 1];
    for (let m = 0; m < neurons; m++) {
      const z = run.z[t][m];
      if (z !== 0) for (let k = 0; k < outputs; k++) gradient.readout[k * neurons + m] += errors[k] * z;
      if (gradient.recurrent && before && before[m] !== 0) {
        for (let j = 0; j < neurons; j++) gradient.recurrent[j * neurons + m] += credit[j] * before[m];
      }
    }
  }
  return gradient;
}
