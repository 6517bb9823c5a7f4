import type { NeuronModel } from '../../kernels/compile/index.js';

/** Grows without bound and never spikes. */
export const explosive: NeuronModel = {
  name: 'explosive',
  equations: 'dV/dt = V*V/scale + up',
  threshold: 'V < never',
  reset: 'V = zero',
  parameters: { scale: [1, 'mV ms'], up: [0, 'mV/ms'], never: [-1e9, 'mV'], zero: [0, 'mV'] },
  state: { V: [0, 'mV'] },
  receptors: { input: { adds: 'V', unit: 'mV' } },
  integrator: 'rk4',
};
