import type { NeuronModel } from '../../kernels/compile/index.js';
import { trainedUnit } from '../../kernels/spiking-layer/unit.js';

/** The hidden unit of a trained classifier: the very equations that its trainer was compiled from. */
export const classifierUnit: NeuronModel = trainedUnit;

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
