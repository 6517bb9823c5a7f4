/**
 * Leaky, non-spiking neurons that answer with their mean membrane potential, on dense row-major arrays: the linear
 * readout of ../readout/reference.ts over a batch. A source enters with one number a window, its drive.
 *
 *   drive_i = Σ_k value_k spike_ki        answer_j = Σ_i drive_i w_ij
 *
 * where value_k is what a spike at step k through a weight of 1 adds to the mean. Gradients:
 *
 *   dL/dw_ij = Σ_samples drive_i e_j      dL/dspike_ki = factor_k Σ_j w_ij e_j
 *
 * with factor = value for the gradient by the value of a spike; factor = d value/dt, where there is a spike, by its time.
 */
export interface ReadoutShape {
  batch: number;
  steps: number;
  sources: number;
  targets: number;
}

/**
 * @param spikes [batch][steps][sources]
 * @param weights [sources][targets]
 * @param drive out [batch][sources]
 * @param answer out [batch][targets]
 */
export function forward(
  { batch, steps, sources, targets }: ReadoutShape,
  value: ArrayLike<number>,
  spikes: Float32Array,
  weights: Float32Array,
  drive: Float32Array,
  answer: Float32Array,
): void {
  drive.fill(0);
  answer.fill(0);
  for (let s = 0; s < batch; s++) {
    for (let k = 0; k < steps; k++) {
      const row = (s * steps + k) * sources;
      for (let i = 0; i < sources; i++) drive[s * sources + i] += value[k] * spikes[row + i];
    }
    for (let i = 0; i < sources; i++) {
      const factor = drive[s * sources + i];
      if (factor === 0) continue;
      for (let j = 0; j < targets; j++) answer[s * targets + j] += factor * weights[i * targets + j];
    }
  }
}

/** @param gradient out [sources][targets] */
export function weightGradient(
  { batch, sources, targets }: ReadoutShape,
  drive: Float32Array,
  error: Float32Array,
  gradient: Float32Array,
): void {
  gradient.fill(0);
  for (let s = 0; s < batch; s++) {
    for (let i = 0; i < sources; i++) {
      const factor = drive[s * sources + i];
      if (factor === 0) continue;
      for (let j = 0; j < targets; j++) gradient[i * targets + j] += factor * error[s * targets + j];
    }
  }
}

/**
 * @param masked whether only spikes have a gradient
 * @param gradient out [batch][steps][sources]
 */
export function spikeGradient(
  { batch, steps, sources, targets }: ReadoutShape,
  factor: ArrayLike<number>,
  masked: boolean,
  spikes: Float32Array,
  weights: Float32Array,
  error: Float32Array,
  gradient: Float32Array,
): void {
  const back = new Float32Array(sources);
  for (let s = 0; s < batch; s++) {
    for (let i = 0; i < sources; i++) {
      let sum = 0;
      for (let j = 0; j < targets; j++) sum += weights[i * targets + j] * error[s * targets + j];
      back[i] = sum;
    }
    for (let k = 0; k < steps; k++) {
      const row = (s * steps + k) * sources;
      for (let i = 0; i < sources; i++) {
        gradient[row + i] = factor[k] * back[i] * (masked ? spikes[row + i] : 1);
      }
    }
  }
}
