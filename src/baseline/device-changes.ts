import * as tf from '@tensorflow/tfjs-core';
import { RunError } from '../util/errors.js';
import type { ChangeRecorder } from './weight-changes.js';
import { sourcesFirst, type WeightMatrix } from './weight-matrix.js';

const QUANTA_PER_UNIT = 2 ** 24;
/** Steps that the device counts by itself, in int32, before the sums are fetched. */
const STEPS_BETWEEN_READS = 64;
/** The largest |Δw| of which so many cannot overflow an int32. */
const LARGEST_CHANGE = 2 ** 31 / QUANTA_PER_UNIT / STEPS_BETWEEN_READS - 2 ** -6;

/**
 * Counts weight changes with tfjs ops, so that a device is read seldom and not once a step.
 *
 * @throws RunError (from `note` or `finish`) if a weight changed by more than 1.98 in a step, too much for the sums
 */
export function recordOnDevice(weights: readonly WeightMatrix[]): ChangeRecorder {
  const counters = weights.map(deviceCounter);
  let steps = 0;

  async function fetch(): Promise<void> {
    for (const counter of counters) await counter.fetch();
  }

  return {
    async note() {
      steps += 1;
      for (const counter of counters) counter.count();
      if (steps % STEPS_BETWEEN_READS === 0) await fetch();
    },
    async finish() {
      await fetch();
      return counters.map(({ shape, l0, l1Quanta }) => ({
        steps,
        l0: sourcesFirst(l0, shape),
        l1Quanta: sourcesFirst(l1Quanta, shape),
      }));
    },
    dispose() {
      for (const counter of counters) counter.dispose();
    },
  };
}

function deviceCounter(weight: WeightMatrix) {
  const previous = tf.variable(weight, false);
  const changed = zeros(weight.shape, 'int32');
  const quanta = zeros(weight.shape, 'int32');
  const largest = zeros([], 'float32');
  const l0 = new Uint32Array(weight.size);
  const l1Quanta = new Float64Array(weight.size);

  function count(): void {
    tf.tidy(() => {
      const change = tf.abs(tf.sub(weight, previous));
      changed.assign(tf.add(changed, tf.cast(tf.notEqual(weight, previous), 'int32')));
      quanta.assign(tf.add(quanta, tf.cast(tf.round(tf.mul(change, QUANTA_PER_UNIT)), 'int32')));
      largest.assign(tf.maximum(largest, tf.max(change)));
      previous.assign(tf.clone(weight));
    });
  }

  async function fetch(): Promise<void> {
    const [counts, sums, [most]] = await Promise.all([changed.data(), quanta.data(), largest.data()]);
    if (!(most <= LARGEST_CHANGE)) {
      throw new RunError(`a weight changed by ${most} in one step; use a smaller learning rate`);
    }
    for (let i = 0; i < l0.length; i++) {
      l0[i] += counts[i];
      l1Quanta[i] += sums[i];
    }
    tf.tidy(() => {
      changed.assign(tf.zeros(weight.shape, 'int32'));
      quanta.assign(tf.zeros(weight.shape, 'int32'));
    });
  }

  const dispose = () => tf.dispose([previous, changed, quanta, largest]);
  return { shape: weight.shape, l0, l1Quanta, count, fetch, dispose };
}

function zeros(shape: number[], dtype: 'int32' | 'float32'): tf.Variable {
  return tf.tidy(() => tf.variable(tf.zeros(shape, dtype), false));
}
