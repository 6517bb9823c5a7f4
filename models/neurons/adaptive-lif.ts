import type { NeuronModel } from '../../kernels/compile/index.js';

/** Leaky integrate-and-fire with an adaptation current that every spike raises by b (exponential synapses). */
export const adaptiveLif: NeuronModel = {
  name: 'adaptive-lif',
  equations: `
    dV/dt = (E_L - V)/tau_m + (I_e + I_i + I - w)/C
    dI_e/dt = -I_e/tau_e
    dI_i/dt = -I_i/tau_i
    dw/dt = (a*(V - E_L) - w)/tau_w
  `,
  threshold: 'V >= V_th',
  reset: `
    V = V_r
    w = w + b
  `,
  refractory: { period: 't_ref', hold: 'V' },
  parameters: {
    C: [250, 'pF'],
    tau_m: [10, 'ms'],
    tau_e: [5, 'ms'],
    tau_i: [10, 'ms'],
    tau_w: [150, 'ms'],
    a: [0, 'nS'],
    b: [40, 'pA'],
    E_L: [-65, 'mV'],
    V_th: [-50, 'mV'],
    V_r: [-65, 'mV'],
    t_ref: [2, 'ms'],
    I: [0, 'pA'],
  },
  state: { V: [-65, 'mV'], I_e: [0, 'pA'], I_i: [0, 'pA'], w: [0, 'pA'] },
  receptors: { excitatory: { adds: 'I_e', unit: 'pA' }, inhibitory: { adds: 'I_i', unit: 'pA' } },
  integrator: 'exact',
};
