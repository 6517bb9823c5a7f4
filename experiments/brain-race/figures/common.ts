import type { RuleRow } from '../metrics.js';
import type { Kind, View } from '../view.js';

export const KINDS: readonly Kind[] = ['spiking', 'dense'];
export const COLOUR = { legend: true, type: 'categorical' } as const;

/** Neurons are drawn in millions. */
export const MILLION = 1e6;

/** The rule of each clade by which the networks were sized. */
export const sizingRules = ({ metrics }: View): RuleRow[] => metrics.rules.filter(({ sizes }) => sizes);

export const neuronsAt = ({ slope, intercept }: RuleRow, massG: number) =>
  10 ** (intercept + slope * Math.log10(massG));

/** Numbers from `low` to `high`, evenly on a logarithmic axis. */
export function logarithmic(low: number, high: number, n = 40): number[] {
  return Array.from({ length: n + 1 }, (_, i) => low * (high / low) ** (i / n));
}
