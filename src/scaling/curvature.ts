import { type Estimate, estimate, tCritical } from './interval.js';
import { leastSquares, valueAt } from './line.js';
import { moments } from './moments.js';

/** y = a + b·x + c·x² by least squares. */
export interface Parabola {
  /** a, b, c. */
  readonly coefficients: readonly [number, number, number];
  /** c, with its 95 % interval. */
  readonly curvature: Estimate;
  readonly curvatureSe: number;
}

/**
 * Fits a parabola. The curvature is the slope of what x leaves of y on what it leaves of x² (Frisch-Waugh-
 * Lovell); its interval has n - 3 degrees of freedom.
 */
export function fitParabola(x: readonly number[], y: readonly number[]): Parabola {
  const square = x.map((value) => value ** 2);
  const squareLine = leastSquares(x, square);
  const yLine = leastSquares(x, y);
  const squareLeft = square.map((value, i) => value - valueAt(squareLine, x[i]));
  const yLeft = y.map((value, i) => value - valueAt(yLine, x[i]));
  const { sxx, sxy, syy, n } = moments(squareLeft, yLeft);
  const c = sxy / sxx;
  const curvatureSe = Math.sqrt(Math.max(0, syy - c * sxy) / (n - 3) / sxx);
  return {
    coefficients: [
      yLine.intercept.value - c * squareLine.intercept.value,
      yLine.slope.value - c * squareLine.slope.value,
      c,
    ],
    curvature: estimate(c, tCritical(n - 3) * curvatureSe),
    curvatureSe,
  };
}

/** dy/dx = b + 2cx of the parabola y = a + bx + cx². */
export function slopeOf({ coefficients: [, b, c] }: Parabola, x: number): number {
  return b + 2 * c * x;
}

/** The x where the parabola turns, -b/(2c). */
export function vertexOf({ coefficients: [, b, c] }: Parabola): number {
  return -b / (2 * c);
}
