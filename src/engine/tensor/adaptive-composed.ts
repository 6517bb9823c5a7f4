import * as tf from '@tensorflow/tfjs-core';
import type { AdaptiveConstants } from '../../../kernels/adaptive-window/plain.js';

/** Tensors by name; a kernel is given tensors by the engine, though its type promises only their description. */
type Tensors = Record<string, tf.Tensor>;

/** Adaptive and recurrent neurons composed of tfjs operations, step by step: [output, trace, adaptation]. */
export function composedForward(inputs: Tensors, constants: AdaptiveConstants): tf.Tensor[] {
  return tf.tidy(() => {
    const { decayM, decayS, decayA, gain, theta, beta, tauMMs, tauAMs, slopeFloor, surrogate } = constants;
    const { spikes, weights, recurrent } = inputs;
    const [batch, steps, sources] = spikes.shape;
    const targets = weights.shape[1]!;
    const product = tf.matMul(tf.reshape(spikes, [batch * steps, sources!]), weights as tf.Tensor2D);
    const arriving = tf.unstack(tf.reshape(product, [batch, steps, targets]), 1);
    const none = tf.zeros([batch, targets]);
    let V: tf.Tensor = none;
    let I: tf.Tensor = none;
    let a: tf.Tensor = none;
    const sent: tf.Tensor[] = [none];
    const trace: tf.Tensor[] = [];
    const adaptation: tf.Tensor[] = [];
    for (let k = 0; k < steps; k++) {
      const input = recurrent
        ? tf.add(arriving[k], tf.matMul(sent[k] as tf.Tensor2D, recurrent as tf.Tensor2D))
        : arriving[k];
      const current = tf.add(I, input);
      const potential = tf.add(tf.mul(V, decayM), tf.mul(current, gain));
      a = tf.mul(a, decayA);
      const lift = tf.mul(a, beta);
      const threshold = tf.add(lift, theta);
      const crosses = tf.greaterEqual(potential, threshold);
      const slope = () => tf.add(tf.sub(current, threshold), tf.mul(lift, tauMMs / tauAMs));
      trace.push(
        surrogate === 0 ? tf.where(crosses, tf.div(1, tf.maximum(slope(), slopeFloor)), none) : potential,
      );
      adaptation.push(a);
      sent.push(tf.cast(crosses, 'float32'));
      a = tf.add(a, sent[k + 1]);
      V = tf.where(crosses, none, potential);
      I = tf.mul(current, decayS);
    }
    return [tf.stack(sent.slice(0, steps), 1), tf.stack(trace, 1), tf.stack(adaptation, 1)];
  });
}

/** The adjoint: [change, shift]; a surrogate has no shift. */
export function composedAdjoint(inputs: Tensors, constants: AdaptiveConstants): tf.Tensor[] {
  return tf.tidy(() => {
    const { decayM, decayS, decayA, gain, mix, tauMMs, tauSMs, tauAMs, theta, beta, surrogate } = constants;
    const { recurrent } = inputs;
    const [batch, steps, targets] = inputs.trace.shape;
    const none = tf.zeros([batch, targets!]);
    const [trace, adaptation, error] = [inputs.trace, inputs.adaptation, inputs.error].map((tensor) =>
      tf.unstack(tensor, 1),
    );
    const back = recurrent && tf.transpose(recurrent);
    let V: tf.Tensor = none;
    let I: tf.Tensor = none;
    let p: tf.Tensor = none;
    const change: tf.Tensor[] = [];
    const shift: tf.Tensor[] = [];
    for (let k = steps! - 1; k >= 0; k--) {
      let met: tf.Tensor = error[k + 1] ?? none;
      const later = (surrogate === 0 ? shift : change)[k + 1];
      if (back && later) met = tf.add(met, tf.matMul(later as tf.Tensor2D, back as tf.Tensor2D));
      if (surrogate === 0) {
        const rest = tf.add(tf.mul(adaptation[k], beta * (1 - tauMMs / tauAMs)), theta);
        const jump = tf.add(tf.add(tf.mul(rest, V), tf.div(p, tauAMs)), met);
        V = tf.add(V, tf.mul(trace[k], jump));
        const spiked = tf.cast(tf.notEqual(trace[k], 0), 'float32');
        p = tf.add(p, tf.mul(tf.mul(V, spiked), beta * tauMMs));
        I = tf.add(tf.mul(I, decayS), tf.mul(V, mix));
      } else {
        const threshold = tf.add(tf.mul(adaptation[k], beta), theta);
        const byPotential = tf.mul(surrogateSlope(trace[k], threshold, constants), tf.add(met, p));
        V = tf.add(tf.where(tf.greaterEqual(trace[k], threshold), none, V), byPotential);
        p = tf.sub(p, tf.mul(byPotential, beta));
        I = tf.add(tf.mul(I, decayS), tf.mul(V, gain));
      }
      V = tf.mul(V, decayM);
      p = tf.mul(p, decayA);
      change[k] = surrogate === 0 ? tf.mul(I, -tauSMs) : I;
      if (surrogate === 0) shift[k] = tf.sub(V, I);
    }
    return surrogate === 0 ? [tf.stack(change, 1), tf.stack(shift, 1)] : [tf.stack(change, 1)];
  });
}

function surrogateSlope(
  potential: tf.Tensor,
  threshold: tf.Tensor,
  { theta, surrogate, sharpness }: AdaptiveConstants,
): tf.Tensor {
  const x = tf.div(tf.sub(potential, threshold), theta);
  return surrogate === 1
    ? tf.div(1, tf.square(tf.add(1, tf.mul(sharpness, tf.abs(x)))))
    : tf.div(1, tf.add(1, tf.square(tf.mul(0.5 * Math.PI * sharpness, x))));
}
