/** A leaky integrate-and-fire neuron with an exponential synapse, reset to 0, and its time grid. */
export interface NeuronParameters {
  /** Membrane time constant τ_m. */
  tauMMs: number;
  /** Synaptic time constant τ_s; must differ from τ_m. */
  tauSMs: number;
  /** Threshold θ; the weights are in its unit. */
  theta: number;
  /** Time step. */
  dtMs: number;
  /** Time steps of the window. */
  steps: number;
}

/** What one time step does, exactly (the equations are linear): see kernels/spiking-layer/reference.ts. */
export interface Propagators {
  /** exp(-dt/τ_m) */
  decayM: number;
  /** exp(-dt/τ_s) */
  decayS: number;
  /** V at the end of a step per I at its start: τ_s/(τ_m-τ_s)·(decayM - decayS) */
  gain: number;
  /** λ_I at the start of a step per λ_V at its end: τ_m/(τ_m-τ_s)·(decayM - decayS) */
  mix: number;
}

export function propagators({ tauMMs, tauSMs, dtMs }: NeuronParameters): Propagators {
  const decayM = Math.exp(-dtMs / tauMMs);
  const decayS = Math.exp(-dtMs / tauSMs);
  return {
    decayM,
    decayS,
    gain: (tauSMs / (tauMMs - tauSMs)) * (decayM - decayS),
    mix: (tauMMs / (tauMMs - tauSMs)) * (decayM - decayS),
  };
}

/** Membrane potential a time `ms` after a spike through a synapse of weight 1: the post-synaptic potential. */
export function postsynapticPotential(ms: number, { tauMMs, tauSMs }: NeuronParameters): number {
  return (tauSMs / (tauMMs - tauSMs)) * (Math.exp(-ms / tauMMs) - Math.exp(-ms / tauSMs));
}

/** Its integral from 0 to `ms`, in ms. */
export function postsynapticArea(ms: number, { tauMMs, tauSMs }: NeuronParameters): number {
  const membrane = tauMMs * (1 - Math.exp(-ms / tauMMs));
  const synapse = tauSMs * (1 - Math.exp(-ms / tauSMs));
  return (tauSMs / (tauMMs - tauSMs)) * (membrane - synapse);
}

/**
 * What a spike at the end of step k does to a readout whose answer is κ times the mean membrane potential over
 * the window T: `readoutGain[k] = κ/T · ∫ psp`, and `errorGain[k] = -κ/T · psp(T - t)`, the weight with which the
 * readout's error reaches the spike (λ_V - λ_I of a readout neuron with unit error, in closed form).
 */
export function readoutGains(
  neuron: NeuronParameters,
  kappa: number,
): { readoutGain: Float32Array; errorGain: Float32Array } {
  const windowMs = neuron.steps * neuron.dtMs;
  const leftMs = Float64Array.from({ length: neuron.steps }, (_, k) => windowMs - (k + 1) * neuron.dtMs);
  return {
    readoutGain: Float32Array.from(leftMs, (ms) => (kappa / windowMs) * postsynapticArea(ms, neuron)),
    errorGain: Float32Array.from(leftMs, (ms) => (-kappa / windowMs) * postsynapticPotential(ms, neuron)),
  };
}
