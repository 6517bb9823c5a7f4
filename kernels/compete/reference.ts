/**
 * Competitive plasticity (van Rossum & Pache 2024, doi:10.1371/journal.pcbi.1012553): of all proposed changes only
 * the largest are made.
 *
 * Ties: exactly the number asked for is kept. Of equal ones those of the lowest source come first, of one source
 * those of the lowest target. A change of zero is never kept.
 *
 * Changes are at index j·sources + i (source i, target j).
 */

/** Number kept of n: those above rank round((1-p)·(n-1)) in rising order, the one at it included. */
export function keptOf(n: number, fraction: number): number {
  return n - Math.round((1 - fraction) * (n - 1));
}

/** Which changes are among the `count` with the largest `measure`. */
export function largestOfLayer(measure: ArrayLike<number>, sources: number, count: number): boolean[] {
  const all = Array.from(measure, (_, k) => k).filter((k) => measure[k] !== 0);
  const source = (k: number) => k % sources;
  all.sort((a, b) => measure[b] - measure[a] || source(a) - source(b) || a - b);
  const kept = new Set(all.slice(0, count));
  return Array.from(measure, (_, k) => kept.has(k));
}

/** The same within each target: its `count` largest. */
export function largestOfNeuron(measure: ArrayLike<number>, sources: number, count: number): boolean[] {
  const kept: boolean[] = [];
  for (let start = 0; start < measure.length; start += sources) {
    const row = Array.from({ length: sources }, (_, i) => measure[start + i]);
    kept.push(...largestOfLayer(row, sources, count));
  }
  return kept;
}
