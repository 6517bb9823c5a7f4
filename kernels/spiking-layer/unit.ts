import type { LayerForm, NeuronModel } from '../compile/index.js';

/**
 * The neuron of a layer that is trained, in units of its threshold: leaky integrate-and-fire with an exponential synapse
 * (reference.ts). The trainer's kernel and that of a simulated population are compiled from these equations.
 */
export const trainedUnit: NeuronModel = {
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

/** The adjoint needs to know the current with which V crossed the threshold. */
export const TRAINED_FORM: LayerForm = { noted: 'I' };

/** Name of the compiled binary (scripts/build-kernels.mjs). */
export const TRAINED_BINARY = 'trained-unit';
