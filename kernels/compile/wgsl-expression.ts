import type { Expr } from './expression.js';
import { ModelError } from './model.js';

const INFIX: Record<string, string> = {
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  and: '&&',
};

const ROUNDED = new Set(['+', '-', '*', '/']);

const CALLS: Record<string, string> = {
  min: 'min',
  max: 'max',
  abs: 'abs',
  sqrt: 'sqrt',
  exp: 'exponential',
  exprel: 'relativeExponential',
};

/** Prints expressions in WGSL; every operation is rounded on its own (see wgsl-functions.ts). */
export class WgslPrinter {
  private readonly ids = new Map<string, string>();

  constructor(private readonly model: string) {}

  /** The identifier for a name of the program. */
  id(name: string): string {
    const known = this.ids.get(name) ?? `v${this.ids.size}`;
    this.ids.set(name, known);
    return known;
  }

  /** A number; a comparison yields a truth value. */
  print(expr: Expr): string {
    if (typeof expr === 'number') return `f32(${Math.fround(expr)})`;
    if (typeof expr === 'string') return this.id(expr);
    const { fn, args } = expr;
    if (fn === '^') return this.power(this.print(args[0]), args[1]);
    const [a, b, c] = args.map((arg) => this.print(arg));
    if (fn === 'neg') return `(-${a})`;
    if (ROUNDED.has(fn)) return `rounded(${a} ${fn} ${b})`;
    if (fn in INFIX) return `(${a} ${INFIX[fn]} ${b})`;
    if (fn === 'select') return `select(${c}, ${b}, ${isCondition(args[0]) ? a : `${a} != 0.0`})`;
    return `${CALLS[fn]}(${[a, b].slice(0, args.length).join(', ')})`;
  }

  private power(base: string, exponent: Expr): string {
    if (typeof exponent !== 'number' || !Number.isInteger(exponent) || exponent < 1 || exponent > 8)
      throw new ModelError(this.model, `… ^ ${String(exponent)}`, 'powers are whole numbers from 1 to 8');
    return `power(${base}, ${exponent})`;
  }
}

function isCondition(expr: Expr): boolean {
  return typeof expr === 'object' && (expr.fn in INFIX || expr.fn === 'and');
}
