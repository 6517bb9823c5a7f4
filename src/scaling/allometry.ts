import { RunError } from '../util/errors.js';
import { type Estimate, type Interval, reciprocal } from './interval.js';
import { fitLine, inverseAt, type Line, type LineMethod, predictionInterval, valueAt } from './line.js';

/** Which variable is the response. The two regressions of one cloud have different slopes. */
export type Direction = 'mass on neurons' | 'neurons on mass';

/** Masses and neuron counts of the same animals, both positive. */
export interface MassesAndNeurons {
  readonly massG: readonly number[];
  readonly neurons: readonly number[];
}

/** mass = k · neurons^b, fitted on log10 of both, with what is needed to use it honestly. */
export interface AllometricFit {
  readonly direction: Direction;
  readonly method: LineMethod;
  /** The line in log10 units: response on predictor, as `direction` says. */
  readonly line: Line;
  /** b of mass = k · neurons^b: the slope, or one over it when neurons were regressed on mass. */
  readonly exponent: Estimate;
  /** Range of the predictor that the fit rests on: neurons, or grams. */
  readonly range: Interval;
}

/** A value read off a fit. */
export interface Prediction {
  readonly value: number;
  /** 95 % interval for one more animal; null where the method gives none (reduced major axis). */
  readonly interval: Interval | null;
  /** The predictor lies outside the range of the fit. */
  readonly extrapolated: boolean;
}

/**
 * Fits mass = k · neurons^b in log10-log10 coordinates.
 * No phylogeny enters: animals count as independent, so the intervals are optimistic.
 *
 * @throws RunError if a value is not positive, or there are fewer than three animals
 */
export function fitAllometry(
  { massG, neurons }: MassesAndNeurons,
  { direction = 'mass on neurons', method = 'least squares' }: { direction?: Direction; method?: LineMethod },
): AllometricFit {
  const logMass = massG.map(log10);
  const logNeurons = neurons.map(log10);
  const massOnNeurons = direction === 'mass on neurons';
  const line = massOnNeurons ? fitLine(method, logNeurons, logMass) : fitLine(method, logMass, logNeurons);
  const predictor = massOnNeurons ? neurons : massG;
  return {
    direction,
    method,
    line,
    exponent: massOnNeurons ? line.slope : reciprocal(line.slope),
    range: { low: Math.min(...predictor), high: Math.max(...predictor) },
  };
}

/**
 * The response at a value of the predictor: grams at a number of neurons, or neurons at a mass in grams,
 * as the fit's direction says. The value is the median of the animals expected there, not their mean.
 */
export function predict(fit: AllometricFit, predictor: number): Prediction {
  const x = log10(predictor);
  return {
    value: 10 ** valueAt(fit.line, x),
    interval: exponentiated(predictionInterval(fit.line, x)),
    extrapolated: outside(fit.range, predictor),
  };
}

/**
 * The predictor at which the fitted line reaches a response: the line read backwards. This is not the
 * regression in the other direction, and it gives a higher number than that one beyond the mean.
 * The interval holds every predictor whose prediction interval holds the response.
 */
export function invert(fit: AllometricFit, response: number): Prediction {
  const { value, interval } = inverseAt(fit.line, log10(response));
  return {
    value: 10 ** value,
    interval: exponentiated(interval),
    extrapolated: outside(fit.range, 10 ** value),
  };
}

function log10(value: number): number {
  if (!(value > 0 && Number.isFinite(value)))
    throw new RunError(`an allometric fit takes positive numbers, not ${value}`);
  return Math.log10(value);
}

function exponentiated(interval: Interval | null): Interval | null {
  return interval && { low: 10 ** interval.low, high: 10 ** interval.high };
}

/** The ends of a range belong to it: they are the smallest and the largest animal. */
function outside({ low, high }: Interval, value: number): boolean {
  const slack = 1e-12;
  return value < low * (1 - slack) || value > high * (1 + slack);
}
