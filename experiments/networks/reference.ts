import { mean } from 'simple-statistics';
import type { Claim } from '../../src/experiment/define.js';
import type { Replicate, Stretch } from './replicates.js';

/** Rates and irregularity that NEST 3.10, GeNN 5.4 and Brian2 2.5.1 agree on: mean ± sd over realisations. */
export interface Reference {
  /** The stretch for which they were measured. */
  stretch: Stretch;
  rateHz: Record<string, readonly [mean: number, sd: number]>;
  cvIsi?: Record<string, readonly [mean: number, sd: number]>;
}

export const REFERENCES = {
  brunel: {
    stretch: { warmupMs: 200, ms: 1000 },
    rateHz: { E: [32.05, 0.12], I: [32.12, 0.09] },
    cvIsi: { E: [0.173, 0.001], I: [0.174, 0.001] },
  },
  cuba: {
    stretch: { warmupMs: 200, ms: 2000 },
    rateHz: { E: [5.65, 0.25], I: [5.6, 0.1] },
    cvIsi: { E: [0.604, 0.01], I: [0.605, 0.01] },
  },
  microcircuit: {
    stretch: { warmupMs: 500, ms: 2000 },
    rateHz: {
      L23E: [0.47, 0.03],
      L23I: [2.12, 0.03],
      L4E: [4.0, 0.05],
      L4I: [5.02, 0.03],
      L5E: [6.7, 0.3],
      L5I: [7.79, 0.06],
      L6E: [0.85, 0.03],
      L6I: [7.01, 0.03],
    },
  },
} satisfies Record<string, Reference>;

const SOURCE =
  'NEST 3.10, GeNN 5.4 and Brian2 2.5.1, which agree within this; tolerance 4 sd over realisations';

/**
 * Claims that rates (and, measured for as long, CVs) are those of the established simulators. The tolerance is four
 * standard deviations of one realisation (wider for a shorter stretch, by the root of the times), for the mean over
 * `replicates`, and as much again for a reference that is itself a mean over ten.
 */
export function referenceClaims(
  { stretch, rateHz, cvIsi = {} }: Reference,
  replicates: readonly Replicate[],
  { ms }: Stretch,
): Claim[] {
  const shorter = Math.max(1, stretch.ms / ms);
  const tolerance = (sd: number, times: number) => 4 * sd * Math.sqrt(times / replicates.length + 1 / 10);
  const meanOf = (population: string, key: 'rateHz' | 'cvIsi') =>
    mean(replicates.map(({ populations }) => populations.find(({ name }) => name === population)![key] ?? 0));
  const rates = Object.entries(rateHz).map(([population, [expected, sd]]) => ({
    name: `Rate of ${population}`,
    value: meanOf(population, 'rateHz'),
    expected,
    tolerance: tolerance(sd, shorter),
    unit: 'Hz',
    source: SOURCE,
  }));
  if (ms !== stretch.ms) return rates;
  const cvs = Object.entries(cvIsi).map(([population, [expected, sd]]) => ({
    name: `CV of intervals of ${population}`,
    value: meanOf(population, 'cvIsi'),
    expected,
    tolerance: tolerance(sd, 1),
    source: SOURCE,
  }));
  return [...rates, ...cvs];
}
