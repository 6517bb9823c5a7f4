import { type Affine, affine } from './affine.js';
import { type Call, call, type Expr, evaluate, namesIn, substitute } from './expression.js';
import { ModelError } from './model.js';
import { heldForPairs, LARGE, LOOK_STEPS } from './pairs.js';
import type { ParsedModel } from './parse.js';
import { type Matrix, matrixExponential, multiply } from './propagator.js';
import { inStoredForm, quantumName, storedForms } from './stored-form.js';

/** One step of a model as assignments: what every target prints in its own language. */
export interface Program {
  /** State variables in the order of storage; those in `fixed` are never written. */
  states: string[];
  fixed: Set<string>;
  /** Adds the input of each receptor, in order: state += coefficient · input; null is a coefficient of 1. */
  inputs: { receptor: string; state: string; coefficient: string | null }[];
  /** Temporaries in order, then the new value of each state variable, from the values after input. */
  temporaries: { name: string; expr: Expr }[];
  next: Map<string, Expr>;
  /** New values while the neuron is refractory, where they differ from `next`. */
  held: Map<string, Expr>;
  threshold: Expr;
  reset: { target: string; expr: Expr }[];
  refractory: boolean;
  /** Whether a held neuron could pass the threshold. */
  heldCanSpike: boolean;
  /**
   * Where two steps can be taken the short way (wat-pairs.ts), else null: the variable that is held, and the constants
   * to which it and the squares of the others are compared: in every step, or only now and then.
   */
  pairs: { held: string; floor: string; ceiling: string; everyStep: boolean } | null;
  /** Names of the constants that the expressions use. */
  coefficients: string[];
  /**
   * Their values for one set of parameters (in mV, ms, pA), and how each variable x is stored: (x - offset)/scale.
   * @param quanta size of one unit of input at each receptor
   */
  evaluate(parameters: Readonly<Record<string, number>>, dtMs: number, quanta: readonly number[]): Values;
}

export interface Values {
  coefficients: Float64Array;
  offsets: number[];
  scales: number[];
  /** For an exact model, how much larger LOOK_STEPS steps can make its variables (0 for others). */
  growth: number;
  /** For an exact model with a threshold "x >= c": what it takes to jump over many steps at once. */
  jump: Jump | null;
}

/** All in stored form. */
export interface Jump {
  /** Takes (state, 1) one step ahead. */
  propagator: Matrix;
  /** Index of the variable with the threshold. */
  variable: number;
  threshold: number;
}

/** The name under which expressions know the time step. */
const DT = 'dt';

/**
 * Turns a parsed model into a program.
 * @param perNeuron parameters that have a value for each neuron: they become state that never changes
 */
export function buildProgram(source: ParsedModel, perNeuron: readonly string[] = []): Program {
  const forms = storedForms(source);
  const model = inStoredForm(source, forms);
  const states = [...model.states, ...perNeuron];
  const moving = new Set(model.states);
  const varying = new Set(states);
  const constants = new Constants(varying);
  const derivatives = new Map([...model.derivatives].map(([name, { expr }]) => [name, expr]));
  const hold = model.refractory?.hold ?? null;

  const integrate = { exact, 'exponential-euler': exponentialEuler, rk4 }[model.integrator];
  const temporaries: Program['temporaries'] = [];
  const next = integrate(model, derivatives, varying, constants, temporaries);
  const held = new Map<string, Expr>();
  if (hold !== null) {
    held.set(hold, forms.get(hold)!.offset === null ? hold : 0);
    if (model.integrator === 'exact') {
      // Others that follow the held variable need the propagator of the system in which it stands still.
      const stopped = new Map([...derivatives, [hold, 0 as Expr]]);
      const whileHeld = exact(model, stopped, varying, constants, []);
      for (const [name, expr] of whileHeld)
        if (name !== hold && follows(name, hold, derivatives)) held.set(name, expr);
    }
  }
  const inputs = model.receptors.map((receptor, i) => ({
    receptor: receptor.name,
    state: receptor.adds,
    coefficient:
      forms.get(receptor.adds)!.scale === null
        ? constants.add((env) => env[quantumName(i)] * evaluate(receptor.times, env))
        : null,
  }));
  const hoist = (expr: Expr) => constants.hoist(expr);
  const program = {
    states,
    fixed: new Set(states.filter((name) => !moving.has(name))),
    inputs,
    temporaries: temporaries.map(({ name, expr }) => ({ name, expr: hoist(expr) })),
    next: mapValues(next, hoist),
    held: mapValues(held, hoist),
    threshold: hoist(model.threshold),
    reset: model.reset.map(({ target, expr }) => ({ target, expr: hoist(expr) })),
    refractory: model.refractory !== null,
    heldCanSpike: hold === null || forms.get(hold)!.offset === null,
    coefficients: constants.names,
  };
  return {
    ...program,
    pairs:
      hold === null || heldForPairs(program) === null
        ? null
        : {
            held: hold,
            floor: constants.add(() => -LARGE),
            ceiling: constants.add(() => LARGE ** 2),
            everyStep: model.integrator !== 'exact',
          },
    evaluate(parameters, dtMs, quanta) {
      const env: Record<string, number> = { ...parameters, [DT]: dtMs };
      quanta.forEach((quantum, i) => {
        env[quantumName(i)] = quantum;
      });
      const of = (part: 'offset' | 'scale', otherwise: number) =>
        states.map((state) => evaluate(forms.get(state)?.[part] ?? otherwise, env));
      const jump = jumpOf(model, derivatives, varying, env);
      return {
        coefficients: constants.evaluate(env),
        offsets: of('offset', 0),
        scales: of('scale', 1),
        growth: growthOf(model, derivatives, varying, env),
        jump,
      };
    },
  };
}

function jumpOf(
  model: ParsedModel,
  derivatives: ReadonlyMap<string, Expr>,
  varying: ReadonlySet<string>,
  env: Environment,
): Jump | null {
  const { threshold } = model;
  if (model.integrator !== 'exact' || typeof threshold !== 'object') return null;
  const [left, right] = threshold.args;
  const plain =
    typeof left === 'string' && varying.has(left) && ![...namesIn(right)].some((n) => varying.has(n));
  if (!plain || (threshold.fn !== '>=' && threshold.fn !== '>')) return null;
  const { names, propagator } = linearSystem(model, derivatives, varying);
  return { propagator: propagator(env), variable: names.indexOf(left), threshold: evaluate(right, env) };
}

/** The row-sum norm of an exact model's propagator over LOOK_STEPS steps. */
function growthOf(
  model: ParsedModel,
  derivatives: ReadonlyMap<string, Expr>,
  varying: ReadonlySet<string>,
  env: Environment,
): number {
  if (model.integrator !== 'exact') return 0;
  let power = linearSystem(model, derivatives, varying).propagator(env);
  for (let steps = 1; steps < LOOK_STEPS; steps *= 2) power = multiply(power, power);
  return Math.max(...power.map((row) => row.reduce((sum, value) => sum + Math.abs(value), 0)));
}

type Environment = Readonly<Record<string, number>>;
type Integrate = (
  model: ParsedModel,
  derivatives: ReadonlyMap<string, Expr>,
  varying: ReadonlySet<string>,
  constants: Constants,
  temporaries: Program['temporaries'],
) => Map<string, Expr>;

/** x(t + dt) = e^(A dt) x(t) + …, entries of the propagator as constants; entries that must be 0 are left out. */
const exact: Integrate = (model, derivatives, varying, constants) => {
  const { names, rows, propagator } = linearSystem(model, derivatives, varying);
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

interface LinearSystem {
  names: string[];
  rows: Affine[];
  /** Takes (x, 1) one step ahead. */
  propagator(env: Environment): Matrix;
}

/** The equations as x' = A x + b, or a ModelError if they are not linear. */
function linearSystem(
  model: ParsedModel,
  derivatives: ReadonlyMap<string, Expr>,
  varying: ReadonlySet<string>,
): LinearSystem {
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

/** Which entries of the exponential can differ from 0: i needs j directly or through others, or i = j. */
function reachable(direct: boolean[][]): boolean[][] {
  const n = direct.length;
  const reach = direct.map((row, i) => row.map((value, j) => value || i === j));
  for (let k = 0; k < n; k++)
    for (let i = 0; i < n; i++) for (let j = 0; j <= n; j++) reach[i][j] ||= reach[i][k] && reach[k][j];
  return reach;
}

function follows(name: string, leader: string, derivatives: ReadonlyMap<string, Expr>): boolean {
  const seen = new Set<string>();
  const visit = (at: string): boolean => {
    if (at === leader) return true;
    if (seen.has(at)) return false;
    seen.add(at);
    return [...namesIn(derivatives.get(at) ?? 0)].some((from) => derivatives.has(from) && visit(from));
  };
  return visit(name);
}

/**
 * x(t + dt) = x + (a x + b) dt φ(a dt), where dx/dt = a x + b with a and b as at the start of the step, and
 * φ(z) = (e^z - 1)/z: the exact solution if these stood still. In this form nothing is divided by a.
 */
const exponentialEuler: Integrate = (model, derivatives, varying, constants, temporaries) => {
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
const rk4: Integrate = (model, derivatives, _varying, _constants, temporaries) => {
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

/** Collects what is the same in every step, to be computed once, in float64. */
class Constants {
  readonly names: string[] = [];
  private readonly values: ((env: Environment) => number)[] = [];
  private readonly known = new Map<string, string>();

  constructor(private readonly varying: ReadonlySet<string>) {}

  add(value: (env: Environment) => number): string {
    const name = generated(`c${this.names.length}`);
    this.names.push(name);
    this.values.push(value);
    return name;
  }

  /** Replaces the largest parts that hold no state by named constants. */
  hoist(expr: Expr): Expr {
    if (typeof expr === 'number' || (typeof expr === 'string' && this.varies(expr))) return expr;
    if (!this.varies(expr)) return this.constant(expr);
    const { fn, args } = expr as Call;
    if (fn === '*' || fn === '/' || fn === 'neg') return this.product(expr);
    return { fn, args: fn === '^' ? [this.hoist(args[0]), args[1]] : args.map((arg) => this.hoist(arg)) };
  }

  evaluate(env: Environment): Float64Array {
    return Float64Array.from(this.values, (value) => value(env));
  }

  private constant(expr: Expr): string {
    const key = JSON.stringify(expr);
    const name = this.known.get(key) ?? this.add((env) => evaluate(expr, env));
    this.known.set(key, name);
    return name;
  }

  /** All constant factors of a product or quotient become one. */
  private product(expr: Expr): Expr {
    let constant: Expr = 1;
    let above: Expr = 1;
    let below: Expr = 1;
    const visit = (part: Expr, fn: '*' | '/') => {
      if (!this.varies(part)) constant = call(fn, constant, part);
      else if (typeof part === 'object' && (part.fn === '*' || part.fn === '/')) {
        visit(part.args[0], fn);
        visit(part.args[1], part.fn === fn ? '*' : '/');
      } else if (typeof part === 'object' && part.fn === 'neg') {
        constant = call('*', -1, constant);
        visit(part.args[0], fn);
      } else if (fn === '*') above = call('*', above, this.hoist(part));
      else below = call('*', below, this.hoist(part));
    };
    visit(expr, '*');
    const factor: Expr = typeof constant === 'number' ? constant : this.constant(constant);
    return call('/', call('*', factor, above), below);
  }

  private varies(expr: Expr): boolean {
    return [...namesIn(expr)].some((name) => this.varying.has(name) || name.startsWith(GENERATED));
  }
}

/** Names made here begin with a sign that no name in a model can. */
const GENERATED = '~';

function generated(name: string): string {
  return `${GENERATED}${name}`;
}

function mapValues(map: ReadonlyMap<string, Expr>, change: (expr: Expr) => Expr): Map<string, Expr> {
  return new Map([...map].map(([name, expr]) => [name, change(expr)]));
}
