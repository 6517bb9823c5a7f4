/**
 * The first pattern at or after `from` that a perceptron gets wrong: target·(w·x) ≤ 0. Returns the number of
 * patterns if there is none.
 *
 * @param weights the weights at the k-th presentation from here, k = 1, 2, … (transients decay between them)
 * @param x inputs of pattern p, ±1
 */
export function firstError(
  weights: (k: number) => ArrayLike<number>,
  x: (p: number) => ArrayLike<number>,
  targets: ArrayLike<number>,
  from: number,
): number {
  for (let p = from; p < targets.length; p++) {
    const w = weights(p - from + 1);
    const inputs = x(p);
    let y = 0;
    for (let i = 0; i < inputs.length; i++) y += w[i] * inputs[i];
    if (targets[p] * y <= 0) return p;
  }
  return targets.length;
}
