import type { Unit } from '../../src/energy/counts.js';
import type { Estimate } from '../../src/scaling/interval.js';

/** An estimate as JSON keeps it: null stands for an end that is not bounded. */
export interface Bounded {
  value: number;
  low: number | null;
  high: number | null;
}

export function bounded({ value, low, high }: Estimate): Bounded {
  return { value, low: Number.isFinite(low) ? low : null, high: Number.isFinite(high) ? high : null };
}

/** A clade and a mass, turned into hidden units. */
export interface BrainRow {
  clade: string;
  massG: number;
  neurons: number;
  neuronsLow: number;
  neuronsHigh: number;
  extrapolated: boolean;
  units: number;
}

/** A trained network. `clade` is 'reference' for those of published size. */
export interface NetworkRow {
  clade: string;
  massG: number | null;
  kind: 'spiking' | 'dense';
  seed: number;
  units: number;
  neurons: number;
  accuracy: number;
  /** Share of the test images that got a wrong label; half an image if none did, so that it has a logarithm. */
  error: number;
  /** Spikes an image, from inputs and hidden units; null for a dense network. */
  inputSpikes: number | null;
  hiddenSpikes: number | null;
  /** Synaptic events (spiking) or multiply-accumulates (dense) an image. */
  operations: number;
}

/** A spiking network that learnt under a plasticity policy, and the work of learning. */
export interface PlasticRow {
  clade: string;
  massG: number;
  units: number;
  policy: string;
  seed: number;
  accuracy: number;
  /** Images shown, and images learnt from. */
  samples: number;
  updates: number;
  /** Units of work (energy/counts.ts), whole units, those that were done. */
  counts: Partial<Record<Unit, number>>;
  /** M0 and M1 of the persistent weights. */
  writes: number;
  change: number;
}

/** error = floor + A·N^-alpha over the networks of one kind. */
export interface PowerLawRow {
  kind: 'spiking' | 'dense';
  floor: Bounded;
  coefficient: number;
  exponent: Bounded;
  /** What the points do not tell. */
  caveats: string[];
  /** Exponent of error in brain mass, -alpha/b, by clade. */
  inMass: { clade: string; exponent: Bounded }[];
}

/** A scaling rule, with all that is needed to draw and to judge it. */
export interface RuleRow {
  clade: string;
  name: string;
  structure: 'whole brain' | 'cortex or pallium';
  /** Whose mass, and which way the regression went. */
  relation: string;
  method: string;
  exponent: Bounded;
  slope: number;
  intercept: number;
  residualSd: number;
  r2: number;
  n: number;
  rangeLow: number;
  rangeHigh: number;
  /** Whether this is the rule that sized the networks. */
  sizes: boolean;
}

export interface SpeciesRow {
  clade: string;
  name: string;
  brainMassG: number;
  neurons: number;
  citation: string;
  doi: string;
}

/** A published exponent and what our fit of the same animals gives. */
export interface ExponentCheck {
  name: string;
  published: number;
  ours: number;
  tolerance: number;
  source: string;
}

export interface Metrics {
  rules: RuleRow[];
  species: SpeciesRow[];
  exponentChecks: ExponentCheck[];
  brains: BrainRow[];
  networks: NetworkRow[];
  /** Networks that learnt once more under policies (--plasticity); empty without it, absent in older runs. */
  plasticity?: PlasticRow[];
  powerLaws: PowerLawRow[];
  /** Why there is no power law for a kind, if there is none. */
  powerLawProblems: string[];
  data: { name: string; train: number; test: number };
}
