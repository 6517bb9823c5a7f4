import type { NeuronModel } from '../../kernels/compile/index.js';

/** Leaky integrate-and-fire with exponentially decaying synaptic currents, one time constant each for E and I. */
export const lifExp: NeuronModel = {
  name: 'lif-exp',
  equations: `
    dV/dt = (E_L - V)/tau_m + (I_e + I_i + I)/C
    dI_e/dt = -I_e/tau_e
    dI_i/dt = -I_i/tau_i
  `,
  threshold: 'V >= V_th',
  reset: 'V = V_r',
  refractory: { period: 't_ref', hold: 'V' },
  parameters: {
    C: [250, 'pF'],
    tau_m: [10, 'ms'],
    tau_e: [0.5, 'ms'],
    tau_i: [0.5, 'ms'],
    E_L: [-65, 'mV'],
    V_th: [-50, 'mV'],
    V_r: [-65, 'mV'],
    t_ref: [2, 'ms'],
    I: [0, 'pA'],
  },
  state: { V: [-65, 'mV'], I_e: [0, 'pA'], I_i: [0, 'pA'] },
  receptors: { excitatory: { adds: 'I_e', unit: 'pA' }, inhibitory: { adds: 'I_i', unit: 'pA' } },
  integrator: 'exact',
};
