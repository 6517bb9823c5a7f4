import {
  type Clade,
  fitClade,
  massOf,
  membersOf,
  neuronsOf,
  type Species,
  type Structure,
  speciesNamed,
  structureName,
} from '../../models/brains/index.js';
import { GROUPS, REFITS, readPublishedExponents } from '../../models/brains/published.js';
import { invert, predict } from '../../src/scaling/index.js';

const MACAQUES = ['crab-eating macaque', 'bonnet macaque', 'rhesus macaque'];

export function speciesOf(table: readonly Species[], clade: Clade, structure: Structure) {
  return membersOf(table, clade)
    .map((row) => ({
      clade: clade.name,
      species: row.common_name,
      massG: massOf(row, structure),
      neurons: neuronsOf(row, structure),
      citation: row.citation,
    }))
    .filter(({ massG, neurons }) => massG !== null && neurons !== null);
}

export function ruleOf(table: readonly Species[], clade: Clade, structure: Structure) {
  const { fit } = fitClade(table, clade, structure);
  const rma = fitClade(table, clade, structure, { method: 'reduced major axis' }).fit;
  return {
    clade: clade.name,
    structure: structureName(structure, clade.animals),
    n: fit.line.n,
    b: fit.exponent.value,
    low: fit.exponent.low,
    high: fit.exponent.high,
    log10k: fit.line.intercept.value,
    r2: fit.line.r2,
    residualSd: fit.line.residualSd,
    rmaB: rma.exponent.value,
    smallest: fit.range.low,
    largest: fit.range.high,
  };
}

export type Rule = ReturnType<typeof ruleOf>;

export function lineOf(table: readonly Species[], clade: Clade, structure: Structure) {
  const { fit } = fitClade(table, clade, structure);
  return [fit.range.low, fit.range.high].map((neurons) => ({
    clade: clade.name,
    neurons,
    massG: predict(fit, neurons).value,
  }));
}

export function refits(table: readonly Species[]) {
  return readPublishedExponents()
    .filter(({ id }) => REFITS[id] !== undefined)
    .map((row) => {
      const { group, structure } = REFITS[row.id];
      const { fit } = fitClade(table, group, structure);
      return {
        id: row.id,
        animals: group.name,
        structure: structureName(structure, group.animals),
        published: Number(row.exponent_b),
        publishedSe: row.uncertainty_type === 'SE' ? Number(row.uncertainty) : null,
        refit: fit.exponent.value,
        refitSe: fit.line.slopeSe,
        match: row.agreement.startsWith('exact') ? 'exact' : 'other',
        citation: `${row.citation}, doi:${row.doi}`,
        note: row.notes,
      };
    });
}

export function humanFrom(table: readonly Species[]) {
  const human = speciesNamed(table, 'human');
  const rules: [string, Clade][] = [
    ['10 primates', GROUPS.primateWithoutHuman],
    ['9, no mouse lemur', GROUPS.primateWithoutBoth],
    ['8 simians', GROUPS.simianWithoutHuman],
  ];
  return rules.flatMap(([rule, group]) =>
    (['brain', 'cortex'] as const).map((structure) => {
      const massG = massOf(human, structure)!;
      const direct = predict(fitClade(table, group, structure, { direction: 'neurons on mass' }).fit, massG);
      const axis = invert(fitClade(table, group, structure, { method: 'reduced major axis' }).fit, massG);
      return {
        rule,
        structure: structureName(structure, 'Mammalia'),
        direct: direct.value / 1e9,
        low: direct.interval!.low / 1e9,
        high: direct.interval!.high / 1e9,
        majorAxis: axis.value / 1e9,
        inverted: invert(fitClade(table, group, structure).fit, massG).value / 1e9,
        counted: neuronsOf(human, structure)! / 1e9,
      };
    }),
  );
}

export function pairs(table: readonly Species[]) {
  return ['capybara', 'blue and yellow macaw', 'raven'].flatMap((animal) =>
    MACAQUES.map((macaque) => {
      const [ours, theirs] = [animal, macaque].map((name) => speciesNamed(table, name));
      return {
        animal,
        macaque,
        neuronRatio: neuronsOf(ours, 'cortex')! / neuronsOf(theirs, 'cortex')!,
        massRatio: massOf(ours, 'brain')! / massOf(theirs, 'brain')!,
      };
    }),
  );
}
