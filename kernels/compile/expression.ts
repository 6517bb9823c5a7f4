import { type MathNode, parse } from 'mathjs';

/** An expression: a number, a name, or a function of expressions. */
export type Expr = number | string | Call;

export interface Call {
  fn: string;
  args: Expr[];
}

/** Builds a call, folding what is trivial (x + 0, x · 1, x · 0, arithmetic of numbers). */
export function call(fn: string, ...args: Expr[]): Expr {
  const [a, b] = args;
  if (fn === '+' && a === 0) return b;
  if ((fn === '+' || fn === '-') && b === 0) return a;
  if (fn === '*' && (a === 0 || b === 0)) return 0;
  if (fn === '*' && a === 1) return b;
  if ((fn === '*' || fn === '/' || fn === '^') && b === 1) return a;
  if (fn === '/' && a === 0) return 0;
  if (args.every((arg) => typeof arg === 'number') && fn in FUNCTIONS) return FUNCTIONS[fn](...args);
  return { fn, args };
}

/** What each function means, in float64. `select` takes its second argument where the first is not 0. */
const FUNCTIONS: Record<string, (...args: number[]) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '^': (a, b) => a ** b,
  neg: (a) => -a,
  '<': (a, b) => Number(a < b),
  '<=': (a, b) => Number(a <= b),
  '>': (a, b) => Number(a > b),
  '>=': (a, b) => Number(a >= b),
  and: (a, b) => Number(a !== 0 && b !== 0),
  select: (condition, a, b) => (condition !== 0 ? a : b),
  min: Math.min,
  max: Math.max,
  abs: Math.abs,
  sqrt: Math.sqrt,
  exp: Math.exp,
  /** (e^x - 1)/x, and 1 at 0: the form in which rate functions of channels have no gap. */
  exprel: (x) => (Math.abs(x) < 1e-6 ? 1 + x / 2 : Math.expm1(x) / x),
};

const OPERATORS: Record<string, string> = {
  add: '+',
  subtract: '-',
  multiply: '*',
  divide: '/',
  pow: '^',
  unaryMinus: 'neg',
  smaller: '<',
  smallerEq: '<=',
  larger: '>',
  largerEq: '>=',
  and: 'and',
};

/** Reads an expression. Throws an Error that says what is not understood. */
export function parseExpression(text: string): Expr {
  return convert(parse(text));
}

function convert(node: MathNode): Expr {
  // mathjs tells its node classes apart by `type` only.
  // biome-ignore lint/suspicious/noExplicitAny: the node types of mathjs are not a discriminated union
  const any = node as any;
  switch (node.type) {
    case 'ConstantNode':
      if (typeof any.value !== 'number') throw new Error(`${any.value} is not a number`);
      return any.value;
    case 'SymbolNode':
      return any.name;
    case 'ParenthesisNode':
      return convert(any.content);
    case 'ConditionalNode':
      return call('select', convert(any.condition), convert(any.trueExpr), convert(any.falseExpr));
    case 'OperatorNode': {
      if (any.fn === 'unaryPlus') return convert(any.args[0]);
      const fn = OPERATORS[any.fn];
      if (fn === undefined) throw new Error(`the operator '${any.op}' is not known here`);
      return call(fn, ...any.args.map(convert));
    }
    case 'FunctionNode': {
      const name = any.fn.name as string;
      const known = name in FUNCTIONS && /^[a-z]/.test(name) && name !== 'neg' && name !== 'select';
      if (!known) throw new Error(`the function '${name}' is not known here`);
      const arity = name === 'min' || name === 'max' ? 2 : 1;
      if (any.args.length !== arity)
        throw new Error(`${name} takes ${arity} argument${arity > 1 ? 's' : ''}`);
      return call(name, ...any.args.map(convert));
    }
    default:
      throw new Error(`'${node.toString()}' is not an expression of names, numbers, operators and functions`);
  }
}

/** All names in an expression. */
export function namesIn(expr: Expr, found = new Set<string>()): Set<string> {
  if (typeof expr === 'string') found.add(expr);
  if (typeof expr === 'object') for (const arg of expr.args) namesIn(arg, found);
  return found;
}

/** The value of an expression in float64. */
export function evaluate(expr: Expr, values: Readonly<Record<string, number>>): number {
  if (typeof expr === 'number') return expr;
  if (typeof expr === 'string') return values[expr];
  return FUNCTIONS[expr.fn](...expr.args.map((arg) => evaluate(arg, values)));
}

/** The expression with names replaced. */
export function substitute(expr: Expr, by: ReadonlyMap<string, Expr>): Expr {
  if (typeof expr === 'string') return by.get(expr) ?? expr;
  if (typeof expr === 'number') return expr;
  return call(expr.fn, ...expr.args.map((arg) => substitute(arg, by)));
}
