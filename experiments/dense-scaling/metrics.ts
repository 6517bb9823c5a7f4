import type { Estimate } from '../../src/scaling/interval.js';
import type { Law } from './plan.js';

/** One trained network. Losses are mean squared error, or nats above the entropy of the source where it is known. */
export interface NetworkRow {
  task: string;
  law: Law;
  seed: number;
  hidden: string;
  parameters: number;
  examples: number;
  steps: number;
  flop: number;
  /** Test loss where validation was best, and at the end of training. */
  excess: number;
  excessAtEnd: number;
  bestStep: number;
}

/** An interval as JSON holds it: an end that is not bounded is null. */
export interface Bounded {
  value: number;
  low: number | null;
  high: number | null;
}

/** loss = E + A·x^-exponent. */
export interface LawRow {
  task: string;
  law: Law;
  /** Whether the floor was given (zero, or the entropy rate) or fitted. */
  floorIs: 'known' | 'fitted';
  exponent: Bounded;
  floor: Bounded;
  coefficient: number;
  /** Of log loss less floor on log size, floor known. */
  r2: number | null;
  /** Exponent of the theory, where there is one. */
  predicted: number | null;
}

export interface Metrics {
  /** Entropy rate of the text, nats a character, by two ways. */
  entropyRate: { closedForm: number; byStates: number };
  networks: NetworkRow[];
  laws: LawRow[];
}

export function bounded({ value, low, high }: Estimate): Bounded {
  const end = (x: number) => (Number.isFinite(x) ? x : null);
  return { value, low: end(low), high: end(high) };
}
