import { buildProgram } from '../../../../kernels/compile/index.js';
import { CONTROL, HEAD, printWgsl } from '../../../../kernels/compile/wgsl.js';
import { type DeliveryForm, deliverWgsl } from '../../../../kernels/deliver/webgpu.wgsl.js';
import type { Population } from '../../../network/elements.js';
import { RunError } from '../../../util/errors.js';

/** The shader that updates a population: it depends on the model and on which parameters differ from neuron to neuron. */
export function updateShader({ model, parsed, parameters }: Population): string {
  const perNeuron = Object.keys(parameters).filter((name) => typeof parameters[name] !== 'number');
  return printWgsl(buildProgram(parsed, perNeuron), model.name);
}

/** Ends a window: what is in the logs has been delivered, and time goes on. One invocation. */
export const turnShader = (populations: number): string => `
@group(0) @binding(0) var<storage, read_write> control : array<i32>;
@group(0) @binding(1) var<storage, read> words : array<u32>;

@compute @workgroup_size(1)
fn main() {
  for (var p = 0u; p < ${populations}u; p++) {
    control[${CONTROL.logs}u + 2u * p] = control[${CONTROL.logs + 1}u + 2u * p];
  }
  control[${CONTROL.now}] = min(control[${CONTROL.now}] + i32(words[${HEAD.window}]), control[${CONTROL.end}]);
}`;

/** Copies recorded words of state, listed in `cells`, into the row of this step. An invocation a word. */
export const RECORD_SHADER = `
@group(0) @binding(0) var<storage, read_write> control : array<i32>;
@group(0) @binding(1) var<storage, read> cells : array<u32>;
@group(0) @binding(2) var<storage, read> state : array<u32>;
@group(0) @binding(3) var<storage, read_write> trace : array<u32>;
override count : u32;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id : vec3u) {
  if (id.x < count) {
    trace[u32(control[${CONTROL.now}] - control[${CONTROL.begin}]) * count + id.x] = state[cells[id.x]];
  }
}`;

export const deliverShader = (form: DeliveryForm): string => deliverWgsl(form);

/** A shader as a pipeline. @throws RunError with what the compiler says, and the line */
export async function pipeline(
  device: GPUDevice,
  code: string,
  constants: Record<string, number> = {},
): Promise<GPUComputePipeline> {
  const module = device.createShaderModule({ code });
  const { messages } = await module.getCompilationInfo();
  const error = messages.find(({ type }) => type === 'error');
  if (error !== undefined)
    throw new RunError(
      `a shader does not compile: ${error.message}, in "${code.split('\n')[error.lineNum - 1]}"`,
    );
  return device.createComputePipelineAsync({
    layout: 'auto',
    compute: { module, entryPoint: 'main', constants },
  });
}
