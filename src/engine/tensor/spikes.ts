import * as tf from '@tensorflow/tfjs-core';
import { UsageError } from '../../util/errors.js';

declare const channel: unique symbol;

/**
 * Spikes of a batch of windows, [batch, steps, neurons]: 1 where a neuron spikes at time step·dt, else 0.
 *
 * The type says that these are events: what multiplies them costs accumulates, not multiply-accumulates.
 */
export type SpikeTensor = tf.Tensor3D & { readonly [channel]: 'spike' };

/** Declares that a tensor holds nothing but 0 and 1. The caller knows; the values are not looked at. */
export const asSpikes = (tensor: tf.Tensor3D): SpikeTensor => tensor as SpikeTensor;

/** @throws UsageError unless spikes are [batch, steps, sources] and weights [sources, targets], of float32 */
export function checkShapes(spikes: tf.Tensor | SpikeEvents, weights: tf.Tensor): void {
  if (spikes.shape.length !== 3) {
    throw new UsageError(`shape [${spikes.shape}]`, 'spikes', 'Give [batch, steps, sources].');
  }
  if (weights.rank !== 2 || weights.shape[0] !== spikes.shape[2]) {
    throw new UsageError(
      `shape [${weights.shape}] for ${spikes.shape[2]} sources`,
      'weights',
      `Give [${spikes.shape[2]}, targets].`,
    );
  }
  const dtype = 'dtype' in spikes ? spikes.dtype : 'float32';
  if (dtype !== 'float32' || weights.dtype !== 'float32') {
    throw new UsageError(`${dtype} and ${weights.dtype}`, 'dtype', 'Give spikes and weights as float32.');
  }
}

/**
 * Spikes of a batch of windows as a list, for inputs in which few sources spike: what [batch, steps, sources] holds as
 * zeros is not stored. In row r = sample·steps + step spike the sources `sources[starts[r] … starts[r + 1])`, in
 * ascending order. Both are int32 tensors; there is no gradient by a list.
 */
export interface SpikeEvents {
  readonly starts: tf.Tensor1D;
  readonly sources: tf.Tensor1D;
  /** [batch, steps, sources] */
  readonly shape: [number, number, number];
}

export const isEvents = (spikes: SpikeTensor | SpikeEvents): spikes is SpikeEvents => 'starts' in spikes;

/**
 * A list as tensors.
 *
 * @param starts rows + 1 whole numbers, from 0 up to the number of spikes, none below the one before
 * @param sources the sources that spike, row by row
 * @throws UsageError if they do not fit the shape
 */
export function spikeEvents(
  starts: Int32Array,
  sources: Int32Array,
  shape: [batch: number, steps: number, sources: number],
): SpikeEvents {
  const [batch, steps, count] = shape;
  const refuse = (what: string, todo: string) => {
    throw new UsageError(what, 'spike events', todo);
  };
  if (starts.length !== batch * steps + 1 || starts[0] !== 0 || starts.at(-1) !== sources.length) {
    refuse(
      `${starts.length} starts for ${batch} × ${steps} rows`,
      'Give one a row and, last, the number of spikes.',
    );
  }
  if (starts.some((start, r) => r > 0 && start < starts[r - 1])) {
    refuse('starts that go down', 'Give the rows in order.');
  }
  if (sources.some((source) => source < 0 || source >= count)) {
    refuse(`a source outside 0 … ${count - 1}`, 'Give the number of sources that there are.');
  }
  return { starts: tf.tensor1d(starts, 'int32'), sources: tf.tensor1d(sources, 'int32'), shape };
}

/** The same spikes as a dense tensor, by operations that every backend has. */
export function denseSpikes({ starts, sources, shape }: SpikeEvents): SpikeTensor {
  const [batch, steps, count] = shape;
  const rows = batch * steps;
  const spikes = sources.shape[0];
  if (spikes === 0) return asSpikes(tf.zeros(shape));
  return tf.tidy(() => {
    // Every row but the first adds 1 where it starts; their running sum is the row of each spike.
    const ends = tf.slice(starts, 1, rows - 1);
    const marks =
      rows > 1
        ? tf.scatterND(tf.expandDims(ends, 1), tf.onesLike(ends), [spikes + 1])
        : tf.zeros([spikes + 1], 'int32');
    const row = tf.slice(tf.cumsum(marks as tf.Tensor1D), 0, spikes);
    const places = tf.stack([row, sources], 1);
    return tf.reshape(tf.scatterND(places as tf.Tensor2D, tf.ones([spikes]), [rows, count]), shape);
  }) as SpikeTensor;
}
