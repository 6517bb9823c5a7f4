/** Scaling laws: allometric lines, power laws with a floor, and what can honestly be said about them. */
export {
  type AllometricFit,
  type Direction,
  fitAllometry,
  invert,
  type MassesAndNeurons,
  type Prediction,
  predict,
} from './allometry.js';
export {
  CONFIDENCE,
  covers,
  type Estimate,
  estimate,
  type Interval,
  reciprocal,
  tCritical,
} from './interval.js';
export { fitLine, type Line, type LineMethod, leastSquares, reducedMajorAxis } from './line.js';
export { caveatsOf, errorAt, fitPowerLaw, type PowerLawFit, type SizedError } from './power-law.js';
export { bootstrapPowerLaw, type PowerLawDraw } from './power-law-bootstrap.js';
export { percentileInterval } from './quantile.js';
export { ratioOf } from './ratio.js';
