import type { NeuronModel } from '../../kernels/compile/index.js';

/**
 * Hodgkin-Huxley type neuron after Traub and Miles, with conductance synapses: benchmark 3 of Brette et al. 2007
 * (COBAHH; doi:10.1007/s10827-007-0038-6). 20,000 µm² of membrane. A spike is found where V comes up through
 * V_spike, and the next one not before t_ref has passed; nothing is reset. `over` remembers having been above.
 */
export const hodgkinHuxley: NeuronModel = {
  name: 'hodgkin-huxley',
  equations: `
    dV/dt = (g_L*(E_L - V) + g_e*(E_e - V) + g_i*(E_i - V) + g_Na*m^3*h*(E_Na - V) + g_K*n^4*(E_K - V) + I)/C
    dm/dt = 1.28/ms0/exprel((13*mV0 - V + V_T)/(4*mV0))*(1 - m) - 1.4/ms0/exprel((V - V_T - 40*mV0)/(5*mV0))*m
    dn/dt = 0.16/ms0/exprel((15*mV0 - V + V_T)/(5*mV0))*(1 - n) - 0.5/ms0*exp((10*mV0 - V + V_T)/(40*mV0))*n
    dh/dt = 0.128/ms0*exp((17*mV0 - V + V_T)/(18*mV0))*(1 - h) - 4/ms0/(1 + exp((40*mV0 - V + V_T)/(5*mV0)))*h
    dg_e/dt = -g_e/tau_e
    dg_i/dt = -g_i/tau_i
    drest/dt = -rest/ms0
  `,
  threshold: 'V >= V_spike and rest < 0.5',
  reset: 'rest = exp(t_ref/ms0)*0.5',
  parameters: {
    C: [200, 'pF'],
    g_L: [10, 'nS'],
    g_Na: [20, 'uS'],
    g_K: [6, 'uS'],
    E_L: [-60, 'mV'],
    E_Na: [50, 'mV'],
    E_K: [-90, 'mV'],
    V_T: [-63, 'mV'],
    V_spike: [-20, 'mV'],
    t_ref: [3, 'ms'],
    E_e: [0, 'mV'],
    E_i: [-80, 'mV'],
    tau_e: [5, 'ms'],
    tau_i: [10, 'ms'],
    I: [0, 'pA'],
    /** Units of the rate functions, which were published with bare numbers. */
    mV0: [1, 'mV'],
    ms0: [1, 'ms'],
  },
  state: {
    V: [-65, 'mV'],
    m: [0.05, ''],
    n: [0.3, ''],
    h: [0.6, ''],
    g_e: [0, 'nS'],
    g_i: [0, 'nS'],
    /** Falls from above 1/2 to 1/2 in t_ref after a spike: until then no other is counted. */
    rest: [0, ''],
  },
  receptors: { excitatory: { adds: 'g_e', unit: 'nS' }, inhibitory: { adds: 'g_i', unit: 'nS' } },
  integrator: 'exponential-euler',
};
