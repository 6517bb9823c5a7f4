import type { Objective } from './lbfgs.js';

/** A point with its value and gradient. */
export interface Evaluated {
  x: Float64Array;
  value: number;
  gradient: Float64Array;
}

const SUFFICIENT_DECREASE = 1e-4;
const CURVATURE = 0.9;

/**
 * A step along `direction` that meets the weak Wolfe conditions, by bracketing and bisection (Lewis & Overton
 * 2013, doi:10.1007/s10107-012-0514-2). It asks for no smoothness, so kinks do not stall it.
 *
 * @param length first step tried
 * @returns undefined if the direction does not descend, or only by less than rounding
 */
export function findStep(
  objective: Objective,
  from: Evaluated,
  direction: Float64Array,
  length: number,
): Evaluated | undefined {
  let slope = 0;
  for (let i = 0; i < direction.length; i++) slope += direction[i] * from.gradient[i];
  if (!(slope < 0)) return undefined;

  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let step = length;
  let best: Evaluated | undefined;
  for (let tries = 0; tries < 60; tries++) {
    const x = from.x.map((value, i) => value + step * direction[i]);
    const gradient = new Float64Array(x.length);
    const value = objective(x, gradient);
    if (!(value <= from.value + SUFFICIENT_DECREASE * step * slope)) {
      high = step;
    } else {
      best = { x, value, gradient };
      let slopeHere = 0;
      for (let i = 0; i < direction.length; i++) slopeHere += direction[i] * gradient[i];
      if (slopeHere >= CURVATURE * slope) return best;
      low = step;
    }
    step = Number.isFinite(high) ? (low + high) / 2 : 2 * low;
  }
  return best !== undefined && best.value < from.value ? best : undefined;
}
