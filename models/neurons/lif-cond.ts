import type { NeuronModel } from '../../kernels/compile/index.js';

/** Leaky integrate-and-fire with exponentially decaying synaptic conductances (Brette et al. 2007, benchmark 1). */
export const lifCond: NeuronModel = {
  name: 'lif-cond',
  equations: `
    dV/dt = (g_L*(E_L - V) + g_e*(E_e - V) + g_i*(E_i - V) + I)/C
    dg_e/dt = -g_e/tau_e
    dg_i/dt = -g_i/tau_i
  `,
  threshold: 'V >= V_th',
  reset: 'V = V_r',
  refractory: { period: 't_ref', hold: 'V' },
  parameters: {
    C: [200, 'pF'],
    g_L: [10, 'nS'],
    E_L: [-60, 'mV'],
    E_e: [0, 'mV'],
    E_i: [-80, 'mV'],
    tau_e: [5, 'ms'],
    tau_i: [10, 'ms'],
    V_th: [-50, 'mV'],
    V_r: [-60, 'mV'],
    t_ref: [5, 'ms'],
    I: [0, 'pA'],
  },
  state: { V: [-60, 'mV'], g_e: [0, 'nS'], g_i: [0, 'nS'] },
  receptors: { excitatory: { adds: 'g_e', unit: 'nS' }, inhibitory: { adds: 'g_i', unit: 'nS' } },
  integrator: 'exponential-euler',
};
