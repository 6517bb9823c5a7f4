import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import { UsageError } from '../../util/errors.js';

declare const channel: unique symbol;

/**
 * Spikes of a batch of windows, [batch, steps, neurons]: 1 where a neuron spikes at time step·dt, else 0.
 *
 * The type says that these are events: what multiplies them costs accumulates, not multiply-accumulates.
 */
export type SpikeTensor = Tensor3D & { readonly [channel]: 'spike' };

/** Declares that a tensor holds nothing but 0 and 1. The caller knows; the values are not looked at. */
export const asSpikes = (tensor: Tensor3D): SpikeTensor => tensor as SpikeTensor;

/** @throws UsageError unless spikes are [batch, steps, sources] and weights [sources, targets], of float32 */
export function checkShapes(spikes: Tensor, weights: Tensor): void {
  if (spikes.rank !== 3) {
    throw new UsageError(`shape [${spikes.shape}]`, 'spikes', 'Give [batch, steps, sources].');
  }
  if (weights.rank !== 2 || weights.shape[0] !== spikes.shape[2]) {
    throw new UsageError(
      `shape [${weights.shape}] for ${spikes.shape[2]} sources`,
      'weights',
      `Give [${spikes.shape[2]}, targets].`,
    );
  }
  if (spikes.dtype !== 'float32' || weights.dtype !== 'float32') {
    throw new UsageError(
      `${spikes.dtype} and ${weights.dtype}`,
      'dtype',
      'Give spikes and weights as float32.',
    );
  }
}
