/**
 * Mean softmax cross-entropy of a batch and its slope, in one pass.
 *
 *   L = -1/batch Σ_s Σ_j y_sj log p_sj,   p_s = softmax(z_s),   dL/dz_sj = (p_sj - y_sj)/batch
 *
 * @param logits z, [batch][classes]
 * @param labels y, [batch][classes]; those of a sample add up to 1
 * @param slope out [batch][classes]
 * @returns L
 */
export function crossEntropy(
  batch: number,
  classes: number,
  logits: Float32Array,
  labels: Float32Array,
  slope: Float32Array,
): number {
  let loss = 0;
  for (let s = 0; s < batch; s++) {
    const from = s * classes;
    let largest = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < classes; j++) largest = Math.max(largest, logits[from + j]);
    let sum = 0;
    for (let j = 0; j < classes; j++) {
      const exponential = Math.exp(logits[from + j] - largest);
      slope[from + j] = exponential;
      sum += exponential;
    }
    const logSum = Math.log(sum) + largest;
    for (let j = 0; j < classes; j++) {
      const y = labels[from + j];
      if (y !== 0) loss += y * (logSum - logits[from + j]);
      slope[from + j] = (slope[from + j] / sum - y) / batch;
    }
  }
  return loss / batch;
}
