import * as tf from '@tensorflow/tfjs-core';
import type { AdaptiveConstants } from '../../../kernels/adaptive-window/plain.js';
import { UsageError } from '../../util/errors.js';
import { ADAPTIVE, registerAdaptive, registerAdaptiveGradients, runAdaptive } from './adaptive-kernels.js';
import { ensureLif } from './lif-window.js';
import { constantsOf, LIF_DEFAULTS, type LifOptions } from './options.js';
import { checkShapes, type SpikeTensor } from './spikes.js';

for (const backend of ['cpu', 'wasm', 'webgpu']) registerAdaptive(backend);
registerAdaptiveGradients();

export interface AdaptiveLifOptions extends LifOptions {
  /** By how much a spike lifts the threshold of its neuron; 0 for one that does not adapt. */
  beta: number;
  /** Time constant with which the threshold comes back. */
  tauAMs: number;
}

/** β 0.2 θ, τ_a 200 ms (of the order of Bellec et al. 2018); the rest as `LIF_DEFAULTS`. */
export const ADAPTIVE_DEFAULTS: AdaptiveLifOptions = { ...LIF_DEFAULTS, beta: 0.2, tauAMs: 200 };

export interface AdaptiveWindowOptions extends Partial<AdaptiveLifOptions> {
  /** Weights among the neurons of the layer, [units, units], presynaptic first. They take one step, as all do. */
  recurrent?: tf.Tensor2D;
  /** Use the composition of tfjs operations even where the backend has a kernel of its own. Default false. */
  composed?: boolean;
}

/** @throws UsageError if an option makes no neuron */
export function adaptiveConstants(options: AdaptiveLifOptions): AdaptiveConstants {
  const { beta, tauAMs, tauMMs, dtMs } = options;
  if (!(beta >= 0 && Number.isFinite(beta))) throw new UsageError(`${beta}`, 'beta', 'Give a number from 0.');
  if (!(tauAMs > 0 && Number.isFinite(tauAMs))) {
    throw new UsageError(`${tauAMs}`, 'tauAMs', 'Give a number above 0.');
  }
  return { ...constantsOf(options), beta, tauMMs, tauAMs, decayA: Math.exp(-dtMs / tauAMs) };
}

/**
 * A layer of adaptive leaky integrate-and-fire neurons, with or without synapses among themselves, over the whole
 * window of a batch, one kernel call: `lifWindow` with
 *
 *   V_j ≥ θ + β a_j → spike, V_j = 0, a_j += 1;   τ_a a' = -a;   I_j += r_mj at a spike of neuron m of the layer
 *
 * (kernels/adaptive-window/plain.ts). Differentiable by input weights, recurrent weights and input spikes.
 *
 * @param spikes [batch, steps, sources]
 * @param weights [sources, units], in units of θ
 * @returns [batch, steps, units]
 * @throws UsageError if shapes or options do not fit
 */
export function adaptiveLifWindow(
  spikes: SpikeTensor,
  weights: tf.Tensor2D,
  { composed = false, recurrent, ...options }: AdaptiveWindowOptions = {},
): SpikeTensor {
  checkShapes(spikes, weights);
  const units = weights.shape[1];
  if (recurrent && (recurrent.shape[0] !== units || recurrent.shape[1] !== units)) {
    throw new UsageError(`shape [${recurrent.shape}]`, 'recurrent', `Give [${units}, ${units}].`);
  }
  const constants = adaptiveConstants({ ...ADAPTIVE_DEFAULTS, ...options });
  const backend = ensureLif();
  if (!tf.getKernel(ADAPTIVE, backend)) registerAdaptive(backend);
  const inputs = { spikes, weights, ...(recurrent && { recurrent }) };
  return tf.tidy(() => runAdaptive(inputs, constants, composed)) as SpikeTensor;
}
