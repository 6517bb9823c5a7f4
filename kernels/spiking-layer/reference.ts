/**
 * A layer of leaky integrate-and-fire neurons with exponential synapses, on a time grid, and its adjoint.
 * Plain float64 loops; wasm.ts computes the same, faster.
 *
 * Between spikes   τ_m V' = -V + I      τ_s I' = -I
 * input spike      I_j += w_ij          (at the start of a step)
 * threshold        V_j ≥ θ  →  spike, V_j = 0   (at the end of a step)
 *
 * The equations are linear, so one step is exact: with a = exp(-dt/τ_m) and b = exp(-dt/τ_s),
 *   V ← a V + τ_s/(τ_m-τ_s)·(a - b) I      I ← b I
 *
 * Adjoint (Wunderlich and Pehle 2021, doi 10.1038/s41598-021-91786-z), backwards in time:
 *   τ_m λ_V' = -λ_V      τ_s λ_I' = -λ_I + λ_V
 *   at a spike   λ_V ← λ_V + (θ λ_V + e) / (τ_m dV/dt),   e = Σ_m w_m (λ_V - λ_I)_m of its targets
 *   gradient     dL/dw_ij = -τ_s Σ_{spikes of i} λ_I,j
 *
 * On the grid a spike is seen at the end of the step in which V crossed. The slope there is taken as I - θ with
 * the current of the step's start, which is above θ whenever V crosses inside the step.
 */
export interface LayerShape {
  sources: number;
  targets: number;
  steps: number;
  dtMs: number;
  tauMMs: number;
  tauSMs: number;
  theta: number;
  slopeFloor: number;
}

export interface LayerWindow {
  /** spikes[k]: the neurons that spike at the end of step k, ascending. */
  spikes: number[][];
  /** inverseSlope[k][j]: 1/(τ_m dV/dt) where j spikes at the end of step k, else 0. */
  inverseSlope: Float64Array[];
}

/**
 * @param input input[k]: the sources whose spikes arrive at the start of step k
 * @param weights [sources][targets]
 * @param recurrent [targets][targets], presynaptic first: a spike at the end of step k arrives at the start of step k + 1
 */
export function forward(
  shape: LayerShape,
  input: readonly number[][],
  weights: ArrayLike<number>,
  recurrent: ArrayLike<number> | null = null,
): LayerWindow {
  const { targets, steps, theta } = shape;
  const { a, b, gain } = propagators(shape);
  const V = new Float64Array(targets);
  const I = new Float64Array(targets);
  const spikes: number[][] = [];
  const inverseSlope: Float64Array[] = [];
  for (let k = 0; k < steps; k++) {
    for (const i of input[k]) for (let j = 0; j < targets; j++) I[j] += weights[i * targets + j];
    if (recurrent && k > 0) {
      for (const n of spikes[k - 1]) for (let j = 0; j < targets; j++) I[j] += recurrent[n * targets + j];
    }
    spikes.push([]);
    inverseSlope.push(new Float64Array(targets));
    for (let j = 0; j < targets; j++) {
      V[j] = a * V[j] + gain * I[j];
      if (V[j] >= theta) {
        spikes[k].push(j);
        inverseSlope[k][j] = 1 / Math.max(I[j] - theta, shape.slopeFloor);
        V[j] = 0;
      }
      I[j] *= b;
    }
  }
  return { spikes, inverseSlope };
}

export interface LayerAdjoint {
  /** λ_I and λ_V - λ_I at the start of each step, [steps][targets]. */
  lambdaI: Float64Array[];
  lambdaDifference: Float64Array[];
}

/**
 * @param error error[k][j]: e of the spike that j sends at the end of step k, from the layers above
 * @param recurrent as for `forward`: what the spike does to its fellows one step later comes on top
 */
export function backward(
  shape: LayerShape,
  { spikes, inverseSlope }: LayerWindow,
  error: ArrayLike<number>[],
  recurrent: ArrayLike<number> | null = null,
): LayerAdjoint {
  const { targets, steps, theta } = shape;
  const { a, b, mix } = propagators(shape);
  const V = new Float64Array(targets);
  const I = new Float64Array(targets);
  const lambdaI: Float64Array[] = [];
  const lambdaDifference: Float64Array[] = [];
  for (let k = steps - 1; k >= 0; k--) {
    const met = Float64Array.from(error[k]);
    if (recurrent && k + 1 < steps) {
      const later = lambdaDifference[k + 1];
      for (const n of spikes[k])
        for (let m = 0; m < targets; m++) met[n] += recurrent[n * targets + m] * later[m];
    }
    for (let j = 0; j < targets; j++) {
      V[j] += inverseSlope[k][j] * (theta * V[j] + met[j]);
      I[j] = b * I[j] + mix * V[j];
      V[j] *= a;
    }
    lambdaI[k] = I.slice();
    lambdaDifference[k] = V.map((v, j) => v - I[j]);
  }
  return { lambdaI, lambdaDifference };
}

/** dL/dw, [sources][targets]. */
export function weightGradient(
  shape: LayerShape,
  input: readonly number[][],
  { lambdaI }: LayerAdjoint,
): Float64Array {
  const { sources, targets, tauSMs } = shape;
  const gradient = new Float64Array(sources * targets);
  for (const [k, arrivals] of input.entries()) {
    for (const i of arrivals) {
      for (let j = 0; j < targets; j++) gradient[i * targets + j] -= tauSMs * lambdaI[k][j];
    }
  }
  return gradient;
}

/** dL/dr of recurrent weights, [targets][targets], presynaptic first. */
export function recurrentGradient(
  shape: LayerShape,
  { spikes }: LayerWindow,
  adjoint: LayerAdjoint,
): Float64Array {
  const arrivals = [[], ...spikes.slice(0, -1)];
  return weightGradient({ ...shape, sources: shape.targets }, arrivals, adjoint);
}

/** error[k][n] of the spikes that a layer sends to the one above: they arrive one step later. */
export function backproject(
  shape: LayerShape,
  spikes: readonly number[][],
  weights: ArrayLike<number>,
  { lambdaDifference }: LayerAdjoint,
): Float64Array[] {
  const { sources, targets, steps } = shape;
  return spikes.map((sent, k) => {
    const error = new Float64Array(sources);
    if (k + 1 === steps) return error;
    for (const n of sent) {
      for (let m = 0; m < targets; m++) error[n] += weights[n * targets + m] * lambdaDifference[k + 1][m];
    }
    return error;
  });
}

function propagators({ dtMs, tauMMs, tauSMs }: LayerShape) {
  const a = Math.exp(-dtMs / tauMMs);
  const b = Math.exp(-dtMs / tauSMs);
  return { a, b, gain: (tauSMs / (tauMMs - tauSMs)) * (a - b), mix: (tauMMs / (tauMMs - tauSMs)) * (a - b) };
}
