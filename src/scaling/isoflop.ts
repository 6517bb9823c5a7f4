import { fitParabola, vertexOf } from './curvature.js';
import { leastSquares } from './line.js';
import { FLOP_PER_PARAMETER_TOKEN } from './loss-law.js';
import type { LossPoint } from './loss-law-objective.js';

/** Runs of about one training budget, and the model size at which their losses are lowest. */
export interface IsoflopCurve {
  /** Geometric mean of the budgets in the bin. */
  readonly flop: number;
  /** Loss as a parabola in log10 parameters: a + b·x + c·x². */
  readonly coefficients: readonly [number, number, number];
  readonly bestParameters: number;
  readonly tokensPerParameter: number;
  readonly points: readonly LossPoint[];
}

/** The nine training budgets of Hoffmann et al. 2022, fig. 3, in FLOP. */
export const ISOFLOP_BUDGETS = [6e18, 1e19, 3e19, 6e19, 1e20, 3e20, 6e20, 1e21, 3e21];

/**
 * Approach 2: in each bin of training budget the loss is a parabola in log10 N; its vertex is the best model.
 * Bins with fewer than five runs, or a parabola without a lowest point, are left out.
 *
 * @param halfWidth of a bin, in log10 of FLOP
 */
export function isoflopCurves(
  points: readonly LossPoint[],
  { budgets = ISOFLOP_BUDGETS, halfWidth = 0.08 } = {},
): IsoflopCurve[] {
  return budgets.flatMap((budget) => {
    const bin = points.filter((point) => Math.abs(Math.log10(flopOf(point) / budget)) < halfWidth);
    if (bin.length < 5) return [];
    const parabola = fitParabola(
      bin.map(({ parameters }) => Math.log10(parameters)),
      bin.map(({ loss }) => loss),
    );
    if (!(parabola.curvature.value > 0)) return [];
    const flop = 10 ** (bin.reduce((sum, point) => sum + Math.log10(flopOf(point)), 0) / bin.length);
    const bestParameters = 10 ** vertexOf(parabola);
    const tokensPerParameter = flop / FLOP_PER_PARAMETER_TOKEN / bestParameters ** 2;
    return [{ flop, coefficients: parabola.coefficients, bestParameters, tokensPerParameter, points: bin }];
  });
}

/** a of N ∝ C^a through the best models, with its 95 % interval. */
export function isoflopExponent(curves: readonly IsoflopCurve[]) {
  return leastSquares(
    curves.map(({ flop }) => Math.log10(flop)),
    curves.map(({ bestParameters }) => Math.log10(bestParameters)),
  ).slope;
}

/** 6·N·D */
export function flopOf({ parameters, tokens }: LossPoint): number {
  return FLOP_PER_PARAMETER_TOKEN * parameters * tokens;
}
