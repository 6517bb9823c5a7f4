import type { NeuronModel } from '../../kernels/compile/index.js';

/** Leaky integrate-and-fire with one exponentially decaying synaptic current for E and I alike. */
export const lifCurrent: NeuronModel = {
  name: 'lif-current',
  equations: `
    dV/dt = (E_L - V)/tau_m + (I_syn + I)/C
    dI_syn/dt = -I_syn/tau_syn
  `,
  threshold: 'V >= V_th',
  reset: 'V = V_r',
  refractory: { period: 't_ref', hold: 'V' },
  parameters: {
    C: [250, 'pF'],
    tau_m: [10, 'ms'],
    tau_syn: [0.5, 'ms'],
    E_L: [-65, 'mV'],
    V_th: [-50, 'mV'],
    V_r: [-65, 'mV'],
    t_ref: [2, 'ms'],
    I: [0, 'pA'],
  },
  state: { V: [-65, 'mV'], I_syn: [0, 'pA'] },
  receptors: { input: { adds: 'I_syn', unit: 'pA' } },
  integrator: 'exact',
};
