import { stream } from '../../src/index.js';
import { committeeBound, coverShare } from './cover.js';

/** Branches of two inputs each: few enough weights that every setting can be tried. */
const BRANCHES = 3;
const INPUTS = 2;
/** Patterns are the bits of a number. */
const MOST_PATTERNS = 30;

/**
 * All dichotomies of points in the plane by lines through the origin, as bits (1: on the positive side). Turning
 * the line once round changes one bit whenever it passes a point or its mirror image: 2P dichotomies.
 */
export function planeDichotomies(points: readonly (readonly [number, number])[]): number[] {
  const crossings = points
    .flatMap(([x, y]) => [Math.atan2(y, x) + Math.PI / 2, Math.atan2(y, x) - Math.PI / 2])
    .map((angle) => (angle + 2 * Math.PI) % (2 * Math.PI))
    .sort((a, b) => a - b);
  return crossings.map((angle, i) => {
    const next = crossings[i + 1] ?? crossings[0] + 2 * Math.PI;
    const [wx, wy] = [Math.cos((angle + next) / 2), Math.sin((angle + next) / 2)];
    return points.reduce((bits, [x, y], p) => (wx * x + wy * y > 0 ? bits | (1 << p) : bits), 0);
  });
}

/** Whether the majority of three branches can be the target for any weights, each branch with its dichotomies. */
export function canRepresent(branches: readonly (readonly number[])[], target: number): boolean {
  const [first, second, third] = branches;
  return first.some((a) => second.some((b) => third.some((c) => ((a & b) | (a & c) | (b & c)) === target)));
}

/**
 * Share of random dichotomies that three branches of two inputs can make at all, found by trying every setting of
 * the weights, beside Cover's share for a point neuron with the same six inputs.
 */
export function exactShare(load: number, trials: number, seed: number) {
  const patterns = Math.round(load * BRANCHES * INPUTS);
  const random = stream(seed, `exact/${load}`);
  let made = 0;
  for (let trial = 0; trial < trials; trial++) {
    const branches = Array.from({ length: BRANCHES }, () =>
      planeDichotomies(
        Array.from({ length: patterns }, (): [number, number] => [random.normal(), random.normal()]),
      ),
    );
    const target = Math.floor(random.uniform() * 2 ** patterns);
    if (canRepresent(branches, target)) made++;
  }
  return {
    load,
    patterns,
    branches: made / trials,
    point: coverShare(patterns, BRANCHES * INPUTS),
    bound: committeeBound(patterns, INPUTS, BRANCHES),
  };
}

/** Exact shares at the loads whose patterns can be written as bits. */
export function exactShares(loads: readonly number[], trials: number, seed: number) {
  return loads
    .filter((load) => load * BRANCHES * INPUTS <= MOST_PATTERNS)
    .map((load) => exactShare(load, trials, seed));
}
