/**
 * Share of the 2^P dichotomies of P points in general position in n dimensions that a plane through the origin
 * can make: 2^(1-P)·Σ_{k<n} binomial(P - 1, k). One half at P = 2n (Cover 1965, doi:10.1109/PGEC.1965.264137).
 */
export function coverShare(patterns: number, dimensions: number): number {
  return 2 ** (logCoverNumber(patterns, dimensions) - patterns);
}

/** Upper bound for B branches of n inputs each: C(P, n)^B/2^P, at most 1. */
export function committeeBound(patterns: number, dimensions: number, branches: number): number {
  return Math.min(1, 2 ** (branches * logCoverNumber(patterns, dimensions) - patterns));
}

/** log2 of the number of dichotomies. */
function logCoverNumber(patterns: number, dimensions: number): number {
  let [term, sum] = [1, 0];
  for (let k = 0; k < Math.min(dimensions, patterns); k++) {
    sum += term;
    term *= (patterns - 1 - k) / (k + 1);
  }
  return 1 + Math.log2(sum);
}
