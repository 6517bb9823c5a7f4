import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type WindowProgram, WORKGROUP } from '../../../kernels/lif-window/webgpu.wgsl.js';

/** What is used of tfjs's WebGPUBackend. */
interface WebgpuBackend {
  runWebGPUProgram(
    program: object,
    inputs: TensorInfo[],
    dtype: 'float32',
    uniforms: { type: 'float32' | 'int32'; data: number[] }[],
  ): TensorInfo;
  disposeData(dataId: object): boolean;
}

/** Runs programs on tfjs's webgpu backend, each with so many invocations, in whole workgroups. */
export function runnerOf(on: unknown) {
  const backend = on as WebgpuBackend;
  return (
    { name, inputs, uniforms, wgsl, workgroup = WORKGROUP }: WindowProgram,
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
      workgroupSize: [workgroup, 1, 1],
      dispatchLayout: { x: outputShape.map((_, axis) => axis) },
      dispatch: [Math.ceil(invocations / workgroup), 1, 1],
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

/** Frees a tensor that a program made and that is not handed to tfjs. */
export function freeOn(on: unknown, { dataId }: TensorInfo): void {
  (on as WebgpuBackend).disposeData(dataId);
}
