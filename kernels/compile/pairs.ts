import type { Expr } from './expression.js';
import type { Program } from './program.js';

/** Beyond this a variable is looked at closely: below it no two steps lead to infinity. */
export const LARGE = 1e18;

/** An exact model's variables are looked at once in this many steps (a power of two) … */
export const LOOK_STEPS = 64;

/** … in which none may grow by more than this factor, so that none gets from LARGE to infinity. */
export const MOST_GROWTH = 1e15;

/** What the short way can compute without making a number that is none out of numbers of moderate size. */
const HARMLESS = new Set(['+', '-', '*', 'neg', 'exprel']);

/**
 * Whether a program can go the short way: one variable is held at 0, is all that the threshold looks at and all
 * that is reset, and no other variable follows it. Returns its name, or null.
 */
export function heldForPairs(program: Omit<Program, 'pairs' | 'evaluate'>): string | null {
  const { held, heldCanSpike, reset, threshold, temporaries, next } = program;
  const [name, value] = [...held][0] ?? [];
  if (held.size !== 1 || value !== 0 || heldCanSpike) return null;
  if (reset.length !== 1 || reset[0].target !== name || reset[0].expr !== 0) return null;
  if (typeof threshold !== 'object' || !['>', '>='].includes(threshold.fn)) return null;
  const [left, right] = threshold.args;
  if (left !== name || !(typeof right === 'number' || program.coefficients.includes(String(right))))
    return null;
  const follows = new Set([name]);
  for (const temporary of temporaries) if (mentions(temporary.expr, follows)) follows.add(temporary.name);
  if ([...next].some(([state, expr]) => state !== name && mentions(expr, follows))) return null;
  const all = [...temporaries.map(({ expr }) => expr), ...next.values()];
  return all.every(harmless) ? name : null;
}

function mentions(expr: Expr, names: ReadonlySet<string | undefined>): boolean {
  if (typeof expr === 'string') return names.has(expr);
  return typeof expr === 'object' && expr.args.some((arg) => mentions(arg, names));
}

function harmless(expr: Expr): boolean {
  return typeof expr !== 'object' || (HARMLESS.has(expr.fn) && expr.args.every(harmless));
}
