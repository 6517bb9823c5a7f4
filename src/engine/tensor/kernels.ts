import * as tf from '@tensorflow/tfjs-core';
import type { WindowConstants } from '../../../kernels/lif-window/index.js';

/** Names under which the operations stand in the registry of tfjs. */
export const FORWARD = 'FemtospikeLifWindow';
export const ADJOINT = 'FemtospikeLifAdjoint';
export const SUM_BY_SOURCE = 'FemtospikeSumBySource';
export const BACKPROJECT = 'FemtospikeBackproject';

/**
 * One backend's spiking layer. Arrays are those of kernels/lif-window/plain.ts; what is returned belongs to the
 * caller, and nothing else is left.
 */
export interface LifKernels {
  /** [output, trace] */
  forward(spikes: tf.TensorInfo, weights: tf.TensorInfo, constants: WindowConstants): tf.TensorInfo[];
  /** [change, shift]; a surrogate has no shift. */
  adjoint(trace: tf.TensorInfo, error: tf.TensorInfo, constants: WindowConstants): tf.TensorInfo[];
  /** [sources, targets] */
  sumBySource(spikes: tf.TensorInfo, vectors: tf.TensorInfo): tf.TensorInfo;
  /** [batch, steps, sources] */
  backproject(spikes: tf.TensorInfo, weights: tf.TensorInfo, vectors: tf.TensorInfo): tf.TensorInfo;
}

type Attributes = tf.NamedAttrMap & { constants: WindowConstants; composed: boolean };

const attributes = (constants: WindowConstants, composed: boolean) =>
  ({ constants, composed }) as unknown as tf.NamedAttrMap;

/** Registers the operations on a backend; `composed` ones stand in where a call asks for them. */
export function registerLif(
  backendName: string,
  fused: (backend: unknown) => LifKernels,
  composed: LifKernels,
): void {
  const register = (
    kernelName: string,
    run: (
      kernels: LifKernels,
      inputs: tf.NamedTensorInfoMap,
      constants: WindowConstants,
    ) => tf.TensorInfo | tf.TensorInfo[],
  ) =>
    tf.registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, backend, attrs }) => {
        const { constants, composed: asked } = attrs as Attributes;
        return run(asked ? composed : fused(backend), inputs as tf.NamedTensorInfoMap, constants);
      },
    });
  register(FORWARD, (kernels, { spikes, weights }, constants) =>
    kernels.forward(spikes!, weights!, constants),
  );
  register(ADJOINT, (kernels, { trace, error }, constants) => kernels.adjoint(trace!, error!, constants));
  register(SUM_BY_SOURCE, (kernels, { spikes, vectors }) => kernels.sumBySource(spikes!, vectors!));
  register(BACKPROJECT, (kernels, { spikes, weights, vectors }) =>
    kernels.backproject(spikes!, weights!, vectors!),
  );
}

/** Runs the forward pass: [output, trace]. */
export function runForward(
  spikes: tf.Tensor3D,
  weights: tf.Tensor2D,
  constants: WindowConstants,
  composed: boolean,
): [tf.Tensor3D, tf.Tensor3D] {
  return tf.engine().runKernel(FORWARD, { spikes, weights }, attributes(constants, composed)) as unknown as [
    tf.Tensor3D,
    tf.Tensor3D,
  ];
}

/**
 * The gradient of FORWARD. The adjoint runs once; each gradient that is asked for is made from it (that of the
 * input spikes is not, below the first layer of a network).
 */
export function registerLifGradient(): void {
  tf.registerGradient({
    kernelName: FORWARD,
    inputsToSave: ['spikes', 'weights'],
    outputsToSave: [false, true],
    gradFunc: (dy, saved, attrs) => {
      const [spikes, weights, trace] = saved as [tf.Tensor3D, tf.Tensor2D, tf.Tensor3D];
      const error = Array.isArray(dy) ? dy[0] : dy;
      const run = (name: string, inputs: Record<string, tf.Tensor>) =>
        tf.engine().runKernel(name, inputs as unknown as tf.NamedTensorMap, attrs);
      const [change, shift] = run(ADJOINT, { trace, error }) as unknown as tf.Tensor3D[];
      return {
        weights: () => run(SUM_BY_SOURCE, { spikes, vectors: change }) as tf.Tensor,
        spikes: () =>
          shift
            ? (run(BACKPROJECT, { spikes, weights, vectors: shift }) as tf.Tensor)
            : backThroughWeights(change, weights),
      };
    },
  });
}

/** `Σ_j weights[i][j] vectors[…][j]` for every source, whether it spikes or not. */
export function backThroughWeights(vectors: tf.Tensor3D, weights: tf.Tensor2D): tf.Tensor3D {
  const [batch, steps, targets] = vectors.shape;
  return tf.tidy(() => {
    // A product with a transpose flag is slow on wasm; a transposition costs little.
    const product = tf.matMul(tf.reshape(vectors, [batch * steps, targets]), tf.transpose(weights));
    return tf.reshape(product, [batch, steps, weights.shape[0]]) as tf.Tensor3D;
  });
}
