import * as tf from '@tensorflow/tfjs-core';
import type { WindowConstants } from '../../../kernels/lif-window/index.js';

/** Names under which the operations on spike lists stand in the registry of tfjs. */
const FORWARD_EVENTS = 'FemtospikeLifEvents';
const EVENT_GRADIENT = 'FemtospikeLifEventsGradient';

/** A spike list as tensors of int32: in row r (samples × steps) spike sources[starts[r] … starts[r+1]). */
export interface ListTensors<Tensor = tf.TensorInfo> {
  starts: Tensor;
  sources: Tensor;
}

/** What a backend adds for spikes that come as lists. A backend without it is given them as a dense tensor. */
export interface EventKernels {
  /** [output, trace] */
  forwardEvents(
    list: ListTensors,
    weights: tf.TensorInfo,
    batch: number,
    constants: WindowConstants,
  ): tf.TensorInfo[];
  /** The gradient by the weights, [sources, targets] for `count` sources. */
  eventGradient(
    list: ListTensors,
    trace: tf.TensorInfo,
    error: tf.TensorInfo,
    count: number,
    constants: WindowConstants,
  ): tf.TensorInfo;
}

interface Attributes {
  constants: WindowConstants;
  batch: number;
  count: number;
}

export function registerEvents(backendName: string, kernelsOf: (backend: unknown) => EventKernels): void {
  tf.registerKernel({
    kernelName: FORWARD_EVENTS,
    backendName,
    kernelFunc: ({ inputs, backend, attrs }) => {
      const { starts, sources, weights } = inputs as unknown as ListTensors & { weights: tf.TensorInfo };
      const { constants, batch } = attrs as unknown as Attributes;
      return kernelsOf(backend).forwardEvents({ starts, sources }, weights, batch, constants);
    },
  });
  tf.registerKernel({
    kernelName: EVENT_GRADIENT,
    backendName,
    kernelFunc: ({ inputs, backend, attrs }) => {
      const { starts, sources, trace, error } = inputs as unknown as ListTensors &
        Record<'trace' | 'error', tf.TensorInfo>;
      const { constants, count } = attrs as unknown as Attributes;
      return kernelsOf(backend).eventGradient({ starts, sources }, trace, error, count, constants);
    },
  });
}

/** Whether the backend in use takes spike lists. */
export const takesEvents = (): boolean => tf.getKernel(FORWARD_EVENTS, tf.getBackend()) !== undefined;

/** The gradient of FORWARD_EVENTS by the weights; a list has none. */
function gradient(saved: tf.Tensor[], error: tf.Tensor, attrs: tf.NamedAttrMap): tf.Tensor {
  const [starts, sources, trace] = saved;
  const inputs = { starts, sources, trace, error } as unknown as tf.NamedTensorMap;
  return tf.engine().runKernel(EVENT_GRADIENT, inputs, attrs) as tf.Tensor;
}

export function registerEventsGradient(): void {
  tf.registerGradient({
    kernelName: FORWARD_EVENTS,
    inputsToSave: ['starts', 'sources'],
    outputsToSave: [false, true],
    gradFunc: (dy, saved, attrs) => ({
      weights: () => gradient(saved, Array.isArray(dy) ? dy[0] : dy, attrs),
    }),
  });
}

/**
 * Runs the forward pass on a list of `batch` windows. The tape is given the gradient by hand: for a kernel with two
 * outputs it would make an array of zeros as the error of the second, a sixth of a training step.
 */
export function runForwardEvents(
  { starts, sources }: ListTensors<tf.Tensor>,
  weights: tf.Tensor2D,
  batch: number,
  constants: WindowConstants,
): tf.Tensor3D {
  const attrs = { constants, batch, count: weights.shape[0] } as unknown as tf.NamedAttrMap;
  const inputs = { starts, sources, weights } as unknown as tf.NamedTensorMap;
  const forward = tf.customGrad((_, save) => {
    const [output, trace] = tf.engine().runKernel(FORWARD_EVENTS, inputs, attrs) as unknown as tf.Tensor[];
    (save as tf.GradSaveFunc)([starts, sources, trace]);
    return { value: output, gradFunc: (error, saved) => gradient(saved, error, attrs) };
  });
  return forward(weights) as tf.Tensor3D;
}
