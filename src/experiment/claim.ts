import type { Claim } from './define.js';

/** A claim that a value lies within `tolerance` of the expected one. */
export function near(
  name: string,
  value: number,
  expected: number,
  tolerance: number,
  source: string,
  unit?: string,
): Claim {
  return { name, value, expected, tolerance, source, ...(unit && { unit }) };
}

/** A claim that a value is not below a bound. */
export function atLeast(name: string, value: number, bound: number, source: string, unit?: string): Claim {
  return { ...near(name, value, bound, 0, source, unit), bound: 'at least' };
}

/** A claim that a value is not above a bound. */
export function atMost(name: string, value: number, bound: number, source: string, unit?: string): Claim {
  return { ...near(name, value, bound, 0, source, unit), bound: 'at most' };
}
