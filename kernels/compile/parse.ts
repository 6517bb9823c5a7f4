import { type Expr, namesIn, parseExpression } from './expression.js';
import { ModelError, type NeuronModel, type Quantity } from './model.js';
import { agree, DIMENSIONLESS, type Dimension, dimensionOf, readUnit, TIME } from './units.js';

/** A neuron model whose text was read and whose units were checked. All values are in mV, ms and pA. */
export interface ParsedModel {
  name: string;
  integrator: NeuronModel['integrator'];
  /** Names of the state variables, in the order of storage. */
  states: string[];
  /** dx/dt of every state variable. */
  derivatives: Map<string, { expr: Expr; line: string }>;
  threshold: Expr;
  reset: { target: string; expr: Expr }[];
  refractory: { period: string; hold: string } | null;
  receptors: { name: string; adds: string; unit: string; times: Expr }[];
  /** Default values, and for values given in another unit: how to read them. */
  parameters: Map<string, ParsedQuantity>;
  initial: Map<string, ParsedQuantity>;
}

export interface ParsedQuantity {
  value: number;
  unit: string;
  dimension: Dimension;
  factor: number;
}

/** What every model has; whoever writes no TypeScript is told of it here. */
const PARTS = ['name', 'equations', 'threshold', 'reset', 'parameters', 'state', 'receptors'] as const;

const INTEGRATORS: readonly NeuronModel['integrator'][] = ['exact', 'exponential-euler', 'rk4'];

/** Reads a model, or throws a ModelError with the line and the reason. */
export function parseModel(model: NeuronModel): ParsedModel {
  const wrap = <T>(line: string, work: () => T): T => {
    try {
      return work();
    } catch (error) {
      if (error instanceof ModelError) throw error;
      throw new ModelError(model.name, line, error instanceof Error ? error.message : String(error));
    }
  };
  for (const part of PARTS)
    if (model?.[part] === undefined)
      throw new ModelError(model?.name ?? 'without a name', part, `the model has no '${part}': add it`);
  if (!INTEGRATORS.includes(model.integrator)) {
    const reason = `'${model.integrator}' is no integrator: choose one of ${INTEGRATORS.join(', ')}`;
    throw new ModelError(model.name, 'integrator', reason);
  }
  const quantities = (record: Record<string, Quantity>) =>
    new Map(
      Object.entries(record).map(([name, [value, unit]]) => [
        name,
        wrap(`${name}: ${value} ${unit}`, () => quantity(value, unit)),
      ]),
    );
  const parameters = quantities(model.parameters);
  const initial = quantities(model.state);
  const dimensions = new Map<string, Dimension>();
  for (const [name, { dimension }] of [...parameters, ...initial]) {
    if (dimensions.has(name))
      throw new ModelError(model.name, name, 'is both a parameter and a state variable');
    dimensions.set(name, dimension);
  }
  const checked = (line: string, text: string, expected: Dimension | null, what: string): Expr =>
    wrap(line, () => {
      const expr = parseExpression(text);
      for (const name of namesIn(expr)) {
        if (!dimensions.has(name))
          throw new Error(`the name '${name}' is not known: add it to parameters or state`);
      }
      const dimension = dimensionOf(expr, dimensions);
      if (expected !== null) agree(dimension, expected, what);
      return expr;
    });

  const derivatives = new Map<string, { expr: Expr; line: string }>();
  for (const line of lines(model.equations)) {
    const match = /^d(\w+)\/dt\s*=(.+)$/.exec(line);
    if (match === null) throw new ModelError(model.name, line, 'an equation reads dNAME/dt = EXPRESSION');
    const [, name, text] = match;
    const of = initial.get(name)?.dimension;
    if (of === undefined)
      throw new ModelError(model.name, line, `'${name}' has no initial value: add it to state`);
    if (derivatives.has(name)) throw new ModelError(model.name, line, `'${name}' has two equations`);
    const rate = [of[0], of[1] - 1, of[2]] as const;
    derivatives.set(name, { expr: checked(line, text, rate, `d${name}/dt and its right side`), line });
  }
  for (const name of initial.keys()) {
    if (!derivatives.has(name)) throw new ModelError(model.name, name, 'this state variable has no equation');
  }

  const threshold = checked(model.threshold, model.threshold, null, '');
  if (typeof threshold !== 'object' || !['<', '<=', '>', '>=', 'and'].includes(threshold.fn))
    throw new ModelError(model.name, model.threshold, 'a threshold is a comparison, such as V >= V_th');
  const reset = lines(model.reset).map((line) => {
    const match = /^(\w+)\s*=(.+)$/.exec(line);
    const target = match?.[1] ?? '';
    const dimension = initial.get(target)?.dimension;
    if (match === null || dimension === undefined)
      throw new ModelError(model.name, line, 'a reset reads STATE = EXPRESSION');
    return { target, expr: checked(line, match[2], dimension, 'the two sides') };
  });
  if (model.refractory !== undefined) {
    const { period, hold } = model.refractory;
    const line = `refractory: ${period}, hold ${hold}`;
    wrap(line, () => {
      if (!parameters.has(period)) throw new Error(`'${period}' is not a parameter`);
      if (!initial.has(hold)) throw new Error(`'${hold}' is not a state variable`);
      agree(parameters.get(period)!.dimension, TIME, 'a refractory period and its unit');
    });
  }
  const receptors = Object.entries(model.receptors).map(([name, { adds, unit, times = '1' }]) => {
    const line = `receptor ${name}: ${adds} += ${times === '1' ? '' : `${times} * `}weight in ${unit}`;
    const target = initial.get(adds);
    if (target === undefined) throw new ModelError(model.name, line, `'${adds}' is not a state variable`);
    const weight = wrap(line, () => readUnit(unit).dimension);
    const factor = checked(line, times, null, '');
    wrap(line, () => {
      if ([...namesIn(factor)].some((n) => initial.has(n)))
        throw new Error('the factor of a weight may not depend on the state');
      const product = dimensionOf(
        { fn: '*', args: ['weight', factor] },
        new Map([...dimensions, ['weight', weight]]),
      );
      agree(product, target.dimension, 'the weight and what it is added to');
    });
    return { name, adds, unit, times: factor };
  });
  return {
    name: model.name,
    integrator: model.integrator,
    states: [...initial.keys()],
    derivatives,
    threshold,
    reset,
    refractory: model.refractory ?? null,
    receptors,
    parameters,
    initial,
  };
}

function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function quantity(value: number, unit: string): ParsedQuantity {
  const { dimension, factor } = readUnit(unit);
  if (!Number.isFinite(value)) throw new Error(`${value} is not a finite number`);
  return { value: value * factor, unit, dimension: dimension ?? DIMENSIONLESS, factor };
}
