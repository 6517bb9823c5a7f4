import type { Tensor3D } from '@tensorflow/tfjs-core';

declare const channel: unique symbol;

/**
 * Spikes of a batch of windows, [batch, steps, neurons]: 1 where a neuron spikes at time step·dt, else 0.
 *
 * The type says that these are events: what multiplies them costs accumulates, not multiply-accumulates.
 */
export type SpikeTensor = Tensor3D & { readonly [channel]: 'spike' };

/** Declares that a tensor holds nothing but 0 and 1. The caller knows; the values are not looked at. */
export const asSpikes = (tensor: Tensor3D): SpikeTensor => tensor as SpikeTensor;
