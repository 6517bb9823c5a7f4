import * as tf from '@tensorflow/tfjs-core';
import type { AdaptiveConstants } from '../../../kernels/adaptive-window/plain.js';
import * as plain from '../../../kernels/adaptive-window/plain.js';
import { list } from '../../../kernels/lif-window/plain.js';
import { composedAdjoint, composedForward } from './adaptive-composed.js';
import * as onWasm from './adaptive-wasm.js';
import * as onWebgpu from './adaptive-webgpu.js';
import { cpuArrays } from './cpu.js';
import { BACKPROJECT, backThroughWeights, SUM_BY_SOURCE } from './kernels.js';

/** Names in the registry of tfjs. A neuron without synapses to its neighbours has a kernel of its own name. */
export const ADAPTIVE = 'FemtospikeAdaptiveWindow';
export const RECURRENT = 'FemtospikeRecurrentWindow';
const ADJOINT = 'FemtospikeAdaptiveAdjoint';

/** Inputs by name; `recurrent` only where there is one. */
export type AdaptiveInputs = Record<'spikes' | 'weights', tf.Tensor> & { recurrent?: tf.Tensor };

interface Attributes {
  constants: AdaptiveConstants;
  composed: boolean;
}

/** Tensors by name, as many as a kernel takes. */
export type AdaptiveInfos = Partial<
  Record<'spikes' | 'weights' | 'recurrent' | 'trace' | 'adaptation' | 'error', tf.TensorInfo>
>;

/** [output, trace, adaptation] */
function forward(backend: unknown, inputs: AdaptiveInfos, constants: AdaptiveConstants) {
  const { tensor, floats } = cpuArrays(backend);
  const { spikes, weights, recurrent } = inputs as Required<AdaptiveInfos>;
  const [batch, steps, sources] = spikes.shape;
  const targets = weights.shape[1];
  const [out, trace, adaptation] = [0, 1, 2].map(() => new Float32Array(batch * steps * targets));
  plain.forward(
    { batch, steps, targets },
    constants,
    list(batch * steps, sources, floats(spikes)),
    floats(weights),
    recurrent ? floats(recurrent) : null,
    { output: out, trace, adaptation },
  );
  return [out, trace, adaptation].map((data) => tensor([batch, steps, targets], data));
}

/** [change, shift]; a surrogate has no shift. */
function adjoint(backend: unknown, inputs: AdaptiveInfos, constants: AdaptiveConstants) {
  const { tensor, floats } = cpuArrays(backend);
  const { trace, adaptation, error, recurrent } = inputs as Required<AdaptiveInfos>;
  const [batch, steps, targets] = trace.shape;
  const made = (constants.surrogate === 0 ? [0, 1] : [0]).map(
    () => new Float32Array(batch * steps * targets),
  );
  const [change, shift] = made;
  plain.adjoint(
    { batch, steps, targets },
    constants,
    { trace: floats(trace), adaptation: floats(adaptation) },
    recurrent ? floats(recurrent) : null,
    floats(error),
    change,
    shift,
  );
  return made.map((data) => tensor(trace.shape, data));
}

type Kernel = (backend: unknown, inputs: AdaptiveInfos, constants: AdaptiveConstants) => tf.TensorInfo[];

/** What runs adaptive and recurrent neurons on a backend: loops, compiled loops, WGSL, or tfjs operations a step. */
const FUSED: Readonly<Record<string, { forward: Kernel; adjoint: Kernel }>> = {
  cpu: { forward, adjoint },
  wasm: onWasm,
  webgpu: onWebgpu,
};

/**
 * Registers the operations on a backend. One that has no kernel of ours gets the composition of tfjs operations, and
 * says so, once, on stderr: it is tens of operations a step.
 */
export function registerAdaptive(backendName: string): void {
  const fused = FUSED[backendName];
  if (!fused) {
    process.stderr.write(
      `adaptive and recurrent neurons have no kernel on ${backendName}: they are composed of tfjs operations there\n`,
    );
  }
  for (const [kernelName, part, composed] of [
    [ADAPTIVE, 'forward', composedForward],
    [RECURRENT, 'forward', composedForward],
    [ADJOINT, 'adjoint', composedAdjoint],
  ] as const) {
    tf.registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, backend, attrs }) => {
        const { constants, composed: asked } = attrs as unknown as Attributes;
        return fused && !asked
          ? fused[part](backend, inputs as AdaptiveInfos, constants)
          : composed(inputs as Record<string, tf.Tensor>, constants);
      },
    });
  }
}

/** How a backend runs adaptive and recurrent neurons. */
export const adaptiveBy = (backendName: string): 'kernel' | 'composition of tfjs operations' =>
  backendName in FUSED ? 'kernel' : 'composition of tfjs operations';

/** The gradients by input weights, recurrent weights and input spikes; the adjoint runs once for all of them. */
export function registerAdaptiveGradients(): void {
  for (const [kernelName, inputsToSave] of [
    [ADAPTIVE, ['spikes', 'weights']],
    [RECURRENT, ['spikes', 'weights', 'recurrent']],
  ] as const) {
    tf.registerGradient({
      kernelName,
      inputsToSave: [...inputsToSave],
      outputsToSave: [true, true, true],
      gradFunc: (dy, saved, attrs) => {
        const [spikes, weights] = saved;
        const recurrent = saved.length === 6 ? saved[2] : undefined;
        const [output, trace, adaptation] = saved.slice(-3);
        const error = Array.isArray(dy) ? dy[0] : dy;
        const run = (name: string, inputs: Record<string, tf.Tensor>) =>
          tf.engine().runKernel(name, inputs as unknown as tf.NamedTensorMap, attrs);
        const [change, shift] = run(ADJOINT, {
          trace,
          adaptation,
          error,
          ...(recurrent && { recurrent }),
        }) as unknown as tf.Tensor3D[];
        return {
          weights: () => run(SUM_BY_SOURCE, { spikes, vectors: change }) as tf.Tensor,
          recurrent: () => run(SUM_BY_SOURCE, { spikes: output, vectors: change }) as tf.Tensor,
          spikes: () =>
            shift
              ? (run(BACKPROJECT, { spikes, weights, vectors: shift }) as tf.Tensor)
              : backThroughWeights(change, weights as tf.Tensor2D),
        };
      },
    });
  }
}

/** Runs the forward pass; returns the spikes. */
export function runAdaptive(
  inputs: AdaptiveInputs,
  constants: AdaptiveConstants,
  composed: boolean,
): tf.Tensor3D {
  const name = inputs.recurrent ? RECURRENT : ADAPTIVE;
  const attrs: Attributes = { constants, composed };
  const [output] = tf
    .engine()
    .runKernel(
      name,
      inputs as unknown as tf.NamedTensorMap,
      attrs as unknown as tf.NamedAttrMap,
    ) as unknown as tf.Tensor3D[];
  return output;
}
