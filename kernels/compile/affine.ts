import { call, type Expr, namesIn } from './expression.js';

/** An expression as Σ slope[name]·name + rest, or null if it is not affine in these names. */
export interface Affine {
  slopes: Map<string, Expr>;
  rest: Expr;
}

/** Splits an expression that is affine in `names`; slopes and rest are free of these names. */
export function affine(expr: Expr, names: ReadonlySet<string>): Affine | null {
  if (![...namesIn(expr)].some((name) => names.has(name))) return { slopes: new Map(), rest: expr };
  if (typeof expr === 'string') return { slopes: new Map([[expr, 1]]), rest: 0 };
  if (typeof expr === 'number') return { slopes: new Map(), rest: expr };
  const [a, b] = expr.args.map((arg) => affine(arg, names));
  if (a == null || b === null) return null;
  switch (expr.fn) {
    case '+':
    case '-':
      return merge(a, b, expr.fn);
    case 'neg':
      return map(a, (part) => call('*', -1, part));
    case '*':
      if (a.slopes.size === 0) return map(b, (part) => call('*', a.rest, part));
      if (b.slopes.size === 0) return map(a, (part) => call('*', part, b.rest));
      return null;
    case '/':
      return b.slopes.size === 0 ? map(a, (part) => call('/', part, b.rest)) : null;
    default:
      return null;
  }
}

function map(a: Affine, change: (part: Expr) => Expr): Affine {
  return {
    slopes: new Map([...a.slopes].map(([name, slope]) => [name, change(slope)])),
    rest: change(a.rest),
  };
}

function merge(a: Affine, b: Affine, fn: '+' | '-'): Affine {
  const slopes = new Map(a.slopes);
  for (const [name, slope] of b.slopes) slopes.set(name, call(fn, slopes.get(name) ?? 0, slope));
  return { slopes, rest: call(fn, a.rest, b.rest) };
}
