import type { NeuronModel, Quantity } from '../../kernels/compile/index.js';
import type { FiringPattern } from './firing-patterns.js';
import { izhikevich } from './izhikevich.js';

const PULSES = [1, 2, 3, 4];
const RAMPS = [1, 2];

const pulse = (i: number) => `(clock > from_${i} and clock < to_${i} ? I_${i} : 0*I_${i})`;
const ramp = (i: number) =>
  `(clock > begin_${i} and clock < end_${i} ? slope_${i}*(clock - begin_${i}) : 0*slope_${i}*clock)`;
const each = (indices: readonly number[], of: (i: number) => Record<string, Quantity>) =>
  Object.assign({}, ...indices.map(of)) as Record<string, Quantity>;

/**
 * Izhikevich's model with its stimulus written into the equations: a clock, four pulses and two ramps, which may differ
 * from neuron to neuron. Where leak is 0, u grows with V - V_u for ever.
 */
export const izhikevichStimulated: NeuronModel = {
  ...izhikevich,
  name: 'izhikevich-stimulated',
  equations: `
    dV/dt = k2*V*V + k1*V + k0 - u + I + ${[...PULSES.map(pulse), ...RAMPS.map(ramp)].join(' + ')}
    du/dt = a*(b*(V - V_u) - leak*u)
    dclock/dt = one
  `,
  parameters: {
    ...izhikevich.parameters,
    V_u: [0, 'mV'],
    leak: [1, ''],
    one: [1, ''],
    ...each(PULSES, (i) => ({ [`from_${i}`]: [0, 'ms'], [`to_${i}`]: [0, 'ms'], [`I_${i}`]: [0, 'mV/ms'] })),
    ...each(RAMPS, (i) => ({
      [`begin_${i}`]: [0, 'ms'],
      [`end_${i}`]: [0, 'ms'],
      [`slope_${i}`]: [0, 'mV/ms^2'],
    })),
  },
  state: { ...izhikevich.state, clock: [0, 'ms'] },
};

/** Parameters of `izhikevichStimulated` for one pattern. */
export function stimulatedParameters(pattern: FiringPattern): Record<string, number> {
  const { a, b, c, d, linear = 5, constant = 140, integratesFromMv, base = 0, pulses, ramps = [] } = pattern;
  const stimulus = [
    ...pulses.flatMap(({ fromMs, toMs, current }, i) => [
      [`from_${i + 1}`, fromMs],
      [`to_${i + 1}`, toMs],
      [`I_${i + 1}`, current],
    ]),
    ...ramps.flatMap(({ fromMs, toMs, slope }, i) => [
      [`begin_${i + 1}`, fromMs],
      [`end_${i + 1}`, toMs],
      [`slope_${i + 1}`, slope],
    ]),
  ];
  return {
    a,
    b,
    c,
    d,
    k1: linear,
    k0: constant,
    V_u: integratesFromMv ?? 0,
    leak: integratesFromMv === undefined ? 1 : 0,
    I: base,
    ...Object.fromEntries(stimulus),
  };
}
