import { type Call, call, type Expr, evaluate, namesIn } from './expression.js';

/** Values of names: parameters, the time step, sizes of quanta. */
export type Environment = Readonly<Record<string, number>>;

/** The name under which expressions know the time step. */
export const DT = 'dt';

/** Collects what is the same in every step, to be computed once, in float64. */
export class Constants {
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

export function generated(name: string): string {
  return `${GENERATED}${name}`;
}
