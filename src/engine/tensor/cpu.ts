import type { NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { WindowConstants, WindowShape } from '../../../kernels/lif-window/index.js';
import * as plain from '../../../kernels/lif-window/plain.js';
import type { EventKernels } from './event-kernels.js';
import type { LifKernels } from './kernels.js';

/** What is used of tfjs's MathBackendCPU. */
interface CpuBackend {
  readSync(dataId: object): Float32Array | Int32Array;
  makeTensorInfo(shape: number[], dtype: 'float32', values: Float32Array): TensorInfo;
}

/** Arrays of tensors on tfjs's cpu backend, and tensors of arrays. */
export function cpuArrays(backend: unknown) {
  const { readSync, makeTensorInfo } = backend as CpuBackend;
  return {
    floats: (of: TensorInfo) => readSync.call(backend, of.dataId) as Float32Array,
    integers: (of: TensorInfo) => readSync.call(backend, of.dataId) as Int32Array,
    tensor: (shape: number[], data: Float32Array) => makeTensorInfo.call(backend, shape, 'float32', data),
  };
}

/** The spiking layer on tfjs's cpu backend: plain loops on the tensors' arrays. */
export function cpuLif(backend: unknown): LifKernels & EventKernels {
  const { floats, integers, tensor } = cpuArrays(backend);
  const listOf = (spikes: TensorInfo) => {
    const [batch, steps, sources] = spikes.shape;
    return plain.list(batch * steps, sources, floats(spikes));
  };
  const kernels: LifKernels & EventKernels = {
    forward: (spikes, weights, constants) => {
      const [batch, steps] = spikes.shape;
      return forwardList(batch, steps, listOf(spikes), weights, constants);
    },
    forwardEvents: ({ starts, sources }, weights, batch, constants) => {
      const list = { starts: integers(starts), events: integers(sources) };
      return forwardList(batch, (list.starts.length - 1) / batch, list, weights, constants);
    },
    adjoint: (trace, error, constants) =>
      adjoint(trace, error, constants).map((data) => tensor(trace.shape, data)),
    sumBySource: (spikes, vectors) =>
      sumList(spikes.shape[2], listOf(spikes), vectors.shape, floats(vectors)),
    eventGradient({ starts, sources }, trace, error, count, constants) {
      const list = { starts: integers(starts), events: integers(sources) };
      const [change] = adjoint(trace, error, constants);
      return sumList(count, list, trace.shape, change);
    },
    backproject(spikes, weights, vectors) {
      const shape = shapeOf({ spikes, weights });
      const error = new Float32Array(shape.batch * shape.steps * shape.sources);
      plain.backproject(shape, listOf(spikes), floats(weights), floats(vectors), error);
      return tensor(spikes.shape, error);
    },
  };
  return kernels;

  function forwardList(
    batch: number,
    steps: number,
    list: plain.SpikeList,
    weights: TensorInfo,
    constants: WindowConstants,
  ): TensorInfo[] {
    const targets = weights.shape[1];
    const output = new Float32Array(batch * steps * targets);
    const trace = new Float32Array(batch * steps * targets);
    plain.forward({ batch, steps, targets }, constants, list, floats(weights), output, trace);
    return [output, trace].map((data) => tensor([batch, steps, targets], data));
  }

  /** [change, shift], or of a surrogate [change] */
  function adjoint(trace: TensorInfo, error: TensorInfo, constants: WindowConstants): Float32Array[] {
    const shape = shapeOf({ vectors: trace });
    const change = new Float32Array(floats(trace).length);
    if (constants.surrogate !== 0) {
      plain.surrogateAdjoint(shape, constants, floats(trace), floats(error), change);
      return [change];
    }
    const shift = new Float32Array(change.length);
    plain.eventAdjoint(shape, constants, floats(trace), floats(error), change, shift);
    return [change, shift];
  }

  function sumList(
    sources: number,
    list: plain.SpikeList,
    [batch, steps, targets]: number[],
    vectors: Float32Array,
  ): TensorInfo {
    const gradient = new Float32Array(sources * targets);
    plain.sumBySource({ batch, steps, targets }, list, vectors, gradient);
    return tensor([sources, targets], gradient);
  }
}

/** Sizes from whichever tensors there are: spikes [batch, steps, sources], weights, vectors [batch, steps, targets]. */
export function shapeOf({ spikes, weights, vectors }: NamedTensorInfoMap): WindowShape {
  const [batch, steps] = (spikes ?? vectors)!.shape;
  return {
    batch,
    steps,
    sources: spikes?.shape[2] ?? 0,
    targets: weights?.shape[1] ?? vectors?.shape[2] ?? 0,
  };
}
