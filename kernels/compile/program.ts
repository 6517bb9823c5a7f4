import { Constants, DT } from './constants.js';
import { type Expr, evaluate, namesIn } from './expression.js';
import { exact, exponentialEuler, rk4 } from './integrators.js';
import { type Equations, growthOf, type Jump, jumpOf } from './linear-system.js';
import { heldForPairs, LARGE } from './pairs.js';
import type { ParsedModel } from './parse.js';
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
  const heldCanSpike = hold === null || forms.get(hold)!.offset === null;

  const equations = { model, derivatives, varying };
  const integrate = { exact, 'exponential-euler': exponentialEuler, rk4 }[model.integrator];
  const temporaries: Program['temporaries'] = [];
  const next = integrate(equations, constants, temporaries);
  const held =
    hold === null ? new Map<string, Expr>() : whileHeld(hold, heldCanSpike ? hold : 0, equations, constants);
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
    heldCanSpike,
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
      return {
        coefficients: constants.evaluate(env),
        offsets: of('offset', 0),
        scales: of('scale', 1),
        growth: growthOf(equations, env),
        jump: jumpOf(equations, env),
      };
    },
  };
}

/** New values while `hold` is held at `value`, of it and of those that follow it. */
function whileHeld(hold: string, value: Expr, equations: Equations, constants: Constants): Map<string, Expr> {
  const held = new Map([[hold, value]]);
  const { model, derivatives } = equations;
  if (model.integrator !== 'exact') return held;
  // Others that follow the held variable need the propagator of the system in which it stands still.
  const stopped = new Map([...derivatives, [hold, 0 as Expr]]);
  for (const [name, expr] of exact({ ...equations, derivatives: stopped }, constants, []))
    if (name !== hold && follows(name, hold, derivatives)) held.set(name, expr);
  return held;
}

/** Whether dx/dt of `name` depends on `leader`, directly or through others. */
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

function mapValues(map: ReadonlyMap<string, Expr>, change: (expr: Expr) => Expr): Map<string, Expr> {
  return new Map([...map].map(([name, expr]) => [name, change(expr)]));
}
