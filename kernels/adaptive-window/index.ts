import { loadKernel } from '../load.js';

/**
 * The compiled kernel (wasm.ts), for memory that is not shared: that of a tfjs backend. Addresses are bytes; arrays are
 * float32, row-major, as described in plain.ts; spikes come as a list. `recurrent` is 0 where there are no synapses
 * among the neurons; `scratch` holds f32[4·targets].
 */
export interface AdaptiveWindowKernel {
  forward(
    batch: number,
    steps: number,
    targets: number,
    starts: number,
    events: number,
    weights: number,
    recurrent: number,
    decayM: number,
    decayS: number,
    decayA: number,
    gain: number,
    theta: number,
    beta: number,
    /** τ_m/τ_a */
    drop: number,
    slopeFloor: number,
    surrogate: number,
    output: number,
    trace: number,
    adaptation: number,
    scratch: number,
  ): void;
  adjoint(
    batch: number,
    steps: number,
    targets: number,
    trace: number,
    adaptation: number,
    error: number,
    recurrent: number,
    decayM: number,
    decayS: number,
    decayA: number,
    gain: number,
    mix: number,
    theta: number,
    beta: number,
    tauMMs: number,
    tauSMs: number,
    tauAMs: number,
    surrogate: number,
    sharpness: number,
    change: number,
    /** 0 for a surrogate. */
    shift: number,
    scratch: number,
  ): void;
}

export const adaptiveWindowKernel = (memory: WebAssembly.Memory): AdaptiveWindowKernel =>
  loadKernel('adaptive-window', memory) as unknown as AdaptiveWindowKernel;
