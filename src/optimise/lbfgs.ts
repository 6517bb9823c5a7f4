import { findStep } from './line-search.js';

/** A function to be minimised: returns f(x) and writes ∇f(x) into `gradient`. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export interface LbfgsOptions {
  /** Pairs of steps and gradient changes that stand for the Hessian. */
  memory?: number;
  maxIterations?: number;
  /** Stop when no component of the gradient is larger. */
  gradientTolerance?: number;
  /** Stop when a step lowers f by less than this, relative to max(|f|, 1). */
  valueTolerance?: number;
}

export interface LbfgsResult {
  x: Float64Array;
  value: number;
  iterations: number;
  /** Why it stopped. 'no descent' is what the end looks like on a function with kinks. */
  reason: 'gradient' | 'value' | 'iterations' | 'no descent';
}

/**
 * Minimises a function of a few variables by limited-memory BFGS: two-loop recursion (Nocedal 1980,
 * doi:10.1090/S0025-5718-1980-0572855-7), initial scaling sᵀy/yᵀy, weak Wolfe line search.
 *
 * The stopping rules and their defaults are those of L-BFGS-B in SciPy. They are absolute for values below
 * one: scale a small objective up, or it stops long before its minimum.
 *
 * Written here because npm has no kept L-BFGS: optimization-js asks for browserify, jsdoc and travis at run
 * time, and fmin offers Nelder-Mead and conjugate gradients.
 */
export function lbfgs(
  objective: Objective,
  start: ArrayLike<number>,
  { memory = 10, maxIterations = 1000, gradientTolerance = 1e-5, valueTolerance = 2.2e-9 }: LbfgsOptions = {},
): LbfgsResult {
  let x: Float64Array = Float64Array.from(start);
  let gradient: Float64Array = new Float64Array(x.length);
  let value = objective(x, gradient);
  const history: Correction[] = [];
  for (let iterations = 0; ; iterations++) {
    const done = (reason: LbfgsResult['reason']) => ({ x, value, iterations, reason });
    if (maxAbs(gradient) <= gradientTolerance) return done('gradient');
    if (iterations === maxIterations) return done('iterations');

    const direction = descentDirection(gradient, history);
    const length = history.length === 0 ? Math.min(1, 1 / maxAbs(gradient)) : 1;
    const next = findStep(objective, { x, value, gradient }, direction, length);
    if (next === undefined) {
      // The Hessian may be worn out: try once more along the gradient.
      if (history.length === 0) return done('no descent');
      history.length = 0;
      continue;
    }
    remember(history, { x, gradient }, next, memory);
    const drop = (value - next.value) / Math.max(Math.abs(value), Math.abs(next.value), 1);
    ({ x, value, gradient } = next);
    if (drop <= valueTolerance) {
      iterations++;
      return { x, value, iterations, reason: 'value' };
    }
  }
}

/** One step s, the gradient change y along it, and 1/sᵀy. */
interface Correction {
  s: Float64Array;
  y: Float64Array;
  rho: number;
}

function remember(
  history: Correction[],
  from: { x: Float64Array; gradient: Float64Array },
  to: { x: Float64Array; gradient: Float64Array },
  memory: number,
): void {
  const s = to.x.map((value, i) => value - from.x[i]);
  const y = to.gradient.map((value, i) => value - from.gradient[i]);
  const sy = dot(s, y);
  if (!(sy > 0)) return;
  history.push({ s, y, rho: 1 / sy });
  if (history.length > memory) history.shift();
}

/** -H·∇f by the two-loop recursion. */
function descentDirection(gradient: Float64Array, history: readonly Correction[]): Float64Array {
  const q = gradient.map((value) => -value);
  const alphas: number[] = [];
  for (let i = history.length - 1; i >= 0; i--) {
    const { s, y, rho } = history[i];
    alphas[i] = rho * dot(s, q);
    addScaled(q, -alphas[i], y);
  }
  const last = history.at(-1);
  if (last) {
    const scale = 1 / (last.rho * dot(last.y, last.y));
    for (let i = 0; i < q.length; i++) q[i] *= scale;
  }
  history.forEach(({ s, y, rho }, i) => {
    addScaled(q, alphas[i] - rho * dot(y, q), s);
  });
  return q;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function addScaled(target: Float64Array, factor: number, source: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i] += factor * source[i];
}

function maxAbs(values: Float64Array): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest;
}
