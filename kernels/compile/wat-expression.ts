import type { Expr } from './expression.js';
import { ModelError } from './model.js';
import { exponential, relativeExponential, relativeExponentialNear } from './wat-functions.js';

const SIMD: Record<string, string> = {
  '+': 'f32x4.add',
  '-': 'f32x4.sub',
  '*': 'f32x4.mul',
  '/': 'f32x4.div',
  neg: 'f32x4.neg',
  '<': 'f32x4.lt',
  '<=': 'f32x4.le',
  '>': 'f32x4.gt',
  '>=': 'f32x4.ge',
  and: 'v128.and',
  min: 'f32x4.min',
  max: 'f32x4.max',
  abs: 'f32x4.abs',
  sqrt: 'f32x4.sqrt',
};

export function get(local: string): string {
  return `(local.get $${local})`;
}

/** Prints expressions for one vector of neurons; functions that need several lines leave them in front. */
export class Emitter {
  readonly locals = new Set<string>();
  private lines: string[] = [];
  private serial = 0;
  private rare: string[] = [];

  /**
   * @param constants names that mean the same for all vectors
   * @param short whether to leave out what is seldom needed, and to tell by `takeRare` where it was needed
   */
  constructor(
    private readonly model: string,
    private readonly lane: number,
    private readonly constants: readonly string[],
    private readonly short = false,
  ) {}

  /** Masks of the neurons for which a value computed since the last call is not to be used. */
  takeRare(): string[] {
    return this.rare.splice(0);
  }

  /** The local of this vector for a name of the loop's own … */
  readonly own = (name: string): string => this.note(`${name}.${this.lane}`);

  assignOwn(name: string, value: string): string {
    return `(local.set $${this.own(name)} ${value})`;
  }

  /** … and for a name of the model, with a prefix so that the two cannot clash. */
  get(name: string): string {
    return get(this.mangle(name));
  }

  assign(name: string, value: string): string {
    return `(local.set $${this.mangle(name)} ${value})`;
  }

  /** Lines that compute an expression into a local. */
  set(name: string, expr: Expr): string[] {
    this.lines = [];
    const value = this.print(expr);
    return [...this.lines, this.assign(name, value)];
  }

  private mangle(name: string): string {
    return this.note(`=${name.replaceAll(' ', '.')}${this.constants.includes(name) ? '' : `.${this.lane}`}`);
  }

  private note(local: string): string {
    this.locals.add(local);
    return local;
  }

  private print(expr: Expr): string {
    if (typeof expr === 'number') return literal(expr);
    if (typeof expr === 'string') return this.get(expr);
    const { fn, args } = expr;
    if (fn === '^') return this.power(this.temporary(args[0]), args[1]);
    if (fn === 'select') {
      const [condition, yes, no] = args.map((arg) => this.print(arg));
      return `(v128.bitselect ${yes} ${no} ${isCondition(args[0]) ? condition : `(f32x4.ne ${condition} ${literal(0)})`})`;
    }
    if (fn === 'exprel' && this.short) {
      const { lines, value, far } = relativeExponentialNear(this.temporary(args[0]), () => this.fresh());
      this.lines.push(...lines);
      this.rare.push(this.hold(far));
      return value;
    }
    if (fn === 'exp' || fn === 'exprel') {
      const x = this.temporary(args[0]);
      const print = fn === 'exp' ? exponential : relativeExponential;
      const { lines, value } = print(x, () => this.fresh());
      this.lines.push(...lines);
      return value;
    }
    return `(${SIMD[fn]} ${args.map((arg) => this.print(arg)).join(' ')})`;
  }

  private power(base: string, exponent: Expr): string {
    if (typeof exponent !== 'number' || !Number.isInteger(exponent) || exponent < 1 || exponent > 8)
      throw new ModelError(this.model, `… ^ ${String(exponent)}`, 'powers are whole numbers from 1 to 8');
    return Array.from({ length: exponent }, () => base).reduce((product, b) => `(f32x4.mul ${product} ${b})`);
  }

  private temporary(expr: Expr): string {
    return typeof expr === 'string' ? this.get(expr) : this.hold(this.print(expr));
  }

  /** Puts a value into a new local, so that it can be used twice. */
  private hold(value: string): string {
    const local = this.fresh();
    this.lines.push(`(local.set $${local} ${value})`);
    return get(local);
  }

  private fresh(): string {
    return this.own(`t${this.serial++}`);
  }
}

function isCondition(expr: Expr): boolean {
  return typeof expr === 'object' && ['<', '<=', '>', '>=', 'and'].includes(expr.fn);
}

function literal(value: number): string {
  return `(v128.const f32x4 ${Array(4).fill(value).join(' ')})`;
}
