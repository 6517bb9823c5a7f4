import {
  type Brain,
  brainOf,
  fitClade,
  massOf,
  neuronsOf,
  type ScalingRule,
  type Species,
  type Structure,
  unitsOf,
} from '../../models/brains/index.js';
import { REFITS, readPublishedExponents } from '../../models/brains/published.js';
import type { LineMethod } from '../../src/scaling/line.js';
import { type BrainRow, bounded, type ExponentCheck, type RuleRow, type SpeciesRow } from './metrics.js';

const METHODS: readonly LineMethod[] = ['least squares', 'reduced major axis'];

/** Every rule of a clade that the report shows: brain and cortex, both lines, both directions. */
export function rulesOf({ clade, rule: sizing, structureRule }: Brain, table: readonly Species[]): RuleRow[] {
  const shown: RuleRow[] = [row(sizing, true)];
  for (const method of METHODS) {
    shown.push(row(fitClade(table, structureRule.clade, 'cortex', { method }), false));
    shown.push(row(fitClade(table, clade, 'brain', { method }), false));
  }
  shown.push(row(fitClade(table, clade, 'brain', { direction: 'neurons on mass' }), false));
  return shown;
}

function row({ clade, structure, massOf, fit, species }: ScalingRule, sizes: boolean): RuleRow {
  const mass = massOf === structure ? 'mass' : 'brain mass';
  return {
    clade: clade.id,
    name: clade.name,
    structure: structure === 'brain' ? 'whole brain' : 'cortex or pallium',
    relation: fit.direction === 'mass on neurons' ? `${mass} on neurons` : `neurons on ${mass}`,
    method: fit.method,
    exponent: bounded(fit.exponent),
    slope: fit.line.slope.value,
    intercept: fit.line.intercept.value,
    residualSd: fit.line.residualSd,
    r2: fit.line.r2,
    n: species.length,
    rangeLow: fit.range.low,
    rangeHigh: fit.range.high,
    sizes,
  };
}

/** The animals that the sizing rule of a clade rests on. */
export function speciesOf({ clade, rule }: Brain): SpeciesRow[] {
  return rule.species.map((animal) => ({
    clade: clade.id,
    name: animal.common_name || animal.species,
    brainMassG: massOf(animal, 'brain')!,
    neurons: neuronsOf(animal, 'cortex')!,
    citation: animal.citation,
    doi: animal.doi,
  }));
}

/** A clade and masses as hidden units of networks. */
export function brainRows(
  clade: string,
  massesG: readonly number[],
  neuronsPerUnit: number,
  table: Species[],
): BrainRow[] {
  return massesG.map((massG) => {
    const brain = brainOf(clade, massG, table);
    const { value, interval, extrapolated } = brain.neurons;
    return {
      clade: brain.clade.id,
      massG,
      neurons: value,
      neuronsLow: interval?.low ?? Number.NaN,
      neuronsHigh: interval?.high ?? Number.NaN,
      extrapolated,
      units: unitsOf(brain, neuronsPerUnit),
    };
  });
}

/** Published exponents that a refit of the same animals must give again: those marked exact in the table. */
export function exponentChecks(table: readonly Species[]): ExponentCheck[] {
  return readPublishedExponents()
    .filter(
      ({ id, agreement, exponent_b }) => agreement.startsWith('exact') && id in REFITS && exponent_b !== '',
    )
    .map(({ id, clade, structure, exponent_b, citation, doi }) => {
      const { group, structure: refitted } = REFITS[id];
      return {
        name: `Exponent of ${structure}, ${clade} (${id})`,
        published: Number(exponent_b),
        ours: fitClade(table, group, refitted as Structure).fit.line.slope.value,
        tolerance: 0.005,
        source: `${citation}${doi ? `, doi ${doi}` : ''}`,
      };
    });
}
