/**
 * A leaky, non-spiking readout that answers with its mean membrane potential. Plain float64 loops; wasm.ts computes
 * the same, faster.
 *
 * The readout is linear, so each spike of a source at time t adds its weight times κ/T · ∫ psp from t to T. Summed
 * over the source's spikes that factor is its drive:
 *   answer_k = Σ_n drive_n w_nk        error of the source   e_n = Σ_k w_nk error_k   (0 without drive)
 */
export function forward(drive: ArrayLike<number>, weights: ArrayLike<number>, outputs: number): Float64Array {
  const answer = new Float64Array(outputs);
  for (let n = 0; n < drive.length; n++) {
    for (let k = 0; k < outputs; k++) answer[k] += drive[n] * weights[n * outputs + k];
  }
  return answer;
}

export function backward(
  drive: ArrayLike<number>,
  weights: ArrayLike<number>,
  error: ArrayLike<number>,
): Float64Array {
  const outputs = error.length;
  return Float64Array.from(drive, (spiked, n) => {
    if (spiked === 0) return 0;
    let sum = 0;
    for (let k = 0; k < outputs; k++) sum += weights[n * outputs + k] * error[k];
    return sum;
  });
}
