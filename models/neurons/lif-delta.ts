import type { NeuronModel } from '../../kernels/compile/index.js';

/** Leaky integrate-and-fire; a spike lifts the membrane by its weight at once (Brunel 2000). */
export const lifDelta: NeuronModel = {
  name: 'lif-delta',
  equations: 'dV/dt = (E_L - V)/tau_m + I/C',
  threshold: 'V >= V_th',
  reset: 'V = V_r',
  refractory: { period: 't_ref', hold: 'V' },
  parameters: {
    C: [250, 'pF'],
    tau_m: [20, 'ms'],
    E_L: [0, 'mV'],
    V_th: [20, 'mV'],
    V_r: [0, 'mV'],
    t_ref: [2, 'ms'],
    I: [0, 'pA'],
  },
  state: { V: [0, 'mV'] },
  receptors: { input: { adds: 'V', unit: 'mV' } },
  integrator: 'exact',
};
