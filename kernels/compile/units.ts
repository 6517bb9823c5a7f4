import { unit } from 'mathjs';
import type { Expr } from './expression.js';

/**
 * Exponents of voltage, time and current. Engines compute in mV, ms and pA, and so in nS, pF, GΩ and kHz: these
 * fit together without factors.
 */
export type Dimension = readonly [voltage: number, time: number, current: number];

export const DIMENSIONLESS: Dimension = [0, 0, 0];
export const TIME: Dimension = [0, 1, 0];

/** Dimension of a unit, and the factor that brings a value in it to mV, ms and pA. */
export function readUnit(text: string): { dimension: Dimension; factor: number } {
  if (text === '' || text === '1') return { dimension: DIMENSIONLESS, factor: 1 };
  // biome-ignore lint/suspicious/noExplicitAny: mathjs does not type the dimensions of a unit
  const parsed = unit(1, text) as any;
  const [mass, length, time, current, ...others] = parsed.dimensions as number[];
  if (length !== 2 * mass || others.some((exponent) => exponent !== 0))
    throw new Error(`'${text}' is not made of voltage, time and current`);
  // V = kg m² s⁻³ A⁻¹
  const dimension = [mass, time + 3 * mass, current + mass] as const;
  const coherent = 1e-3 ** dimension[0] * 1e-3 ** dimension[1] * 1e-12 ** dimension[2];
  return { dimension, factor: round(parsed.toSI().toNumeric() / coherent) };
}

/** Factors are powers of ten; without rounding, 1e-12 to a power leaves dust in the last digits. */
function round(factor: number): number {
  return Number(factor.toPrecision(13));
}

const UNIT_NAMES = ['mV', 'ms', 'pA'];

/** A dimension in words, for messages: "mV/ms". */
function describe(dimension: Dimension): string {
  const part = (sign: 1 | -1) =>
    dimension
      .map((exponent, i) => [exponent * sign, UNIT_NAMES[i]] as const)
      .filter(([exponent]) => exponent > 0)
      .map(([exponent, name]) => (exponent === 1 ? name : `${name}^${exponent}`))
      .join(' ');
  const [over, under] = [part(1), part(-1)];
  if (under === '') return over === '' ? 'a pure number' : over;
  return `${over === '' ? '1' : over}/${under.includes(' ') ? `(${under})` : under}`;
}

function sameDimension(a: Dimension, b: Dimension): boolean {
  return a.every((exponent, i) => Math.abs(exponent - b[i]) < 1e-9);
}

/** Dimension of an expression; null for a literal 0, which has any. Throws an Error that says what does not fit. */
export function dimensionOf(expr: Expr, dimensions: ReadonlyMap<string, Dimension>): Dimension | null {
  if (typeof expr === 'number') return expr === 0 ? null : DIMENSIONLESS;
  if (typeof expr === 'string') {
    const dimension = dimensions.get(expr);
    if (dimension === undefined) throw new Error(`the name '${expr}' is not known`);
    return dimension;
  }
  const args = expr.args.map((arg) => dimensionOf(arg, dimensions));
  switch (expr.fn) {
    case '*':
      return combine(args[0], args[1], 1);
    case '/':
      return combine(args[0], args[1], -1);
    case '^': {
      const exponent = expr.args[1];
      if (typeof exponent !== 'number') throw new Error('an exponent must be a number');
      return args[0] === null ? null : scale(args[0], exponent);
    }
    case 'sqrt':
      return args[0] === null ? null : scale(args[0], 0.5);
    case 'neg':
    case 'abs':
      return args[0];
    case 'exp':
    case 'exprel':
      agree(args[0], DIMENSIONLESS, `the argument of ${expr.fn}`);
      return DIMENSIONLESS;
    case '<':
    case '<=':
    case '>':
    case '>=':
      agree(args[0], args[1], `the two sides of '${expr.fn}'`);
      return DIMENSIONLESS;
    case 'and':
      return DIMENSIONLESS;
    case 'select':
      return agree(args[1], args[2], 'the two branches of a condition');
    default:
      return agree(args[0], args[1], `the two sides of '${expr.fn}'`);
  }
}

function combine(a: Dimension | null, b: Dimension | null, sign: 1 | -1): Dimension | null {
  if (a === null || b === null) return null;
  return [a[0] + sign * b[0], a[1] + sign * b[1], a[2] + sign * b[2]];
}

function scale(a: Dimension, by: number): Dimension {
  return [a[0] * by, a[1] * by, a[2] * by];
}

/** The common dimension of two things that must have one. */
export function agree(a: Dimension | null, b: Dimension | null, what: string): Dimension | null {
  if (a !== null && b !== null && !sameDimension(a, b))
    throw new Error(`${what} do not fit: ${describe(a)} and ${describe(b)}`);
  return a ?? b;
}
