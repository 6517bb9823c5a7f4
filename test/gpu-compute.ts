import { Buffers } from '../src/gpu/buffers.js';
import { openGpu } from '../src/gpu/device.js';
import { releaseDevice } from '../src/gpu/faults.js';

/**
 * Runs a compute shader once: binding 0 is `words` (read), binding 1 `out` (written, `outputs` words), and `main` has
 * workgroups of 64.
 */
export async function compute(code: string, words: Uint32Array, outputs: number): Promise<Int32Array> {
  const { device, name } = await openGpu('webgpu');
  const buffers = new Buffers(device, name);
  try {
    const input = buffers.filled(new Uint8Array(words.slice().buffer), 'words');
    const output = buffers.zeros(outputs, 'out');
    const module = device.createShaderModule({ code });
    const pipeline = await device.createComputePipelineAsync({
      layout: 'auto',
      compute: { module, entryPoint: 'main' },
    });
    const entries = [input, output].map((buffer, binding) => ({ binding, resource: { buffer } }));
    const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(Math.ceil(outputs / 64));
    pass.end();
    device.queue.submit([encoder.finish()]);
    return await buffers.read([{ buffer: output, word: 0, words: outputs }]);
  } finally {
    buffers.destroy();
    releaseDevice(device);
  }
}

/** The bindings that `compute` provides. */
export const COMPUTE_BINDINGS = (output: 'u32' | 'f32') => `
@group(0) @binding(0) var<storage, read> words : array<u32>;
@group(0) @binding(1) var<storage, read_write> out : array<${output}>;`;
