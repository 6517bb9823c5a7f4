import * as tf from '@tensorflow/tfjs-core';
import { composedLif } from './composed.js';
import { cpuLif } from './cpu.js';
import { registerEvents, registerEventsGradient, runForwardEvents, takesEvents } from './event-kernels.js';
import { FORWARD, registerLif, registerLifGradient, runForward } from './kernels.js';
import { constantsOf, LIF_DEFAULTS, type LifOptions } from './options.js';
import { checkShapes, denseSpikes, isEvents, type SpikeEvents, type SpikeTensor } from './spikes.js';
import { wasmLif } from './wasm.js';
import { webgpuLif } from './webgpu.js';

const FUSED = { cpu: cpuLif, wasm: wasmLif, webgpu: webgpuLif };
for (const [backend, kernels] of Object.entries(FUSED)) registerLif(backend, kernels, composedLif);
registerLifGradient();
registerEvents('cpu', cpuLif);
registerEvents('wasm', wasmLif);
registerEventsGradient();

export interface LifWindowOptions extends Partial<LifOptions> {
  /** Use the composition of tfjs operations even where the backend has a kernel of its own. Default false. */
  composed?: boolean;
}

/**
 * A layer of leaky integrate-and-fire neurons over the whole window of a batch, one kernel call.
 *
 *   τ_m V' = -V + I,   τ_s I' = -I,   I_j += w_ij at a spike of i,   V_j ≥ θ → spike, V_j = 0
 *
 * on a grid of dt, each step exact (kernels/spiking-layer/reference.ts). Entry k of a spike tensor stands for the time
 * k·dt; a neuron that crosses the threshold within step k spikes at (k + 1)·dt, and one that does so in the last step
 * at the end of the window, which no tensor holds. Differentiable by weights and input spikes; what that means for
 * spikes is told at `SpikeGradient`.
 *
 * @param spikes [batch, steps, sources], or the same as a list (no gradient by it)
 * @param weights [sources, targets], in units of θ
 * @returns [batch, steps, targets]
 * @throws UsageError if shapes or options do not fit
 */
export function lifWindow(
  spikes: SpikeTensor | SpikeEvents,
  weights: tf.Tensor2D,
  { composed = false, ...options }: LifWindowOptions = {},
): SpikeTensor {
  checkShapes(spikes, weights);
  const constants = constantsOf({ ...LIF_DEFAULTS, ...options });
  ensureLif();
  // What a kernel leaves besides its spikes goes with the scope of the gradient given by hand.
  if (isEvents(spikes) && takesEvents() && !composed)
    return runForwardEvents(spikes, weights, spikes.shape[0], constants) as SpikeTensor;
  if (isEvents(spikes))
    return tf.tidy(() => runForward(denseSpikes(spikes), weights, constants, composed)[0]) as SpikeTensor;
  return tf.tidy(() => runForward(spikes, weights, constants, composed)[0]) as SpikeTensor;
}

/** Makes sure that the backend in use has the layer's operations (composed of its own, if it has no kernels); its name. */
export function ensureLif(): string {
  const backend = tf.getBackend();
  if (!tf.getKernel(FORWARD, backend)) registerLif(backend, () => composedLif, composedLif);
  return backend;
}

/** How a backend runs the layer. */
export const lifBy = (backendName: string): 'kernel' | 'composition of tfjs operations' =>
  backendName in FUSED ? 'kernel' : 'composition of tfjs operations';
