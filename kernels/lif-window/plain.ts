/**
 * A layer of leaky integrate-and-fire neurons over whole windows of a batch, on dense row-major arrays, in plain
 * loops. The work follows the spikes: a source that is silent in a step costs one comparison.
 *
 * Equations of neuron and EventProp adjoint: ../spiking-layer/reference.ts. Two things differ in form:
 *
 *   time axis   entry k of a spike array is a spike at time k·dt. A neuron that crosses the threshold in step k
 *               spikes at its end, so that it stands at k + 1; a spike at the end of the window stands nowhere.
 *   rounding    each operation of the forward pass is rounded to float32, and the input of a step is summed before
 *               it meets the current, so that every backend computes the same bits if the weights are dyadic.
 *
 * Surrogate gradients, u being V before the reset and x = (u - θ)/θ:
 *   SuperSpike   ds/du = 1/(1 + β|x|)²          (Zenke and Ganguli 2018, doi 10.1162/neco_a_01086)
 *   arctan       ds/du = 1/(1 + (π/2·β·x)²)     (Fang et al. 2021, arXiv 2007.05785)
 * The reset is not differentiated (Zenke and Vogels 2021, doi 10.1162/neco_a_01367).
 */
import type { WindowConstants, WindowShape } from './index.js';

const { fround } = Math;

/** Spikes of a batch as a list: in row r (samples × steps) spike the sources events[starts[r] … starts[r+1]). */
export interface SpikeList {
  starts: Int32Array;
  events: Int32Array;
}

/** The list of the spikes in `input` [rows][sources], 1 where a source spikes, else 0. */
export function list(rows: number, sources: number, input: Float32Array): SpikeList {
  const starts = new Int32Array(rows + 1);
  const events: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < sources; i++) if (input[row * sources + i] !== 0) events.push(i);
    starts[row + 1] = events.length;
  }
  return { starts, events: Int32Array.from(events) };
}

/**
 * @param weights [sources][targets]
 * @param output out [batch][steps][targets], 1 where a target spikes, else 0
 * @param trace out [batch][steps][targets], what the adjoint needs of step k: 1/(τ_m dV/dt) where a neuron crosses
 *   the threshold, else 0 (EventProp); V before the reset (surrogate)
 */
export function forward(
  { batch, steps, targets }: Omit<WindowShape, 'sources'>,
  constants: WindowConstants,
  { starts, events }: SpikeList,
  weights: Float32Array,
  output: Float32Array,
  trace: Float32Array,
): void {
  const decayM = fround(constants.decayM);
  const decayS = fround(constants.decayS);
  const gain = fround(constants.gain);
  const theta = fround(constants.theta);
  const slopeFloor = fround(constants.slopeFloor);
  const keepsPotential = constants.surrogate !== 0;
  const V = new Float32Array(targets);
  const I = new Float32Array(targets);
  const arriving = new Float32Array(targets);
  output.fill(0);
  for (let s = 0; s < batch; s++) {
    V.fill(0);
    I.fill(0);
    for (let k = 0; k < steps; k++) {
      const row = s * steps + k;
      arriving.fill(0);
      for (let e = starts[row]; e < starts[row + 1]; e++) {
        addRow(arriving, 0, weights, events[e] * targets, targets);
      }
      const now = row * targets;
      const next = k + 1 < steps ? now + targets : -1;
      for (let j = 0; j < targets; j++) {
        const current = fround(I[j] + arriving[j]);
        const potential = fround(fround(V[j] * decayM) + fround(current * gain));
        const spikes = potential >= theta;
        if (spikes && next >= 0) output[next + j] = 1;
        if (keepsPotential) trace[now + j] = potential;
        else trace[now + j] = spikes ? 1 / Math.max(fround(current - theta), slopeFloor) : 0;
        V[j] = spikes ? 0 : potential;
        I[j] = current * decayS;
      }
    }
  }
}

/**
 * EventProp.
 *
 * @param error [batch][steps][targets]: dL/dt of the spikes of `output`, 1/ms
 * @param change out [batch][steps][targets]: dL per weight of 1 that arrives, -τ_s λ_I at the start of each step
 * @param shift out [batch][steps][targets]: dL/dt of a spike that arrives through a weight of 1, λ_V - λ_I
 */
export function eventAdjoint(
  { batch, steps, targets }: WindowShape,
  { decayM, decayS, mix, tauSMs, theta }: WindowConstants,
  trace: Float32Array,
  error: Float32Array,
  change: Float32Array,
  shift: Float32Array,
): void {
  for (let s = 0; s < batch; s++) {
    for (let j = 0; j < targets; j++) {
      let V = 0;
      let I = 0;
      for (let k = steps - 1; k >= 0; k--) {
        const at = (s * steps + k) * targets + j;
        const met = k + 1 < steps ? error[at + targets] : 0;
        V += trace[at] * (theta * V + met);
        I = decayS * I + mix * V;
        V *= decayM;
        change[at] = -tauSMs * I;
        shift[at] = V - I;
      }
    }
  }
}

/**
 * Back-propagation through time with a surrogate for the derivative of the threshold.
 *
 * @param error [batch][steps][targets]: dL by the values of `output`
 * @param change out [batch][steps][targets]: dL per weight of 1 that arrives at the start of each step
 */
export function surrogateAdjoint(
  { batch, steps, targets }: WindowShape,
  { decayM, decayS, gain, theta, surrogate, sharpness }: WindowConstants,
  trace: Float32Array,
  error: Float32Array,
  change: Float32Array,
): void {
  const threshold = fround(theta);
  for (let s = 0; s < batch; s++) {
    for (let j = 0; j < targets; j++) {
      let V = 0;
      let I = 0;
      for (let k = steps - 1; k >= 0; k--) {
        const at = (s * steps + k) * targets + j;
        const met = k + 1 < steps ? error[at + targets] : 0;
        const kept = trace[at] >= threshold ? 0 : V;
        V = kept + met * derivative((trace[at] - threshold) / threshold, surrogate, sharpness);
        I = decayS * I + gain * V;
        V *= decayM;
        change[at] = I;
      }
    }
  }
}

function derivative(x: number, surrogate: number, sharpness: number): number {
  if (surrogate === 1) return 1 / (1 + sharpness * Math.abs(x)) ** 2;
  return 1 / (1 + (0.5 * Math.PI * sharpness * x) ** 2);
}

/** `gradient[i] = Σ_{rows in which i spikes} vectors[row]`, [sources][targets]; rows are samples × steps. */
export function sumBySource(
  { batch, steps, targets }: Omit<WindowShape, 'sources'>,
  { starts, events }: SpikeList,
  vectors: Float32Array,
  gradient: Float32Array,
): void {
  gradient.fill(0);
  for (let row = 0; row < batch * steps; row++) {
    for (let e = starts[row]; e < starts[row + 1]; e++) {
      addRow(gradient, events[e] * targets, vectors, row * targets, targets);
    }
  }
}

/** `error[row][i] = Σ_j weights[i][j] vectors[row][j]` where i spikes, else 0. */
export function backproject(
  { batch, steps, sources, targets }: WindowShape,
  { starts, events }: SpikeList,
  weights: Float32Array,
  vectors: Float32Array,
  error: Float32Array,
): void {
  error.fill(0);
  for (let row = 0; row < batch * steps; row++) {
    for (let e = starts[row]; e < starts[row + 1]; e++) {
      let sum = 0;
      for (let j = 0; j < targets; j++) sum += weights[events[e] * targets + j] * vectors[row * targets + j];
      error[row * sources + events[e]] = sum;
    }
  }
}

function addRow(to: Float32Array, toAt: number, from: Float32Array, fromAt: number, count: number): void {
  for (let j = 0; j < count; j++) to[toAt + j] += from[fromAt + j];
}
