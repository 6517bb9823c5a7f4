/** Cross-entropy of a model of N parameters in nats, (c/N)^a; c is the size at which it is one nat. */
export function crossEntropy(size: number, c: number, a: number): number {
  return (c / size) ** a;
}

/** Per-token success of a model whose cross-entropy is that power law: p = exp(-(c/N)^a). */
export function tokenSuccess(size: number, c: number, a: number): number {
  return Math.exp(-crossEntropy(size, c, a));
}

/** Size at which an answer of L tokens, all of which must be right, succeeds with a given share: p^L = share. */
export function sizeForExactMatch(share: number, length: number, c: number, a: number): number {
  return c * (length / -Math.log(share)) ** (1 / a);
}

/** Decades of size from one share of exact matches to another. With a power-law cross-entropy the length drops out. */
export function exactMatchWidthDecades(from: number, to: number, a: number): number {
  return Math.log10(Math.log(from) / Math.log(to)) / a;
}

/** The same width where p is linear in log N instead: proportional to to^(1/L) - from^(1/L). */
export function linearWidth(from: number, to: number, length: number): number {
  return to ** (1 / length) - from ** (1 / length);
}

/** Per-token success below which a test of n answers of L tokens is expected to show less than one success. */
export function resolutionLimit(items: number, length: number): number {
  return items ** (-1 / length);
}
