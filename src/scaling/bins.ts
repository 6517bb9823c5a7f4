/** Means of the points in one bin of x. */
export interface Bin {
  readonly x: number;
  readonly y: number;
  readonly count: number;
}

/**
 * Means of x and y in bins of equal width in x, empty bins left out: equal weight for every stretch of the
 * range, however many points lie in it (Savage et al. 2004, doi:10.1111/j.0269-8463.2004.00856.x, bin masses).
 */
export function binnedMeans(x: readonly number[], y: readonly number[], width: number): Bin[] {
  const bins = new Map<number, { x: number; y: number; count: number }>();
  x.forEach((value, i) => {
    const key = Math.floor(value / width);
    const bin = bins.get(key) ?? { x: 0, y: 0, count: 0 };
    bins.set(key, bin);
    bin.x += value;
    bin.y += y[i];
    bin.count++;
  });
  return [...bins]
    .sort(([a], [b]) => a - b)
    .map(([, bin]) => ({ x: bin.x / bin.count, y: bin.y / bin.count, count: bin.count }));
}
