import type { NeuronModel } from '../../kernels/compile/index.js';

/**
 * Adaptive exponential integrate-and-fire (Brette and Gerstner 2005, doi:10.1152/jn.00686.2005), with conductance
 * synapses. The exponent is cut at V_peak, where the spike is found.
 */
export const adex: NeuronModel = {
  name: 'adex',
  equations: `
    dV/dt = (g_L*(E_L - V) + g_L*Delta_T*exp((min(V, V_peak) - V_T)/Delta_T) - w + I + g_e*(E_e - V) + g_i*(E_i - V))/C
    dw/dt = (a*(V - E_L) - w)/tau_w
    dg_e/dt = -g_e/tau_e
    dg_i/dt = -g_i/tau_i
  `,
  threshold: 'V >= V_peak',
  reset: `
    V = V_r
    w = w + b
  `,
  refractory: { period: 't_ref', hold: 'V' },
  parameters: {
    C: [281, 'pF'],
    g_L: [30, 'nS'],
    E_L: [-70.6, 'mV'],
    V_T: [-50.4, 'mV'],
    Delta_T: [2, 'mV'],
    V_peak: [-30, 'mV'],
    V_r: [-70.6, 'mV'],
    tau_w: [144, 'ms'],
    a: [4, 'nS'],
    b: [80.5, 'pA'],
    t_ref: [0, 'ms'],
    E_e: [0, 'mV'],
    E_i: [-80, 'mV'],
    tau_e: [5, 'ms'],
    tau_i: [10, 'ms'],
    I: [0, 'pA'],
  },
  state: { V: [-70.6, 'mV'], w: [0, 'pA'], g_e: [0, 'nS'], g_i: [0, 'nS'] },
  receptors: { excitatory: { adds: 'g_e', unit: 'nS' }, inhibitory: { adds: 'g_i', unit: 'nS' } },
  integrator: 'rk4',
};
