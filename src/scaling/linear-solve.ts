import { RunError } from '../util/errors.js';

/**
 * Solves A·x = b for a symmetric positive definite A by Cholesky decomposition, in place.
 *
 * @param a n × n, row by row; its lower triangle becomes the factor
 * @param b becomes x
 * @throws RunError if A is not positive definite
 */
export function solveCholesky(a: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j];
      for (let k = 0; k < j; k++) sum -= a[i * n + k] * a[j * n + k];
      if (i !== j) a[i * n + j] = sum / a[j * n + j];
      else if (sum > 0) a[i * n + i] = Math.sqrt(sum);
      else throw new RunError('the equations of a least-squares fit are singular');
    }
  }
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) b[i] -= a[i * n + k] * b[k];
    b[i] /= a[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) b[i] -= a[k * n + i] * b[k];
    b[i] /= a[i * n + i];
  }
  return b;
}

/**
 * Coefficients of least squares from rows x (n a row) and targets y, by the normal equations.
 *
 * @param ridge added to the diagonal, relative to its mean
 */
export function linearFit(x: Float64Array, y: Float64Array, n: number, ridge = 0): Float64Array {
  const gram = new Float64Array(n * n);
  const right = new Float64Array(n);
  for (let row = 0; row < y.length; row++) {
    const at = row * n;
    for (let i = 0; i < n; i++) {
      const xi = x[at + i];
      right[i] += xi * y[row];
      for (let j = 0; j <= i; j++) gram[i * n + j] += xi * x[at + j];
    }
  }
  if (ridge > 0) {
    let trace = 0;
    for (let i = 0; i < n; i++) trace += gram[i * n + i];
    for (let i = 0; i < n; i++) gram[i * n + i] += (ridge * trace) / n;
  }
  return solveCholesky(gram, right);
}
