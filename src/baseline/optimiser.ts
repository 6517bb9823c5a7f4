import * as tf from '@tensorflow/tfjs-core';

/** Turns gradients into new weights. It owns the tensors of its state: call `dispose` when done. */
export interface Optimiser {
  /** Replaces the value of each variable; `gradients` are left to the caller to dispose of. */
  step(weights: readonly tf.Variable[], gradients: readonly tf.Tensor[], learningRate: number): void;
  dispose(): void;
}

export interface SgdOptions {
  /** v ← momentum·v + g, w ← w - η·v (Polyak 1964, in the form of Sutskever et al. 2013). */
  momentum: number;
  /** Decoupled: w ← (1 - η·weightDecay)·w before each step. */
  weightDecay: number;
}

export function sgd({ momentum, weightDecay }: SgdOptions): Optimiser {
  const velocities: tf.Variable[] = [];
  return {
    step(weights, gradients, learningRate) {
      tf.tidy(() => {
        weights.forEach((weight, l) => {
          let direction = gradients[l];
          if (momentum > 0) {
            if (velocities[l] === undefined) velocities[l] = state(direction);
            else velocities[l].assign(tf.add(tf.mul(velocities[l], momentum), direction));
            direction = velocities[l];
          }
          weight.assign(tf.sub(decayed(weight, learningRate * weightDecay), tf.mul(direction, learningRate)));
        });
      });
    },
    dispose: () => tf.dispose(velocities),
  };
}

export interface AdamOptions {
  beta1: number;
  beta2: number;
  epsilon: number;
  /** Decoupled, as in AdamW (Loshchilov & Hutter 2019): w ← (1 - η·weightDecay)·w before each step. */
  weightDecay: number;
}

/**
 * Adam (Kingma & Ba 2015, arXiv:1412.6980) in the form of the end of its section 2: the bias corrections are put
 * into the step size, so that no corrected moment is stored.
 */
export function adam({ beta1, beta2, epsilon, weightDecay }: AdamOptions): Optimiser {
  const means: tf.Variable[] = [];
  const squares: tf.Variable[] = [];
  let steps = 0;
  return {
    step(weights, gradients, learningRate) {
      steps += 1;
      const correction = Math.sqrt(1 - beta2 ** steps);
      const rate = (learningRate * correction) / (1 - beta1 ** steps);
      tf.tidy(() => {
        weights.forEach((weight, l) => {
          const gradient = gradients[l];
          means[l] ??= state(tf.zerosLike(gradient));
          squares[l] ??= state(tf.zerosLike(gradient));
          means[l].assign(tf.add(tf.mul(means[l], beta1), tf.mul(gradient, 1 - beta1)));
          squares[l].assign(tf.add(tf.mul(squares[l], beta2), tf.mul(tf.square(gradient), 1 - beta2)));
          const scale = tf.add(tf.sqrt(squares[l]), epsilon * correction);
          const change = tf.mul(tf.div(means[l], scale), rate);
          weight.assign(tf.sub(decayed(weight, learningRate * weightDecay), change));
        });
      });
    },
    dispose: () => tf.dispose([...means, ...squares]),
  };
}

function decayed(weight: tf.Variable, amount: number): tf.Tensor {
  return amount > 0 ? tf.mul(weight, 1 - amount) : weight;
}

/** A copy that outlives the tidy it is made in. */
function state(value: tf.Tensor): tf.Variable {
  return tf.variable(value, false);
}
