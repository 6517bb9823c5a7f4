import type { TensorInfo } from '@tensorflow/tfjs-core';
import {
  BACKPROJECT,
  EVENT_ADJOINT,
  FORWARD,
  OUTPUT,
  SUM_BY_SOURCE,
  SURROGATE_ADJOINT,
  type WindowProgram,
  WORKGROUP,
} from '../../../kernels/lif-window/webgpu.wgsl.js';
import { shapeOf } from './cpu.js';
import type { LifKernels } from './kernels.js';

/** What is used of tfjs's WebGPUBackend. */
interface WebgpuBackend {
  runWebGPUProgram(
    program: object,
    inputs: TensorInfo[],
    dtype: 'float32',
    uniforms: { type: 'float32' | 'int32'; data: number[] }[],
  ): TensorInfo;
}

/** The spiking layer on tfjs's webgpu backend: WGSL on its device, in the order of its other operations. */
export function webgpuLif(on: unknown): LifKernels {
  const run = runnerOf(on as WebgpuBackend);
  return {
    forward(spikes, weights, constants) {
      const sizes = shapeOf({ spikes, weights });
      const { batch, steps, targets } = sizes;
      const shape = [batch, steps, targets];
      const workgroups = batch * Math.ceil(targets / WORKGROUP);
      const values = { ...sizes, ...constants, zero: 0, count: batch * steps * targets };
      const trace = run(FORWARD, [spikes, weights], shape, workgroups * WORKGROUP, values);
      return [run(OUTPUT, [trace], shape, values.count, values), trace];
    },
    adjoint(trace, error, constants) {
      const sizes = shapeOf({ vectors: trace });
      const program = constants.surrogate === 0 ? EVENT_ADJOINT : SURROGATE_ADJOINT;
      const adjoint = (shift: number) =>
        run(program, [trace, error], trace.shape, sizes.batch * sizes.targets, {
          ...sizes,
          ...constants,
          shift,
        });
      return constants.surrogate === 0 ? [adjoint(0), adjoint(1)] : [adjoint(0)];
    },
    sumBySource(spikes, vectors) {
      const { batch, steps, sources, targets } = shapeOf({ spikes, vectors });
      const values = { rows: batch * steps, sources, targets };
      return run(SUM_BY_SOURCE, [spikes, vectors], [sources, targets], sources * targets, values);
    },
    backproject(spikes, weights, vectors) {
      const { batch, steps, sources, targets } = shapeOf({ spikes, weights });
      const count = batch * steps * sources;
      const values = { count, sources, targets };
      return run(BACKPROJECT, [spikes, weights, vectors], spikes.shape, count, values);
    },
  };
}

/** Runs a program with so many invocations, in whole workgroups. */
function runnerOf(backend: WebgpuBackend) {
  return (
    { name, inputs, uniforms, wgsl }: WindowProgram,
    tensors: TensorInfo[],
    outputShape: number[],
    invocations: number,
    values: Readonly<Record<string, number>>,
  ): TensorInfo => {
    const names = Object.keys(uniforms);
    const program = {
      variableNames: inputs,
      outputShape,
      uniforms: names.map((key) => `${key} : ${uniforms[key]},`).join(' '),
      workgroupSize: [WORKGROUP, 1, 1],
      dispatchLayout: { x: outputShape.map((_, axis) => axis) },
      dispatch: [Math.ceil(invocations / WORKGROUP), 1, 1],
      shaderKey: name,
      getUserCode: () => wgsl,
    };
    const constants = names.map((key) => ({
      type: uniforms[key] === 'f32' ? ('float32' as const) : ('int32' as const),
      data: [values[key]],
    }));
    return backend.runWebGPUProgram(program, tensors, 'float32', constants);
  };
}
