import type { NeuronModel } from '../../kernels/compile/index.js';

/**
 * Izhikevich 2003 (doi:10.1109/TNN.2003.820440): dv/dt = 0.04 v² + 5 v + 140 - u + I, du/dt = a(bv - u), with the
 * paper's numbers given the units that make them fit; I is in mV/ms, as there.
 */
export const izhikevich: NeuronModel = {
  name: 'izhikevich',
  equations: `
    dV/dt = k2*V*V + k1*V + k0 - u + I
    du/dt = a*(b*V - u)
  `,
  threshold: 'V >= V_peak',
  reset: `
    V = c
    u = u + d
  `,
  parameters: {
    k2: [0.04, '1/(ms mV)'],
    k1: [5, '1/ms'],
    k0: [140, 'mV/ms'],
    a: [0.02, '1/ms'],
    b: [0.2, '1/ms'],
    c: [-65, 'mV'],
    d: [8, 'mV/ms'],
    V_peak: [30, 'mV'],
    I: [0, 'mV/ms'],
  },
  state: { V: [-65, 'mV'], u: [-13, 'mV/ms'] },
  receptors: { input: { adds: 'V', unit: 'mV' } },
  integrator: 'rk4',
};
