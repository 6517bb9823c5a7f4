/**
 * Leaky integrate-and-fire neurons with a threshold that adapts, and with synapses among themselves, over whole
 * windows of a batch, on dense row-major arrays. Time axis and rounding: ../lif-window/plain.ts.
 *
 *   τ_m V' = -V + I     τ_s I' = -I     τ_a a' = -a
 *   spike of input i    I_j += w_ij           spike of neuron m    I_j += r_mj
 *   V_j ≥ θ + β a_j  →  spike, V_j = 0, a_j += 1              (adaptive LIF: Bellec et al. 2018, arXiv 1803.09574)
 *
 * EventProp adjoint. It follows from Wunderlich and Pehle 2021 (doi 10.1038/s41598-021-91786-z) with a as one more
 * variable, p = dL/da. Backwards in time τ_m λ_V' = -λ_V, τ_s λ_I' = -λ_I + λ_V, τ_a p' = -p, and at a spike
 *
 *   λ_V ← (I λ_V + p/τ_a + e) / s      p ← p + β τ_m λ_V      s = τ_m d(V - θ - β a)/dt = I - V + β a τ_m/τ_a
 *
 * where e = dL/dt of the spike: what it meets outside, and Σ_j r_mj (λ_V - λ_I)_j.
 *
 * Surrogate: as in ../lif-window/plain.ts with x = (u - θ - β a)/θ; the path through a is followed, the reset is not.
 */
import type { WindowConstants, WindowShape } from '../lif-window/index.js';
import type { SpikeList } from '../lif-window/plain.js';

const { fround } = Math;

export interface AdaptiveConstants extends WindowConstants {
  /** exp(-dt/τ_a) */
  decayA: number;
  /** By how much a spike lifts the threshold. */
  beta: number;
  tauMMs: number;
  tauAMs: number;
}

type Shape = Omit<WindowShape, 'sources'>;

/** What `forward` leaves, each [batch][steps][targets]. */
export interface AdaptiveWindow {
  /** 1 where a neuron spikes, else 0. */
  output: Float32Array;
  /** 1/s where a neuron crosses its threshold in step k, else 0 (EventProp); V before the reset (surrogate). */
  trace: Float32Array;
  /** a at the end of step k, before a spike there is added. */
  adaptation: Float32Array;
}

/**
 * @param weights [sources][targets]
 * @param recurrent [targets][targets], presynaptic first, or null
 */
export function forward(
  { batch, steps, targets }: Shape,
  constants: AdaptiveConstants,
  { starts, events }: SpikeList,
  weights: Float32Array,
  recurrent: Float32Array | null,
  { output, trace, adaptation }: AdaptiveWindow,
): void {
  const { tauMMs, tauAMs, slopeFloor, surrogate } = constants;
  const [decayM, decayS, decayA] = [constants.decayM, constants.decayS, constants.decayA].map(fround);
  const [gain, theta, beta] = [constants.gain, constants.theta, constants.beta].map(fround);
  const V = new Float32Array(targets);
  const I = new Float32Array(targets);
  const a = new Float32Array(targets);
  const arriving = new Float32Array(targets);
  output.fill(0);
  for (let s = 0; s < batch; s++) {
    for (const state of [V, I, a]) state.fill(0);
    for (let k = 0; k < steps; k++) {
      const row = s * steps + k;
      const now = row * targets;
      arriving.fill(0);
      for (let e = starts[row]; e < starts[row + 1]; e++) addRow(arriving, weights, events[e]);
      for (let m = 0; recurrent && m < targets; m++) {
        if (output[now + m] !== 0) addRow(arriving, recurrent, m);
      }
      for (let j = 0; j < targets; j++) {
        const current = fround(I[j] + arriving[j]);
        const potential = fround(fround(V[j] * decayM) + fround(current * gain));
        a[j] *= decayA;
        const lift = fround(beta * a[j]);
        const spikes = potential >= fround(theta + lift);
        adaptation[now + j] = a[j];
        if (surrogate !== 0) trace[now + j] = potential;
        else if (spikes) {
          const slope = current - fround(theta + lift) + (lift * tauMMs) / tauAMs;
          trace[now + j] = 1 / Math.max(slope, slopeFloor);
        } else trace[now + j] = 0;
        if (spikes) {
          a[j] += 1;
          if (k + 1 < steps) output[now + targets + j] = 1;
        }
        V[j] = spikes ? 0 : potential;
        I[j] = current * decayS;
      }
    }
  }
}

/**
 * @param error [batch][steps][targets], of the spikes of `output`: dL/dt (EventProp) or dL by value (surrogate)
 * @param change out [batch][steps][targets]: dL per weight of 1 that arrives at the start of each step
 * @param shift out, EventProp only [batch][steps][targets]: dL/dt of a spike that arrives through a weight of 1
 */
export function adjoint(
  { batch, steps, targets }: Shape,
  constants: AdaptiveConstants,
  { trace, adaptation }: Pick<AdaptiveWindow, 'trace' | 'adaptation'>,
  recurrent: Float32Array | null,
  error: Float32Array,
  change: Float32Array,
  shift: Float32Array,
): void {
  const { surrogate } = constants;
  const V = new Float64Array(targets);
  const I = new Float64Array(targets);
  const p = new Float64Array(targets);
  // A spike at the end of step k meets what waits at the start of step k + 1.
  const later = surrogate === 0 ? shift : change;
  for (let s = 0; s < batch; s++) {
    for (const state of [V, I, p]) state.fill(0);
    for (let k = steps - 1; k >= 0; k--) {
      const now = (s * steps + k) * targets;
      const next = now + targets;
      for (let j = 0; j < targets; j++) {
        const at = now + j;
        const spikesOrMight = surrogate !== 0 || trace[at] !== 0;
        let met = 0;
        if (spikesOrMight && k + 1 < steps) {
          met = error[next + j];
          for (let m = 0; recurrent && m < targets; m++) met += recurrent[j * targets + m] * later[next + m];
        }
        if (surrogate === 0) eventStep(constants, j, trace[at], adaptation[at], met, V, p);
        else surrogateStep(constants, j, trace[at], adaptation[at], met, V, p);
        I[j] = constants.decayS * I[j] + (surrogate === 0 ? constants.mix : constants.gain) * V[j];
        V[j] *= constants.decayM;
        p[j] *= constants.decayA;
        change[at] = surrogate === 0 ? -constants.tauSMs * I[j] : I[j];
        if (surrogate === 0) shift[at] = V[j] - I[j];
      }
    }
  }
}

function eventStep(
  { theta, beta, tauMMs, tauAMs }: AdaptiveConstants,
  j: number,
  inverseSlope: number,
  a: number,
  met: number,
  V: Float64Array,
  p: Float64Array,
): void {
  if (inverseSlope === 0) return;
  // I of the docstring is s + θ + β a (1 - τ_m/τ_a).
  const rest = theta + beta * a * (1 - tauMMs / tauAMs);
  V[j] += inverseSlope * (rest * V[j] + p[j] / tauAMs + met);
  p[j] += beta * tauMMs * V[j];
}

function surrogateStep(
  { theta, beta, surrogate, sharpness }: AdaptiveConstants,
  j: number,
  potential: number,
  a: number,
  met: number,
  V: Float64Array,
  p: Float64Array,
): void {
  const threshold = fround(fround(theta) + fround(fround(beta) * a));
  const x = (potential - threshold) / theta;
  const slope =
    surrogate === 1 ? 1 / (1 + sharpness * Math.abs(x)) ** 2 : 1 / (1 + (0.5 * Math.PI * sharpness * x) ** 2);
  const byPotential = slope * (met + p[j]);
  V[j] = (potential >= threshold ? 0 : V[j]) + byPotential;
  p[j] -= beta * byPotential;
}

function addRow(to: Float32Array, from: Float32Array, row: number): void {
  for (let j = 0; j < to.length; j++) to[j] += from[row * to.length + j];
}
