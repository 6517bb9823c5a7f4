import * as tf from '@tensorflow/tfjs-core';
import { postsynapticArea, postsynapticPotential } from '../../learning/eventprop/neuron.js';
import { hasMeanReadout, type MeanReadout, meanReadout } from './mean-readout.js';
import { constantsOf, LIF_DEFAULTS, type LifOptions } from './options.js';
import { remembered } from './remembered.js';
import { checkShapes, type SpikeTensor } from './spikes.js';

export type ReadoutOptions = Partial<Pick<LifOptions, 'tauMMs' | 'tauSMs' | 'dtMs' | 'gradient'>>;

export interface MeanOptions extends ReadoutOptions {
  /** Factor of the answer. Default 1. */
  kappa?: number;
  /** Use the composition of tfjs operations even where the backend has a kernel of its own. Default false. */
  composed?: boolean;
}

/**
 * Mean membrane potential of leaky, non-spiking neurons over the window T, in closed form: a spike of source n at t
 * adds w_nk/T · ∫ psp from t to T to the mean of neuron k.
 *
 * @param spikes [batch, steps, sources]
 * @param weights [sources, targets]
 * @returns [batch, targets]
 * @throws UsageError if shapes or options do not fit
 */
export function meanPotential(
  spikes: SpikeTensor,
  weights: tf.Tensor2D,
  { kappa = 1, composed = false, ...options }: MeanOptions = {},
): tf.Tensor2D {
  checkShapes(spikes, weights);
  const [batch, steps, sources] = spikes.shape;
  const neuron = { ...LIF_DEFAULTS, ...options, steps };
  const { tauMMs, tauSMs, dtMs } = neuron;
  const { value, slope, byTime, byValue } = responses(steps, kappa, tauMMs, tauSMs, dtMs);
  const masked = constantsOf(neuron).surrogate === 0;
  if (hasMeanReadout() && !composed) return meanReadout(spikes, weights, masked ? byTime : byValue);
  return tf.tidy(() => {
    const drive = filterInTime(spikes, [value], [slope], neuron);
    return tf.matMul(tf.reshape(drive, [batch, sources]), weights) as tf.Tensor2D;
  });
}

/** What a spike of each step does to the mean potential (`value`), d value/dt (`slope`), and both as the kernel wants them. */
const responses = remembered((steps: number, kappa: number, tauMMs: number, tauSMs: number, dtMs: number) => {
  const neuron = { ...LIF_DEFAULTS, tauMMs, tauSMs, dtMs, steps };
  const windowMs = steps * dtMs;
  const leftMs = Array.from({ length: steps }, (_, k) => windowMs - k * dtMs);
  const value = leftMs.map((ms) => (kappa * postsynapticArea(ms, neuron)) / windowMs);
  const slope = leftMs.map((ms) => (-kappa * postsynapticPotential(ms, neuron)) / windowMs);
  const byTime: MeanReadout = { value, factor: slope, masked: true };
  const byValue: MeanReadout = { value, factor: value, masked: false };
  return { value, slope, byTime, byValue };
});

/**
 * Membrane potential of leaky, non-spiking neurons at the end of each step.
 *
 * @param spikes [batch, steps, sources]
 * @param weights [sources, targets]
 * @returns [batch, steps, targets]; entry k is V at (k + 1)·dt
 * @throws UsageError if shapes or options do not fit
 */
export function potentials(
  spikes: SpikeTensor,
  weights: tf.Tensor2D,
  options: ReadoutOptions = {},
): tf.Tensor3D {
  checkShapes(spikes, weights);
  const [batch, steps, sources] = spikes.shape;
  const neuron = { ...LIF_DEFAULTS, ...options, steps };
  const response = (of: (ms: number) => number) =>
    Array.from({ length: steps }, (_, k) =>
      Array.from({ length: steps }, (_, from) => (from <= k ? of((k + 1 - from) * neuron.dtMs) : 0)),
    );
  const value = response((ms) => postsynapticPotential(ms, neuron));
  const slope = response((ms) => -pspSlope(ms, neuron));
  return tf.tidy(() => {
    const filtered = tf.reshape(filterInTime(spikes, value, slope, neuron), [batch * steps, sources]);
    return tf.reshape(tf.matMul(filtered, weights), [batch, steps, weights.shape[1]]) as tf.Tensor3D;
  });
}

/** d psp/dt, in 1/ms. */
function pspSlope(ms: number, { tauMMs, tauSMs }: LifOptions): number {
  return (tauSMs / (tauMMs - tauSMs)) * (Math.exp(-ms / tauSMs) / tauSMs - Math.exp(-ms / tauMMs) / tauMMs);
}

/**
 * `out[s][r][i] = Σ_k value[r][k] spikes[s][k][i]`: what each source sends through a linear response.
 * Its gradient by a spike is that by time (`slope`, d value/dt of the spike) for EventProp, where there is a spike;
 * and that by value for surrogates.
 */
function filterInTime(
  spikes: tf.Tensor3D,
  value: number[][],
  slope: number[][],
  options: LifOptions,
): tf.Tensor3D {
  const byTime = constantsOf(options).surrogate === 0;
  const filter = tf.customGrad((input, save) => {
    (save as tf.GradSaveFunc)([input as tf.Tensor]);
    return {
      value: alongTime(value, input as tf.Tensor3D),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        tf.tidy(() => {
          const back = alongTime(transposed(byTime ? slope : value), dy as tf.Tensor3D);
          return byTime ? tf.mul(back, saved[0]) : back;
        }),
    };
  });
  return filter(spikes) as tf.Tensor3D;
}

const transposed = (rows: number[][]): number[][] => rows[0].map((_, k) => rows.map((row) => row[k]));

/** Multiplies the axis of time of [batch, steps, n] by a matrix [rows][steps]: [batch, rows, n]. */
function alongTime(matrix: number[][], tensor: tf.Tensor3D): tf.Tensor3D {
  const [batch, steps, n] = tensor.shape;
  return tf.tidy(() => {
    const stepsFirst = tf.reshape(tf.transpose(tensor, [1, 0, 2]), [steps, batch * n]);
    const product = tf.matMul(tf.tensor2d(matrix), stepsFirst);
    return tf.transpose(tf.reshape(product, [matrix.length, batch, n]), [1, 0, 2]);
  });
}
