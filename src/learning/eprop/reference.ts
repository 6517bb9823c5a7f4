import { decays, type EpropNetwork, type EpropRun } from './network.js';

/** Proposed directions of descent, by target as the weights. */
export interface EpropGradient {
  input: Float64Array;
  recurrent: Float64Array | null;
  readout: Float64Array;
}

/** No change of any synapse; without recurrent synapses there is none of them to change. */
export function emptyGradient({ inputs, neurons, outputs }: EpropNetwork, recurrent: boolean): EpropGradient {
  return {
    input: new Float64Array(neurons * inputs),
    recurrent: recurrent ? new Float64Array(neurons * neurons) : null,
    readout: new Float64Array(outputs * neurons),
  };
}

/**
 * e-prop as it is stated (Bellec et al. 2020): every synapse carries an eligibility trace that is advanced at every
 * step, and meets the learning signal of its neuron as it comes. Local and online; gradient.ts computes the same from
 * the spikes alone.
 *
 *   z̄_i ← α z̄_i + z_i      e_ji = ψ_j z̄_i      ē_ji ← κ ē_ji + e_ji
 *   L_j = Σ_k B_jk (π_k - target_k)              G_ji = 1/T Σ_t L_j ē_ji
 *
 * @param feedback B, [neurons][outputs]
 */
export function epropByTraces(
  network: EpropNetwork,
  run: EpropRun,
  input: readonly ArrayLike<number>[],
  feedback: ArrayLike<number>,
  recurrent: boolean,
): EpropGradient {
  const { inputs, neurons, outputs, steps } = network;
  const { alpha, kappa } = decays(network);
  const gradient = emptyGradient(network, recurrent);
  const signal = new Float64Array(neurons);
  const traced = (sources: number, into: Float64Array, arrives: (t: number) => Float64Array) => {
    const bar = new Float64Array(sources);
    const trace = new Float64Array(neurons * sources);
    return (t: number) => {
      const z = arrives(t);
      for (let i = 0; i < sources; i++) bar[i] = alpha * bar[i] + z[i];
      for (let j = 0; j < neurons; j++) {
        for (let i = 0; i < sources; i++) {
          const k = j * sources + i;
          trace[k] = kappa * trace[k] + run.psi[t][j] * bar[i];
          into[k] += (signal[j] * trace[k]) / steps;
        }
      }
    };
  };
  const silent = new Float64Array(neurons);
  const advance = [traced(inputs, gradient.input, (t) => dense(input[t], inputs))];
  if (gradient.recurrent) advance.push(traced(neurons, gradient.recurrent, (t) => run.z[t - 1] ?? silent));
  const sent = new Float64Array(neurons);
  for (let t = 0; t < steps; t++) {
    for (let j = 0; j < neurons; j++) {
      signal[j] = 0;
      for (let k = 0; k < outputs; k++) signal[j] += feedback[j * outputs + k] * run.error[t][k];
    }
    for (const step of advance) step(t);
    for (let j = 0; j < neurons; j++) {
      sent[j] = kappa * sent[j] + run.z[t][j];
      for (let k = 0; k < outputs; k++)
        gradient.readout[k * neurons + j] += (run.error[t][k] * sent[j]) / steps;
    }
  }
  return gradient;
}

function dense(spikes: ArrayLike<number>, sources: number): Float64Array {
  const z = new Float64Array(sources);
  for (let k = 0; k < spikes.length; k++) z[spikes[k]] += 1;
  return z;
}
