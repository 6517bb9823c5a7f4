import { affine } from './affine.js';
import { type Constants, DT, generated } from './constants.js';
import { call, type Expr, namesIn, substitute } from './expression.js';
import { type Equations, linearSystem } from './linear-system.js';
import { ModelError } from './model.js';
import type { Program } from './program.js';

/** New values of the state variables one step later; `temporaries` come before them, and are added to. */
export type Integrate = (
  equations: Equations,
  constants: Constants,
  temporaries: Program['temporaries'],
) => Map<string, Expr>;

/** x(t + dt) = e^(A dt) x(t) + …, entries of the propagator as constants; entries that must be 0 are left out. */
export const exact: Integrate = (equations, constants) => {
  const { model } = equations;
  const { names, rows, propagator } = linearSystem(equations);
  const n = names.length;
  const reach = reachable(
    rows.map(({ slopes, rest }) => [...names.map((name) => slopes.has(name)), rest !== 0]),
  );
  const next = new Map<string, Expr>();
  for (let i = 0; i < n; i++) {
    if (!model.derivatives.has(names[i])) continue;
    let sum: Expr = 0;
    for (let j = 0; j <= n; j++) {
      if (!reach[i][j]) continue;
      const changes = i !== j || rows[i].slopes.has(names[i]);
      const entry: Expr = changes ? constants.add((env) => propagator(env)[i][j]) : 1;
      sum = call('+', sum, call('*', entry, j < n ? names[j] : 1));
    }
    next.set(names[i], sum);
  }
  return next;
};

/** Which entries of the exponential can differ from 0: i needs j directly or through others, or i = j. */
function reachable(direct: boolean[][]): boolean[][] {
  const n = direct.length;
  const reach = direct.map((row, i) => row.map((value, j) => value || i === j));
  for (let k = 0; k < n; k++)
    for (let i = 0; i < n; i++) for (let j = 0; j <= n; j++) reach[i][j] ||= reach[i][k] && reach[k][j];
  return reach;
}

/**
 * x(t + dt) = x + (a x + b) dt φ(a dt), where dx/dt = a x + b with a and b as at the start of the step, and
 * φ(z) = (e^z - 1)/z: the exact solution if these stood still. In this form nothing is divided by a.
 */
export const exponentialEuler: Integrate = ({ model, derivatives, varying }, constants, temporaries) => {
  const next = new Map<string, Expr>();
  for (const name of model.states) {
    const split = affine(derivatives.get(name)!, new Set([name]));
    if (split === null) {
      const line = model.derivatives.get(name)!.line;
      throw new ModelError(model.name, line, `is not linear in ${name}: use the integrator 'rk4'`);
    }
    const a = call('*', DT, split.slopes.get(name) ?? 0);
    const b = call('*', DT, split.rest);
    const mean: Expr = a === 0 ? 1 : { fn: 'exprel', args: [a] };
    if ([...namesIn(a)].some((other) => varying.has(other))) {
      const exponent = generated(`exponent of ${name}`);
      temporaries.push({ name: exponent, expr: fewest(a, varying, constants) });
      const slope = call('+', call('*', exponent, name), fewest(b, varying, constants));
      next.set(name, call('+', name, call('*', slope, { fn: 'exprel', args: [exponent] })));
    } else {
      const growth: Expr = a === 0 ? 1 : { fn: 'exp', args: [a] };
      next.set(name, call('+', call('*', growth, name), call('*', mean, b)));
    }
  }
  return next;
};

/** An expression as Σ constant · name + constant where it is linear: the fewest operations for it. */
function fewest(expr: Expr, varying: ReadonlySet<string>, constants: Constants): Expr {
  const split = affine(expr, varying);
  if (split === null) return expr;
  return [...split.slopes].reduce(
    (sum, [name, slope]) => call('+', sum, call('*', constants.hoist(slope), name)),
    split.rest === 0 ? 0 : constants.hoist(split.rest),
  );
}

/** The classical Runge-Kutta method of fourth order. */
export const rk4: Integrate = ({ model, derivatives }, _constants, temporaries) => {
  const names = model.states;
  const slopes = (stage: number, at: (name: string) => Expr) => {
    const by = new Map(names.map((name) => [name, at(name)]));
    for (const name of names)
      temporaries.push({
        name: generated(`k${stage}_${name}`),
        expr: substitute(derivatives.get(name)!, by),
      });
  };
  const stages = [0, 0.5, 0.5, 1];
  stages.forEach((fraction, i) => {
    for (const name of i === 0 ? [] : names) {
      const step = call('*', { fn: '*', args: [fraction, DT] }, generated(`k${i}_${name}`));
      temporaries.push({ name: generated(`y${i + 1}_${name}`), expr: call('+', name, step) });
    }
    slopes(i + 1, (name) => (i === 0 ? name : generated(`y${i + 1}_${name}`)));
  });
  return new Map(
    names.map((name) => {
      const [k1, k2, k3, k4] = [1, 2, 3, 4].map((stage) => generated(`k${stage}_${name}`));
      const sum = call('+', call('+', k1, k4), call('*', 2, call('+', k2, k3)));
      return [name, call('+', name, call('*', { fn: '/', args: [DT, 6] }, sum))];
    }),
  );
};
