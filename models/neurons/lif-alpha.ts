import type { NeuronModel } from '../../kernels/compile/index.js';

/**
 * Leaky integrate-and-fire with alpha-shaped synaptic currents: a weight of w pA gives a current that peaks at
 * w pA, one time constant after the spike. x is the current's auxiliary variable, in pA.
 */
export const lifAlpha: NeuronModel = {
  name: 'lif-alpha',
  equations: `
    dV/dt = (E_L - V)/tau_m + (I_syn + I)/C
    dI_syn/dt = (x - I_syn)/tau_syn
    dx/dt = -x/tau_syn
  `,
  threshold: 'V >= V_th',
  reset: 'V = V_r',
  refractory: { period: 't_ref', hold: 'V' },
  parameters: {
    C: [250, 'pF'],
    tau_m: [10, 'ms'],
    tau_syn: [0.5, 'ms'],
    E_L: [0, 'mV'],
    V_th: [20, 'mV'],
    V_r: [0, 'mV'],
    t_ref: [0.5, 'ms'],
    I: [0, 'pA'],
    /** Euler's number: the alpha function t/tau·e^(1 - t/tau) has a peak of 1. */
    e: [Math.E, ''],
  },
  state: { V: [0, 'mV'], I_syn: [0, 'pA'], x: [0, 'pA'] },
  receptors: { input: { adds: 'x', unit: 'pA', times: 'e' } },
  integrator: 'exact',
};
