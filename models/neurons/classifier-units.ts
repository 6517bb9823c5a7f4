import type { NeuronModel } from '../../kernels/compile/index.js';

/**
 * The hidden unit of a trained classifier, in units of its threshold: a leaky integrate-and-fire neuron with an
 * exponential synapse. A step is that of kernels/spiking-layer, operation by operation.
 */
export const classifierUnit: NeuronModel = {
  name: 'classifier-unit',
  equations: `
    dV/dt = (I - V)/tau_m
    dI/dt = -I/tau_s
  `,
  threshold: 'V >= theta',
  reset: 'V = 0',
  parameters: { tau_m: [20, 'ms'], tau_s: [5, 'ms'], theta: [1, ''] },
  state: { V: [0, ''], I: [0, ''] },
  receptors: { input: { adds: 'I', unit: '' } },
  integrator: 'exact',
};

/** Its readout: the same without a threshold that it could reach. A is the answer, gain · ∫ V dt. */
export const classifierReadout: NeuronModel = {
  name: 'classifier-readout',
  equations: `
    dV/dt = (I - V)/tau_m
    dI/dt = -I/tau_s
    dA/dt = gain*V
  `,
  threshold: 'V >= never',
  reset: 'V = 0',
  parameters: { tau_m: [20, 'ms'], tau_s: [5, 'ms'], gain: [1, '1/ms'], never: [1e9, ''] },
  state: { V: [0, ''], I: [0, ''], A: [0, ''] },
  receptors: { input: { adds: 'I', unit: '' } },
  integrator: 'exact',
};
