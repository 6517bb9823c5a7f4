/** A square matrix as rows. */
export type Matrix = number[][];

/**
 * The matrix exponential e^A in float64, by scaling and squaring: e^A = (e^(A/2^s))^(2^s), the inner one by its
 * Taylor series to the twentieth order, at a norm of at most 1/2.
 *
 * For x' = A x + b, append b as a last column and a row of zeros: the exponential of dt times that matrix takes
 * (x, 1) one step ahead, also where A is singular or two time constants are equal.
 */
export function matrixExponential(a: Matrix): Matrix {
  const norm = Math.max(...a.map((row) => row.reduce((sum, value) => sum + Math.abs(value), 0)));
  const squarings = norm > 0.5 ? Math.ceil(Math.log2(norm / 0.5)) : 0;
  const scaled = a.map((row) => row.map((value) => value / 2 ** squarings));
  let term = identity(a.length);
  let sum = identity(a.length);
  for (let k = 1; k <= 20; k++) {
    term = multiply(term, scaled).map((row) => row.map((value) => value / k));
    sum = sum.map((row, i) => row.map((value, j) => value + term[i][j]));
  }
  for (let s = 0; s < squarings; s++) sum = multiply(sum, sum);
  return sum;
}

export function identity(n: number): Matrix {
  return Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => Number(i === j)));
}

export function multiply(a: Matrix, b: Matrix): Matrix {
  return a.map((row) => b[0].map((_, j) => row.reduce((sum, value, k) => sum + value * b[k][j], 0)));
}
