import { type Prediction, predict } from '../../src/scaling/allometry.js';
import type { Estimate } from '../../src/scaling/interval.js';
import { UsageError } from '../../src/util/errors.js';
import { type Clade, cladeOf } from './clades.js';
import { fitClade, type ScalingRule } from './rule.js';
import { readSpecies, type Species } from './species.js';

/** A brain of a given mass as its clade would build it. */
export interface Brain {
  readonly clade: Clade;
  readonly brainMassG: number;
  /** Neurons of the cortex (mammals) or pallium (birds), with the 95 % interval for one more species. */
  readonly neurons: Prediction;
  /**
   * b of brain mass ∝ cortical neurons^b: an error that falls as neurons^-alpha falls with brain mass as
   * mass^(-alpha/b). One over the slope of the rule below.
   */
  readonly exponent: Estimate;
  /** What the neurons were predicted with: neurons of the cortex on mass of the whole brain. */
  readonly rule: ScalingRule;
  /** The published kind of rule for comparison: mass of the cortex on its own neurons. */
  readonly structureRule: ScalingRule;
}

/**
 * The cortical or pallial neurons that a clade's own rule gives to a brain of that mass: the direct regression
 * of log neurons of the structure on log brain mass, by least squares over the counted species.
 *
 * @throws UsageError if the clade does not exist or the mass is not positive
 */
export function brainOf(clade: string | Clade, brainMassG: number, table = shippedTable()): Brain {
  const known = typeof clade === 'string' ? cladeOf(clade) : clade;
  if (!(brainMassG > 0 && Number.isFinite(brainMassG))) {
    throw new UsageError(`${brainMassG} g is no brain mass`, 'brain mass', 'Give grams greater than 0.');
  }
  const rule = fitClade(table, known, 'cortex', { massOf: 'brain', direction: 'neurons on mass' });
  return {
    clade: known,
    brainMassG,
    neurons: predict(rule.fit, brainMassG),
    exponent: rule.fit.exponent,
    rule,
    structureRule: fitClade(table, known, 'cortex'),
  };
}

/**
 * Hidden units of a network that stands for a brain: one unit for each `neuronsPerUnit` neurons, at least one.
 *
 * @throws UsageError if neuronsPerUnit is not positive
 */
export function unitsOf(brain: Brain, neuronsPerUnit: number): number {
  if (!(neuronsPerUnit > 0 && Number.isFinite(neuronsPerUnit))) {
    throw new UsageError(
      `${neuronsPerUnit} neurons cannot stand behind one unit`,
      'neuronsPerUnit',
      'Give a number greater than 0.',
    );
  }
  return Math.max(1, Math.round(brain.neurons.value / neuronsPerUnit));
}

let cached: Species[] | undefined;

function shippedTable(): Species[] {
  cached ??= readSpecies();
  return cached;
}
