import jstat from 'jstat';

/** A closed interval; an end may be infinite. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** A number with the interval that covers its true value with the stated confidence. */
export interface Estimate extends Interval {
  readonly value: number;
}

/** The confidence of every interval of this project that does not state another. */
export const CONFIDENCE = 0.95;

/**
 * Half-width of a two-sided interval in standard errors: the (1 + confidence)/2 quantile of Student's t.
 * From jstat, whose quantiles agree with published tables to seven digits.
 */
export function tCritical(degreesOfFreedom: number, confidence = CONFIDENCE): number {
  return jstat.studentt.inv((1 + confidence) / 2, degreesOfFreedom);
}

/** value ± halfWidth. */
export function estimate(value: number, halfWidth: number): Estimate {
  return { value, low: value - halfWidth, high: value + halfWidth };
}

/** The estimate of 1/x. An interval of x that holds zero leaves 1/x unbounded. */
export function reciprocal({ value, low, high }: Estimate): Estimate {
  if (low <= 0 && high >= 0)
    return { value: 1 / value, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  return { value: 1 / value, low: 1 / high, high: 1 / low };
}

/** Whether x lies in the interval. */
export function covers({ low, high }: Interval, x: number): boolean {
  return x >= low && x <= high;
}
