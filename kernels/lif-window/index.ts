import { loadKernel } from '../load.js';

/** Sizes of a batch of windows through one layer. */
export interface WindowShape {
  batch: number;
  steps: number;
  sources: number;
  targets: number;
}

/** How the backward pass sees a spike: 0 EventProp, 1 SuperSpike, 2 arctan. */
export type Surrogate = 0 | 1 | 2;

/** One step of the neuron, exactly (../spiking-layer/reference.ts), and how its spikes are differentiated. */
export interface WindowConstants {
  /** exp(-dt/τ_m) */
  decayM: number;
  /** exp(-dt/τ_s) */
  decayS: number;
  /** V at the end of a step per I at its start. */
  gain: number;
  /** λ_I at the start of a step per λ_V at its end. */
  mix: number;
  tauSMs: number;
  theta: number;
  /** Smallest τ_m·dV/dt that a spike is taken to have (EventProp). */
  slopeFloor: number;
  surrogate: Surrogate;
  /** Sharpness of the surrogate, in 1/θ. */
  sharpness: number;
}

/**
 * The compiled kernel (wasm.ts), for memory that is not shared: that of a tfjs backend.
 * Addresses are bytes; arrays are float32, row-major, as described in plain.ts. Spikes come as a list: i32
 * starts[rows + 1] and events[…], rows being samples × steps.
 */
export interface LifWindowKernel {
  /** Makes the list from dense spikes; `events` has room for all entries. */
  list(rows: number, sources: number, input: number, starts: number, events: number): void;
  forward(
    batch: number,
    steps: number,
    targets: number,
    starts: number,
    events: number,
    weights: number,
    decayM: number,
    decayS: number,
    gain: number,
    theta: number,
    slopeFloor: number,
    surrogate: number,
    output: number,
    trace: number,
    /** i32[batch][steps][targets/16], or 0. */
    marks: number,
  ): void;
  eventAdjoint(
    batch: number,
    steps: number,
    targets: number,
    trace: number,
    error: number,
    decayM: number,
    decayS: number,
    mix: number,
    tauSMs: number,
    theta: number,
    change: number,
    /** 0 if it is not wanted. */
    shift: number,
  ): void;
  /** `eventAdjoint` and `sumBySource` in one; `scratch` holds i32[sources + 1 + events], f32[rows][16]. */
  eventGradient(
    batch: number,
    steps: number,
    sources: number,
    targets: number,
    starts: number,
    events: number,
    trace: number,
    error: number,
    marks: number,
    decayM: number,
    decayS: number,
    mix: number,
    tauSMs: number,
    theta: number,
    gradient: number,
    scratch: number,
  ): void;
  /** `scratch` holds f32[2·targets]. */
  surrogateAdjoint(
    batch: number,
    steps: number,
    targets: number,
    trace: number,
    error: number,
    decayM: number,
    decayS: number,
    gain: number,
    theta: number,
    surrogate: number,
    sharpness: number,
    change: number,
    scratch: number,
  ): void;
  /** `scratch` holds i32[sources + 1 + events]. */
  sumBySource(
    rows: number,
    sources: number,
    targets: number,
    starts: number,
    events: number,
    vectors: number,
    gradient: number,
    scratch: number,
  ): void;
  backproject(
    rows: number,
    sources: number,
    targets: number,
    starts: number,
    events: number,
    weights: number,
    vectors: number,
    error: number,
  ): void;
}

export const lifWindowKernel = (memory: WebAssembly.Memory): LifWindowKernel =>
  loadKernel('lif-window', memory) as unknown as LifWindowKernel;
