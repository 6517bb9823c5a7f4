import * as tf from '@tensorflow/tfjs-core';

/**
 * The same network and training step as a tfjs tutorial writes it: samples as rows, `tf.matMul`, gradients by the
 * tape, `tf.train.momentum`. It is what `bench dense` compares the trainer of this folder with.
 */
export interface NaiveNetwork {
  /** One step; returns the loss. */
  step(input: tf.Tensor2D, targets: tf.Tensor2D): tf.Scalar;
  dispose(): void;
}

/**
 * @param initial one array a layer, [targets, sources], as from initialWeights
 * @param sizes neurons of each population; no biases
 */
export async function naiveNetwork(
  initial: readonly Float32Array[],
  sizes: readonly number[],
  { learningRate, momentum }: { learningRate: number; momentum: number },
): Promise<NaiveNetwork> {
  // In Node tfjs-core comes without gradients; tfjs-layers registers them all.
  await import('@tensorflow/tfjs-layers');
  const weights = tf.tidy(() =>
    initial.map((values, l) =>
      tf.variable(tf.transpose(tf.tensor2d(values, [sizes[l + 1], sizes[l]])) as tf.Tensor2D),
    ),
  );
  const optimiser = tf.train.momentum(learningRate, momentum);
  return {
    step: (input, targets) =>
      tf.tidy(() => {
        const loss = () => {
          let activity: tf.Tensor = input;
          weights.forEach((weight, l) => {
            activity = tf.matMul(l === 0 ? activity : tf.relu(activity), weight);
          });
          return tf.losses.softmaxCrossEntropy(targets, activity) as tf.Scalar;
        };
        return optimiser.minimize(loss, true, weights)!;
      }),
    dispose: () => {
      tf.dispose(weights);
      optimiser.dispose();
      // tfjs forgets this one of its own tensors.
      tf.dispose((optimiser as unknown as { c: tf.Tensor }).c);
    },
  };
}
