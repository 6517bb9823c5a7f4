import type { NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { WindowShape } from '../../../kernels/lif-window/index.js';
import * as plain from '../../../kernels/lif-window/plain.js';
import type { LifKernels } from './kernels.js';

/** What is used of tfjs's MathBackendCPU. */
interface CpuBackend {
  readSync(dataId: object): Float32Array;
  makeTensorInfo(shape: number[], dtype: 'float32', values: Float32Array): TensorInfo;
}

/** The spiking layer on tfjs's cpu backend: plain loops on the tensors' arrays. */
export function cpuLif(backend: unknown): LifKernels {
  const { readSync, makeTensorInfo } = backend as CpuBackend;
  const values = (of: TensorInfo) => readSync.call(backend, of.dataId);
  const tensor = (shape: number[], data: Float32Array) =>
    makeTensorInfo.call(backend, shape, 'float32', data);
  return {
    forward(spikes, weights, constants) {
      const shape = shapeOf({ spikes, weights });
      const { batch, steps, targets } = shape;
      const output = new Float32Array(batch * steps * targets);
      const trace = new Float32Array(batch * steps * targets);
      plain.forward(shape, constants, values(spikes), values(weights), output, trace);
      return [output, trace].map((data) => tensor([batch, steps, targets], data));
    },
    adjoint(trace, error, constants) {
      const shape = shapeOf({ vectors: trace });
      const change = new Float32Array(values(trace).length);
      if (constants.surrogate !== 0) {
        plain.surrogateAdjoint(shape, constants, values(trace), values(error), change);
        return [tensor(trace.shape, change)];
      }
      const shift = new Float32Array(change.length);
      plain.eventAdjoint(shape, constants, values(trace), values(error), change, shift);
      return [change, shift].map((data) => tensor(trace.shape, data));
    },
    sumBySource(spikes, vectors) {
      const shape = shapeOf({ spikes, vectors });
      const gradient = new Float32Array(shape.sources * shape.targets);
      plain.sumBySource(shape, values(spikes), values(vectors), gradient);
      return tensor([shape.sources, shape.targets], gradient);
    },
    backproject(spikes, weights, vectors) {
      const error = new Float32Array(values(spikes).length);
      plain.backproject(
        shapeOf({ spikes, weights }),
        values(spikes),
        values(weights),
        values(vectors),
        error,
      );
      return tensor(spikes.shape, error);
    },
  };
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
