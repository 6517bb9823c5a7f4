/** The smallest value found of a function of one variable, and where. */
export interface Minimum {
  readonly at: number;
  readonly value: number;
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Minimises f on the points given (ascending), then refines between the neighbours of the best one by golden
 * section. Finds the global minimum if the points are dense enough to have one of them in its valley.
 *
 * @param steps halvings of the bracket by the golden ratio; 30 shrink it by 1e6
 */
export function minimise(f: (x: number) => number, points: readonly number[], steps = 30): Minimum {
  let best = 0;
  let bestValue = Number.POSITIVE_INFINITY;
  points.forEach((x, i) => {
    const value = f(x);
    if (value < bestValue) {
      best = i;
      bestValue = value;
    }
  });
  const refined = goldenSection(
    f,
    points[Math.max(0, best - 1)],
    points[Math.min(points.length - 1, best + 1)],
    steps,
  );
  return refined.value < bestValue ? refined : { at: points[best], value: bestValue };
}

function goldenSection(f: (x: number) => number, from: number, to: number, steps: number): Minimum {
  let low = from;
  let high = to;
  let left = high - GOLDEN * (high - low);
  let right = low + GOLDEN * (high - low);
  let fLeft = f(left);
  let fRight = f(right);
  for (let i = 0; i < steps; i++) {
    if (fLeft < fRight) {
      high = right;
      right = left;
      fRight = fLeft;
      left = high - GOLDEN * (high - low);
      fLeft = f(left);
    } else {
      low = left;
      left = right;
      fLeft = fRight;
      right = low + GOLDEN * (high - low);
      fRight = f(right);
    }
  }
  return fLeft < fRight ? { at: left, value: fLeft } : { at: right, value: fRight };
}

/**
 * A root of f between two points where it has different signs: regula falsi with the Illinois rule, which
 * halves the value of an end that stays, so that both ends close in.
 *
 * @param tolerance width of the bracket, relative to the one given, at which to stop
 */
export function rootBetween(f: (x: number) => number, from: number, to: number, tolerance = 1e-9): number {
  let a = from;
  let b = to;
  let fa = f(a);
  let fb = f(b);
  for (let i = 0; i < 100 && Math.abs(b - a) > tolerance * Math.abs(to - from); i++) {
    // An end whose value is not finite tells nothing about the slope: halve the bracket instead.
    const x = Number.isFinite(fa) && Number.isFinite(fb) ? (a * fb - b * fa) / (fb - fa) : (a + b) / 2;
    const fx = f(x);
    if (fx === 0) return x;
    if (fx > 0 !== fb > 0) {
      a = b;
      fa = fb;
    } else {
      fa /= 2;
    }
    b = x;
    fb = fx;
  }
  return b;
}

/** n numbers from `from` to `to`, evenly spaced. */
export function linspace(from: number, to: number, n: number): number[] {
  return Array.from({ length: n }, (_, i) => from + ((to - from) * i) / (n - 1));
}

/** n numbers from `from` to `to`, evenly spaced in their logarithms. */
export function logspace(from: number, to: number, n: number): number[] {
  return linspace(Math.log(from), Math.log(to), n).map(Math.exp);
}
