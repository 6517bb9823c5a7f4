import type { Estimate } from './interval.js';

/**
 * The ratio of two positive, independent estimates, with its 95 % interval: distances to the ends of the two
 * intervals, in logarithms, added in quadrature on each side (method of variance estimates recovery; Zou &
 * Donner 2008, Stat Med 27:1693, doi:10.1002/sim.3095). Skewed intervals stay skewed.
 *
 * With error ∝ neurons^-alpha and mass ∝ neurons^b, ratioOf(alpha, b) is the exponent of error in mass.
 */
export function ratioOf(numerator: Estimate, denominator: Estimate): Estimate {
  const value = numerator.value / denominator.value;
  const down = Math.hypot(
    logDistance(numerator.low, numerator.value),
    logDistance(denominator.value, denominator.high),
  );
  const up = Math.hypot(
    logDistance(numerator.value, numerator.high),
    logDistance(denominator.low, denominator.value),
  );
  return { value, low: value * Math.exp(-down), high: value * Math.exp(up) };
}

/** An end at or below zero, or at infinity, is infinitely far: the ratio is then unbounded on that side. */
function logDistance(from: number, to: number): number {
  return from <= 0 ? Number.POSITIVE_INFINITY : Math.log(to / from);
}
