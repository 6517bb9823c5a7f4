import * as tf from '@tensorflow/tfjs-core';
import type { WindowConstants } from '../../../kernels/lif-window/index.js';
import type { LifKernels } from './kernels.js';
import { backThroughWeights } from './kernels.js';

/** The spiking layer as a composition of tfjs operations: dense, step by step, and good on any backend. */
export const composedLif: LifKernels = {
  forward: (spikes, weights, constants) =>
    keep(() => forward(asTensor(spikes) as tf.Tensor3D, asTensor(weights) as tf.Tensor2D, constants)),

  adjoint: (trace, error, constants) =>
    keep(() => {
      const adjoint = constants.surrogate === 0 ? eventAdjoint : surrogateAdjoint;
      return adjoint(asTensor(trace) as tf.Tensor3D, asTensor(error) as tf.Tensor3D, constants);
    }),

  sumBySource: (spikes, vectors) =>
    keep(() => {
      const [batch, steps, sources] = spikes.shape;
      const rows = batch * steps;
      const columns = tf.transpose(tf.reshape(asTensor(spikes), [rows, sources]));
      return [tf.matMul(columns, tf.reshape(asTensor(vectors), [rows, vectors.shape[2]]))];
    })[0],

  backproject: (spikes, weights, vectors) =>
    keep(() => [
      tf.mul(
        asTensor(spikes),
        backThroughWeights(asTensor(vectors) as tf.Tensor3D, asTensor(weights) as tf.Tensor2D),
      ),
    ])[0],
};

/** A kernel is given tensors by the engine, though its type promises only their description. */
const asTensor = (info: tf.TensorInfo) => info as tf.Tensor;

const keep = (work: () => tf.Tensor[]): tf.Tensor[] => tf.tidy(work);

function forward(spikes: tf.Tensor3D, weights: tf.Tensor2D, constants: WindowConstants): tf.Tensor[] {
  const { decayM, decayS, gain, theta, slopeFloor, surrogate } = constants;
  const [batch, steps, sources] = spikes.shape;
  const targets = weights.shape[1];
  const product = tf.matMul(tf.reshape(spikes, [batch * steps, sources]), weights);
  const arriving = tf.unstack(tf.reshape(product, [batch, steps, targets]), 1);
  const none = tf.zeros([batch, targets]);
  let V: tf.Tensor = none;
  let I: tf.Tensor = none;
  const sent: tf.Tensor[] = [none];
  const trace: tf.Tensor[] = [];
  for (let k = 0; k < steps; k++) {
    const current = tf.add(I, arriving[k]);
    const potential = tf.add(tf.mul(V, decayM), tf.mul(current, gain));
    const crosses = tf.greaterEqual(potential, theta);
    const slope = () => tf.div(1, tf.maximum(tf.sub(current, theta), slopeFloor));
    trace.push(surrogate === 0 ? tf.where(crosses, slope(), none) : potential);
    sent.push(tf.cast(crosses, 'float32'));
    V = tf.where(crosses, none, potential);
    I = tf.mul(current, decayS);
  }
  return [tf.stack(sent.slice(0, steps), 1), tf.stack(trace, 1)];
}

function eventAdjoint(trace: tf.Tensor3D, error: tf.Tensor3D, constants: WindowConstants): tf.Tensor[] {
  const { decayM, decayS, mix, tauSMs, theta } = constants;
  const { steps, slopes, errors, none } = byStep(trace, error);
  let V: tf.Tensor = none;
  let I: tf.Tensor = none;
  const change: tf.Tensor[] = [];
  const shift: tf.Tensor[] = [];
  for (let k = steps - 1; k >= 0; k--) {
    V = tf.add(V, tf.mul(slopes[k], tf.add(tf.mul(V, theta), errors[k])));
    I = tf.add(tf.mul(I, decayS), tf.mul(V, mix));
    V = tf.mul(V, decayM);
    change[k] = tf.mul(I, -tauSMs);
    shift[k] = tf.sub(V, I);
  }
  return [tf.stack(change, 1), tf.stack(shift, 1)];
}

function surrogateAdjoint(trace: tf.Tensor3D, error: tf.Tensor3D, constants: WindowConstants): tf.Tensor[] {
  const { decayM, decayS, gain, theta, surrogate, sharpness } = constants;
  const { steps, slopes: potentials, errors, none } = byStep(trace, error);
  let V: tf.Tensor = none;
  let I: tf.Tensor = none;
  const change: tf.Tensor[] = [];
  for (let k = steps - 1; k >= 0; k--) {
    const x = tf.div(tf.sub(potentials[k], theta), theta);
    const slope =
      surrogate === 1
        ? tf.div(1, tf.square(tf.add(1, tf.mul(sharpness, tf.abs(x)))))
        : tf.div(1, tf.add(1, tf.square(tf.mul(0.5 * Math.PI * sharpness, x))));
    const kept = tf.where(tf.greaterEqual(potentials[k], theta), none, V);
    V = tf.add(kept, tf.mul(errors[k], slope));
    I = tf.add(tf.mul(I, decayS), tf.mul(V, gain));
    V = tf.mul(V, decayM);
    change[k] = I;
  }
  return [tf.stack(change, 1)];
}

/** A neuron that crosses the threshold in step k stands at k + 1 in the spikes, and so does their error. */
function byStep(trace: tf.Tensor3D, error: tf.Tensor3D) {
  const [batch, steps, targets] = trace.shape;
  const none = tf.zeros([batch, targets]);
  return { steps, slopes: tf.unstack(trace, 1), errors: [...tf.unstack(error, 1).slice(1), none], none };
}
