import type { GradientKernel } from '../gradient/index.js';
import { loadKernel } from '../load.js';

/**
 * The compiled layer without a time grid (wasm.ts). Addresses are bytes; neurons are counted in blocks of 16.
 * A time t is a pair (em, es) = (exp(t/τ_m), exp(t/τ_s)), two f64; a list of spikes is three arrays (neurons u16, em,
 * es) in order of time. Weights are f32[blocks][sources][16], all else is float64 unless said otherwise.
 */
export interface ExactLayerKernel extends Pick<GradientKernel, 'fromDrive'> {
  /** Runs one sample; returns the number of spikes, or -1 if there is no room for them. */
  forward(
    blocks: number,
    sources: number,
    arrivals: number,
    from: number,
    em: number,
    es: number,
    weights: number,
    recurrent: number,
    endEm: number,
    endEs: number,
    ratio: number,
    whole: number,
    theta: number,
    slopeFloor: number,
    state: number,
    most: number,
    spikeOf: number,
    spikeEm: number,
    spikeEs: number,
    inverseSlope: number,
    before: number,
  ): number;

  /** Runs the adjoint of one sample; returns the number of distinct times of arrival. */
  backward(
    blocks: number,
    sources: number,
    arrivals: number,
    from: number,
    em: number,
    es: number,
    weights: number,
    recurrent: number,
    ratio: number,
    theta: number,
    state: number,
    spikes: number,
    spikeOf: number,
    spikeEm: number,
    spikeEs: number,
    inverseSlope: number,
    before: number,
    error: number,
    rows: number,
    rowStride: number,
    arrivalError: number,
    recurrentRows: number,
    recurrentStride: number,
  ): number;

  readoutForward(
    spikes: number,
    spikeOf: number,
    spikeEm: number,
    spikeEs: number,
    sources: number,
    blocks: number,
    weights: number,
    endEm: number,
    endEs: number,
    tauM: number,
    tauS: number,
    gain: number,
    drive: number,
    answer: number,
  ): void;

  readoutBackward(
    spikes: number,
    spikeOf: number,
    spikeEm: number,
    spikeEs: number,
    sources: number,
    blocks: number,
    weights: number,
    endEm: number,
    endEs: number,
    tauM: number,
    tauS: number,
    gain: number,
    error: number,
    spikeError: number,
  ): void;

  fileArrivals(
    arrivals: number,
    from: number,
    em: number,
    base: number,
    rowStarts: number,
    events: number,
  ): void;

  fileSpikes(spikes: number, from: number, base: number, rowStarts: number, events: number): void;

  fromRows: GradientKernel['fromEvents'];
}

export const exactLayerKernel = (memory: WebAssembly.Memory): ExactLayerKernel =>
  loadKernel('exact-layer', memory) as unknown as ExactLayerKernel;

/** τ_m/τ_s where it is a whole number small enough to multiply out, else 0: what the kernel takes as `whole`. */
export function wholeRatio(tauMMs: number, tauSMs: number): number {
  const ratio = tauMMs / tauSMs;
  return Number.isInteger(ratio) && ratio >= 2 && ratio <= 8 ? ratio : 0;
}
