import * as tf from '@tensorflow/tfjs-core';
import { type SpikeEvents, spikeEvents } from '../../../src/engine/tensor/index.js';
import type { EventPropConfig } from '../../../src/learning/eventprop/config.js';
import type { SpikeData } from '../../../src/learning/eventprop/encode.js';

/** Batch `b` of the data as a list. */
export function listBatch(
  { batch, sizes, neuron }: EventPropConfig,
  data: SpikeData,
  b: number,
): SpikeEvents {
  const { offsets, starts, spikes } = data;
  const { steps } = neuron;
  const [from, to] = [offsets[b * batch], offsets[(b + 1) * batch]];
  const rows = new Int32Array(batch * steps + 1);
  for (let s = 0; s < batch; s++) {
    const sample = b * batch + s;
    for (let k = 1; k <= steps; k++) {
      rows[s * steps + k] = offsets[sample] - from + starts[sample * (steps + 1) + k];
    }
  }
  return spikeEvents(rows, Int32Array.from(spikes.subarray(from, to)), [batch, steps, sizes[0]]);
}

/** The same as a tensor of zeros and ones. */
export function denseBatch(
  { batch, sizes, neuron }: EventPropConfig,
  data: SpikeData,
  b: number,
): tf.Tensor3D {
  const { offsets, starts, spikes } = data;
  const { steps } = neuron;
  const values = new Float32Array(batch * steps * sizes[0]);
  for (let s = 0; s < batch; s++) {
    const sample = b * batch + s;
    for (let k = 0; k < steps; k++) {
      const at = sample * (steps + 1) + k;
      for (let n = starts[at]; n < starts[at + 1]; n++) {
        values[(s * steps + k) * sizes[0] + spikes[offsets[sample] + n]] = 1;
      }
    }
  }
  return tf.tensor3d(values, [batch, steps, sizes[0]]);
}

/** [batch, classes] */
export function labelsOf({ batch, sizes }: EventPropConfig, { labels }: SpikeData, b: number): tf.Tensor2D {
  const classes = sizes[sizes.length - 1];
  // Told to make float32, tf.oneHot of the wasm backend (tfjs 4.22) writes the bits of integers.
  return tf.tidy(
    () =>
      tf.cast(
        tf.oneHot(tf.tensor1d(labels.slice(b * batch, (b + 1) * batch), 'int32'), classes),
        'float32',
      ) as tf.Tensor2D,
  );
}
