import type { Surrogate, WindowConstants } from '../../../kernels/lif-window/index.js';
import { DEFAULT_NEURON } from '../../learning/eventprop/config.js';
import { type NeuronParameters, propagators } from '../../learning/eventprop/neuron.js';
import { UsageError } from '../../util/errors.js';
import { remembered } from './remembered.js';

/**
 * What the backward pass takes for the derivative of a spike.
 *
 *   eventprop   the exact one, of the loss by the time of each spike: the gradient of a spike tensor is dL/dt in
 *               1/ms where there is a spike, and 0 elsewhere
 *   superspike, arctan   a surrogate, of the loss by the value of each entry: back-propagation through time
 *
 * Layers that pass spikes to each other must be of one kind. Behind an ordinary operation on spikes (a sum of
 * counts, a dense layer) only surrogates have a meaning, since a count does not change with the time of a spike.
 */
export type SpikeGradient = 'eventprop' | 'superspike' | 'arctan';

const SURROGATE: Record<SpikeGradient, Surrogate> = { eventprop: 0, superspike: 1, arctan: 2 };

export interface LifOptions extends Omit<NeuronParameters, 'steps'> {
  gradient: SpikeGradient;
  /** Smallest τ_m·dV/dt that EventProp takes a spike to have; it divides by it. */
  slopeFloor: number;
  /** Sharpness of the surrogate, in 1/θ. */
  sharpness: number;
}

const { steps: _, ...neuron } = DEFAULT_NEURON;

/** τ_m 20 ms, τ_s 5 ms, θ 1, step 1 ms; EventProp. Sharpness as in Zenke and Vogels 2021. */
export const LIF_DEFAULTS: LifOptions = { ...neuron, gradient: 'eventprop', slopeFloor: 1e-3, sharpness: 10 };

/**
 * The constants of a step. They are shared: do not change them.
 *
 * @throws UsageError if an option makes no neuron
 */
export function constantsOf(options: LifOptions): Readonly<WindowConstants> {
  const { tauMMs, tauSMs, theta, dtMs, slopeFloor, sharpness, gradient } = options;
  return constants(tauMMs, tauSMs, theta, dtMs, slopeFloor, sharpness, gradient);
}

const constants = remembered(
  (
    tauMMs: number,
    tauSMs: number,
    theta: number,
    dtMs: number,
    slopeFloor: number,
    sharpness: number,
    gradient: SpikeGradient,
  ): WindowConstants => {
    for (const [name, value] of Object.entries({ tauMMs, tauSMs, theta, dtMs, slopeFloor, sharpness })) {
      if (!(value > 0 && value < Infinity)) throw new UsageError(`${value}`, name, 'Give a number above 0.');
    }
    if (tauMMs === tauSMs) {
      throw new UsageError(`tauMMs and tauSMs are both ${tauMMs}`, 'tauSMs', 'Make them differ.');
    }
    if (!Object.hasOwn(SURROGATE, gradient)) {
      throw new UsageError(`'${gradient}'`, 'gradient', `Use one of: ${Object.keys(SURROGATE).join(', ')}.`);
    }
    const step = propagators({ tauMMs, tauSMs, theta, dtMs, steps: 1 });
    return { ...step, tauSMs, theta, slopeFloor, sharpness, surrogate: SURROGATE[gradient] };
  },
);
