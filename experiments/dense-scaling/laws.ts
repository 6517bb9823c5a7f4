import { fitPowerLaw, leastSquares, type SizedError } from '../../src/scaling/index.js';
import { bounded, type LawRow, type NetworkRow } from './metrics.js';
import { LAWS, type Law } from './plan.js';

/** What an axis counts. */
export const SIZE_OF: Record<Law, (network: NetworkRow) => number> = {
  N: ({ parameters }) => parameters,
  D: ({ examples }) => examples,
  C: ({ flop }) => flop,
};

/** The networks of a law and task as points of a fit. */
function pointsOfLaw(networks: readonly NetworkRow[], task: string, law: Law, floor = 0): SizedError[] {
  return networks
    .filter((network) => network.task === task && network.law === law)
    .map((network) => ({ size: SIZE_OF[law](network), error: floor + network.excess }));
}

/**
 * Every law of every task, once with the floor that is known (not for digits) and once with a fitted one.
 *
 * @param entropyRate the floor of the text
 */
export function lawsOf(networks: readonly NetworkRow[], entropyRate: number): LawRow[] {
  return [...new Set(networks.map(({ task }) => task))].flatMap((task) =>
    LAWS.flatMap((law) => {
      const floor = task === 'text' ? entropyRate : 0;
      const points = pointsOfLaw(networks, task, law, floor);
      const known = task === 'digits' ? [] : [lawRow(task, law, points, floor)];
      return [...known, lawRow(task, law, points)];
    }),
  );
}

function lawRow(task: string, law: Law, points: readonly SizedError[], floor?: number): LawRow {
  // The floor is taken away first: a law without one has a closed form, and shows how straight the line is.
  const above = points.map(({ size, error }) => ({ size, error: error - (floor ?? 0) }));
  const fit = floor === undefined ? fitPowerLaw(points) : fitPowerLaw(above, { floor: 0 });
  const line = leastSquares(
    above.map(({ size }) => Math.log(size)),
    above.map(({ error }) => Math.log(error)),
  );
  return {
    task,
    law,
    floorIs: floor === undefined ? 'fitted' : 'known',
    exponent: bounded(fit.exponent),
    floor: floor === undefined ? bounded(fit.floor) : { value: floor, low: floor, high: floor },
    coefficient: fit.coefficient,
    r2: floor === undefined ? null : line.r2,
    predicted: predictedExponent(task, law),
  };
}

/**
 * 4/d in N and in D for a piecewise-linear learner of a smooth function of d variables (Sharma & Kaplan 2022; Bahri
 * et al. 2024). Where both hold, L = N^-a + D^-a with C ∝ N·D is least at N ∝ D ∝ √C: a/2 in C.
 */
export function predictedExponent(task: string, law: Law): number | null {
  const dimensions = /d = (\d+)/.exec(task)?.[1];
  if (dimensions === undefined) return null;
  return (law === 'C' ? 2 : 4) / Number(dimensions);
}

/** The law of a task with its floor known, where it is; else with the fitted one. */
export function mainLaw(laws: readonly LawRow[], task: string, law: Law): LawRow {
  const rows = laws.filter((row) => row.task === task && row.law === law);
  return rows.find(({ floorIs }) => floorIs === 'known') ?? rows[0];
}
