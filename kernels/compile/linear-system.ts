import { type Affine, affine } from './affine.js';
import { DT, type Environment } from './constants.js';
import { type Expr, evaluate, namesIn } from './expression.js';
import { ModelError } from './model.js';
import { LOOK_STEPS } from './pairs.js';
import type { ParsedModel } from './parse.js';
import { type Matrix, matrixExponential, multiply } from './propagator.js';

/** A model's equations in stored form. */
export interface Equations {
  model: ParsedModel;
  /** dx/dt of each state variable that has one. */
  derivatives: ReadonlyMap<string, Expr>;
  /** All that differs from neuron to neuron. */
  varying: ReadonlySet<string>;
}

export interface LinearSystem {
  names: string[];
  rows: Affine[];
  /** Takes (x, 1) one step ahead. */
  propagator(env: Environment): Matrix;
}

/** The equations as x' = A x + b, or a ModelError if they are not linear. */
export function linearSystem({ model, derivatives, varying }: Equations): LinearSystem {
  const names = [...varying];
  const rows = names.map((name) => {
    const split = affine(derivatives.get(name) ?? 0, varying);
    if (split === null) {
      const line = model.derivatives.get(name)!.line;
      throw new ModelError(
        model.name,
        line,
        "is not linear, so it cannot be integrated exactly: use 'exponential-euler' or 'rk4'",
      );
    }
    return split;
  });
  let known: { env: Environment; propagator: Matrix } | null = null;
  const propagator = (env: Environment) => {
    if (known?.env === env) return known.propagator;
    const matrix = rows.map(({ slopes, rest }) => [
      ...names.map((name) => env[DT] * evaluate(slopes.get(name) ?? 0, env)),
      env[DT] * evaluate(rest, env),
    ]);
    matrix.push(new Array(names.length + 1).fill(0));
    known = { env, propagator: matrixExponential(matrix) };
    return known.propagator;
  };
  return { names, rows, propagator };
}

/** What it takes to jump over many steps at once. All in stored form. */
export interface Jump {
  /** Takes (state, 1) one step ahead. */
  propagator: Matrix;
  /** Index of the variable with the threshold. */
  variable: number;
  threshold: number;
}

export function jumpOf(equations: Equations, env: Environment): Jump | null {
  const { model, varying } = equations;
  const { threshold } = model;
  if (model.integrator !== 'exact' || typeof threshold !== 'object') return null;
  const [left, right] = threshold.args;
  const plain =
    typeof left === 'string' && varying.has(left) && ![...namesIn(right)].some((n) => varying.has(n));
  if (!plain || (threshold.fn !== '>=' && threshold.fn !== '>')) return null;
  const { names, propagator } = linearSystem(equations);
  return { propagator: propagator(env), variable: names.indexOf(left), threshold: evaluate(right, env) };
}

/** The row-sum norm of an exact model's propagator over LOOK_STEPS steps. */
export function growthOf(equations: Equations, env: Environment): number {
  if (equations.model.integrator !== 'exact') return 0;
  let power = linearSystem(equations).propagator(env);
  for (let steps = 1; steps < LOOK_STEPS; steps *= 2) power = multiply(power, power);
  return Math.max(...power.map((row) => row.reduce((sum, value) => sum + Math.abs(value), 0)));
}
