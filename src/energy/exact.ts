/**
 * Exact energies. A price is a double, so a whole number over a power of two; a count is a whole number. Their
 * products and sums are therefore exact in whole multiples of 2^-128 fJ, and are rounded once, when shown.
 */
const FRACTION_BITS = 128;

/** Low, value and high of one energy, in units of 2^-128 fJ. */
export interface ExactEnergy {
  readonly value: bigint;
  readonly low: bigint;
  readonly high: bigint;
}

/** Low, value and high of one energy, rounded to doubles. */
export interface EnergyFj {
  valueFj: number;
  lowFj: number;
  highFj: number;
}

export const NO_ENERGY: ExactEnergy = { value: 0n, low: 0n, high: 0n };

/**
 * A price in units of 2^-128 fJ, without rounding. Prices of at least 2^-52 fJ are whole multiples of 2^-104 fJ,
 * so that even a quantum (2^-24) of one comes out whole.
 */
export function exactFj(priceFj: number): bigint {
  return BigInt(priceFj * 2 ** 104) << 24n;
}

/** The nearest double, in fJ. */
export function toFj(exact: bigint): number {
  return Number(exact) * 2 ** -FRACTION_BITS;
}

export function addExact(a: ExactEnergy, b: ExactEnergy): ExactEnergy {
  return { value: a.value + b.value, low: a.low + b.low, high: a.high + b.high };
}

export function timesExact(energy: ExactEnergy, count: bigint): ExactEnergy {
  return { value: energy.value * count, low: energy.low * count, high: energy.high * count };
}
