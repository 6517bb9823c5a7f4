/**
 * Scaling laws, as the library `femtospike/scaling`: allometric lines (least squares and reduced major axis, both
 * directions), power laws with a floor, L(N, D) of language models, and the intervals, bootstraps and caveats
 * that say what can honestly be read off them.
 *
 * ```ts
 * const fit = fitPowerLaw([{ size: 100, error: 0.09 }, …]);   // E + A·N^-alpha, profile intervals
 * fit.exponent;                                               // { value, low, high }
 * caveatsOf(fit);                                             // what the points do not tell
 * ratioOf(fit.exponent, brain.exponent);                      // alpha/b: error against brain mass
 * ```
 */
export {
  type AllometricFit,
  type Direction,
  fitAllometry,
  invert,
  type MassesAndNeurons,
  type Prediction,
  predict,
} from './allometry.js';
export { type Bin, binnedMeans } from './bins.js';
export { fitParabola, type Parabola, slopeOf, vertexOf } from './curvature.js';
export {
  bootstrapGrowth,
  type DataFuture,
  doublingMonths,
  drawFutures,
  drawLogNormal,
  type LogNormalInterval,
  STOCK_PRIORS,
} from './data-stock.js';
export {
  EMBEDDING_FACTOR,
  type FrontierPoint,
  frontierAtBudget,
  frontierPoint,
  frontierSlope,
  ladderSlope,
  totalParameters,
} from './embedding.js';
export {
  CONFIDENCE,
  covers,
  type Estimate,
  estimate,
  type Interval,
  reciprocal,
  tCritical,
} from './interval.js';
export { flopOf, ISOFLOP_BUDGETS, type IsoflopCurve, isoflopCurves, isoflopExponent } from './isoflop.js';
export { fitLine, type Line, type LineMethod, leastSquares, reducedMajorAxis } from './line.js';
export {
  type Allocation,
  computeOptimal,
  FLOP_PER_PARAMETER_TOKEN,
  LOSS_LAWS,
  type LossLaw,
  lossAt,
  parameterExponent,
} from './loss-law.js';
export {
  bootstrapLossLaw,
  fitLeastAbsolute,
  fitLossLaw,
  fitStoppedEarly,
  type LossLawFit,
  type LossLawOptions,
  objectiveOf,
} from './loss-law-fit.js';
export type { LossPoint } from './loss-law-objective.js';
export { linspace, logspace, minimise, rootBetween } from './minimise-1d.js';
export {
  cheapestToServe,
  cheapestTraining,
  FLOP_PER_PARAMETER_TOKEN_SERVED,
  overtrainingPenalty,
  type ServedModel,
  tokensToReach,
} from './overtraining.js';
export { caveatsOf, errorAt, fitPowerLaw, type PowerLawFit, type SizedError } from './power-law.js';
export { bootstrapPowerLaw, type PowerLawDraw } from './power-law-bootstrap.js';
export { percentileInterval } from './quantile.js';
export { ratioOf } from './ratio.js';
