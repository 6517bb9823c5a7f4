import * as Plot from '@observablehq/plot';
import {
  CLADES,
  type Clade,
  cladeOf,
  fitClade,
  massOf,
  membersOf,
  neuronRatioAtMass,
  neuronsOf,
  readSpecies,
  type Species,
  STRUCTURES,
  type Structure,
  speciesNamed,
  structureName,
} from '../models/brains/index.js';
import { GROUPS, REFITS, readPublishedExponents } from '../models/brains/published.js';
import { type Claim, defineExperiment, z } from '../src/index.js';
import { powerOfTen } from '../src/report/log-ticks.js';
import { invert, predict } from '../src/scaling/index.js';

const cladeIds = CLADES.map(({ id }) => id) as [string, ...string[]];
const config = z.strictObject({
  clades: z
    .array(z.enum(cladeIds))
    .min(1)
    .default(['rodent', 'primate', 'songbird', 'parrot'])
    .describe('clades drawn in the figures; the tables hold all of them'),
  structure: z
    .enum(['brain', 'cortex', 'cerebellum', 'rest'])
    .default('cortex')
    .describe('structure drawn against its neurons (cortex means pallium in birds)'),
  masses: z.array(z.number().positive()).min(1).default([2, 5, 10, 20]).describe('brain masses compared (g)'),
});

const COMPARED = ['songbird', 'parrot', 'owl', 'waterfowl', 'fowl', 'otherBird', 'rodent'] as const;
const MACAQUES = ['crab-eating macaque', 'bonnet macaque', 'rhesus macaque'];
const PARTS = ['whole brain', 'cortex or pallium'];
const RECOMPUTED = 'computed independently from the same table (Python)';

export default defineExperiment({
  id: 'scaling-rules',
  title: 'How many neurons does a gram of brain buy?',
  question: 'How does the mass of a brain grow with its neurons in rodents, primates and birds?',
  prediction:
    'A rodent cortex becomes ten times heavier: how many times more neurons has it? And a primate cortex? ' +
    'Does a macaw, with 20 g of brain, have more or fewer forebrain neurons than a macaque with 46 to 87 g?',
  config,
  presets: { quick: {}, full: { clades: cladeIds } },

  async run({ clades, structure, masses }) {
    const table = readSpecies();
    return {
      metrics: {
        species: clades.flatMap((id) => speciesOf(table, cladeOf(id), structure)),
        rules: CLADES.flatMap((clade) => STRUCTURES.map((part) => ruleOf(table, clade, part))),
        lines: clades.flatMap((id) => lineOf(table, cladeOf(id), structure)),
        published: refits(table),
        human: humanFrom(table),
        pairs: pairs(table),
        equalMass: COMPARED.flatMap((group) =>
          masses.map((massG) => ({
            group: GROUPS[group].name,
            massG,
            ...neuronRatioAtMass(table, GROUPS[group], GROUPS.primate, massG),
          })),
        ),
      },
    };
  },

  tables: ({ metrics }) => [
    {
      name: 'rules',
      title: 'Scaling rules: mass = k · neurons^b, mass on neurons, least squares, 95 % intervals',
      columns: [
        { key: 'clade', label: 'clade' },
        { key: 'structure', label: 'structure' },
        { key: 'n', label: 'species' },
        { key: 'b', label: 'b', digits: 4 },
        { key: 'low', label: 'low', digits: 4 },
        { key: 'high', label: 'high', digits: 4 },
        { key: 'log10k', label: 'log10 k', digits: 5 },
        { key: 'r2', label: 'r²', digits: 3 },
        { key: 'residualSd', label: 'residual SD of log10 mass', digits: 3 },
        { key: 'rmaB', label: 'b, reduced major axis', digits: 4 },
        { key: 'smallest', label: 'fewest neurons', digits: 3 },
        { key: 'largest', label: 'most neurons', digits: 3 },
      ],
      rows: metrics.rules,
    },
    {
      name: 'published',
      title: 'Published exponents beside the refit',
      columns: [
        { key: 'id', label: 'id' },
        { key: 'animals', label: 'animals' },
        { key: 'structure', label: 'structure' },
        { key: 'published', label: 'published b', digits: 4 },
        { key: 'publishedSe', label: 'its SE', digits: 3 },
        { key: 'refit', label: 'refit b', digits: 4 },
        { key: 'refitSe', label: 'its SE', digits: 3 },
        { key: 'citation', label: 'citation' },
        { key: 'note', label: 'note' },
      ],
      rows: metrics.published,
    },
    {
      name: 'human',
      title: 'The human predicted from primate rules that were fitted without the human (10⁹ neurons)',
      columns: [
        { key: 'rule', label: 'fitted on' },
        { key: 'structure', label: 'structure' },
        { key: 'direct', label: 'neurons on mass', digits: 3 },
        { key: 'low', label: 'low', digits: 3 },
        { key: 'high', label: 'high', digits: 3 },
        { key: 'majorAxis', label: 'reduced major axis', digits: 3 },
        { key: 'inverted', label: 'mass on neurons, inverted', digits: 3 },
        { key: 'counted', label: 'counted', digits: 4 },
      ],
      rows: metrics.human,
    },
    {
      name: 'pairs',
      title: 'Animals side by side: cortical or pallial neurons, and brain mass',
      columns: [
        { key: 'animal', label: 'animal' },
        { key: 'macaque', label: 'against' },
        { key: 'neuronRatio', label: 'neurons, ratio', digits: 3 },
        { key: 'massRatio', label: 'brain mass, ratio', digits: 3 },
      ],
      rows: metrics.pairs,
    },
    {
      name: 'equal-mass',
      title: 'Neurons of the whole brain against a primate brain of the same mass',
      columns: [
        { key: 'group', label: 'group' },
        { key: 'massG', label: 'brain mass', unit: 'g' },
        { key: 'ratio', label: 'neurons / primate neurons', digits: 3 },
        { key: 'extrapolated', label: 'extrapolated' },
      ],
      rows: metrics.equalMass.map((row) => ({ ...row, extrapolated: row.extrapolated ? 'yes' : 'no' })),
    },
  ],

  figures: ({ metrics, config }) => [
    {
      name: 'mass-against-neurons',
      title: `Mass against neurons: ${config.structure === 'cortex' ? 'cortex or pallium' : config.structure}`,
      caption:
        'Each point is a species, each line the least-squares rule of its clade, drawn over the range of its ' +
        'animals. The steeper the line, the fewer neurons a heavier structure gains.',
      plot: {
        x: { type: 'log', label: 'neurons', tickFormat: powerOfTen, inset: 8 },
        y: { type: 'log', label: 'mass (g)', tickFormat: String },
        color: { legend: true, type: 'categorical', domain: cladeNames(config.clades) },
        symbol: { legend: true, domain: cladeNames(config.clades) },
        marks: [
          Plot.line(metrics.lines, { x: 'neurons', y: 'massG', stroke: 'clade', strokeWidth: 2 }),
          Plot.dot(metrics.species, { x: 'neurons', y: 'massG', stroke: 'clade', symbol: 'clade', r: 4 }),
        ],
      },
      rows: metrics.species,
    },
    {
      name: 'exponents',
      title: 'Exponents with their 95 % intervals',
      caption:
        'An exponent of 1 (dashed) means that neurons and mass grow together. Rodent cortex lies far from it, ' +
        'primates and birds close to it.',
      plot: {
        height: 520,
        marginLeft: 210,
        x: { label: 'exponent b of mass = k · neurons^b', inset: 10 },
        y: { label: null, domain: CLADES.filter(({ id }) => hasNarrowRule(id)).map(({ name }) => name) },
        color: { legend: true, type: 'categorical', domain: PARTS },
        symbol: { legend: true, domain: PARTS },
        marks: [
          Plot.ruleX([1], { strokeDasharray: '4 4' }),
          ...PARTS.flatMap((part, i) => {
            const rules = shown(metrics.rules).filter((rule) => rule.part === part);
            const dy = i === 0 ? -6 : 6;
            return [
              Plot.ruleY(rules, { x1: 'low', x2: 'high', y: 'clade', stroke: 'part', strokeWidth: 2, dy }),
              Plot.dot(rules, { x: 'b', y: 'clade', stroke: 'part', symbol: 'part', r: 5, dy }),
            ];
          }),
        ],
      },
      rows: shown(metrics.rules),
    },
    {
      name: 'equal-mass',
      title: 'Neurons against a primate brain of the same mass',
      caption:
        'Above 1, a brain of this mass holds more neurons than that of a primate. Owls, songbirds and parrots ' +
        'are far above fowl and ducks: birds are not one group.',
      plot: {
        x: { type: 'log', label: 'brain mass (g)', tickFormat: String, ticks: config.masses, inset: 8 },
        y: { label: 'neurons / primate neurons', inset: 8 },
        color: { legend: true, type: 'categorical' },
        symbol: { legend: true },
        marks: [
          Plot.ruleY([1], { strokeDasharray: '4 4' }),
          Plot.line(metrics.equalMass, { x: 'massG', y: 'ratio', stroke: 'group' }),
          Plot.dot(metrics.equalMass, { x: 'massG', y: 'ratio', stroke: 'group', symbol: 'group', r: 5 }),
        ],
      },
      rows: metrics.equalMass.map((row) => ({ ...row, extrapolated: row.extrapolated ? 1 : 0 })),
    },
  ],

  claims: ({ metrics, config }) => [
    ...metrics.published.filter(({ match }) => match === 'exact').map(publishedClaim),
    ...humanClaims(metrics.human),
    ...pairClaims(metrics.pairs),
    ...(config.masses.join() === '2,5,10,20' ? equalMassClaims(metrics.equalMass) : []),
  ],

  finding({ metrics }) {
    const rule = (clade: string, structure: string) =>
      metrics.rules.find((row) => row.clade === clade && row.structure === structure)!;
    const more = (b: number) => (10 ** (1 / b)).toFixed(1);
    const rodent = rule('rodents', 'cortex');
    const primate = rule('primates', 'cortex');
    const human = metrics.human[0];
    return (
      `A cortex ten times heavier holds ${more(rodent.b)} times the neurons in a rodent (b = ${rodent.b.toFixed(2)}) ` +
      `and ${more(primate.b)} times in a primate (b = ${primate.b.toFixed(2)}). A primate rule fitted without the ` +
      `human gives it ${human.direct.toFixed(0)} billion neurons, 95 % interval ${human.low.toFixed(0)} to ` +
      `${human.high.toFixed(0)}; ${human.counted.toFixed(0)} were counted.`
    );
  },

  caveats: () => [
    'Species are not independent draws: without a phylogeny the intervals are too narrow, and pooled slopes mix grades.',
    'The exponent belongs to a structure and to a direction of regression. 1.7 is the rodent cortex, not the brain.',
    'Most counts rest on one to five animals. Mouse lemur and human alone move the primate cortex between 0.99 and 1.21.',
    'The mammalian cortex includes white matter and hippocampus, the avian pallium leaves out the subpallium.',
    'A prediction outside the range of the animals is an extrapolation: the human always is one.',
  ],
});

function speciesOf(table: readonly Species[], clade: Clade, structure: Structure) {
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

function ruleOf(table: readonly Species[], clade: Clade, structure: Structure) {
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

function lineOf(table: readonly Species[], clade: Clade, structure: Structure) {
  const { fit } = fitClade(table, clade, structure);
  return [fit.range.low, fit.range.high].map((neurons) => ({
    clade: clade.name,
    neurons,
    massG: predict(fit, neurons).value,
  }));
}

function refits(table: readonly Species[]) {
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

function humanFrom(table: readonly Species[]) {
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

function pairs(table: readonly Species[]) {
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

function cladeNames(ids: readonly string[]): string[] {
  return ids.map((id) => cladeOf(id).name);
}

type Rule = ReturnType<typeof ruleOf>;

/** Groups of four or five species have intervals wider than the figure. */
function hasNarrowRule(id: string): boolean {
  return !['eulipotyphla', 'artiodactyla', 'afrotheria', 'carnivora'].includes(id);
}

function shown(rules: readonly Rule[]) {
  const names = CLADES.filter(({ id }) => hasNarrowRule(id)).map(({ name }) => name);
  return rules
    .filter(
      ({ clade, structure }) =>
        names.includes(clade) && ['whole brain', 'cortex', 'pallium'].includes(structure),
    )
    .map((rule) => ({
      ...rule,
      part: rule.structure === 'whole brain' ? 'whole brain' : 'cortex or pallium',
    }));
}

function publishedClaim({
  id,
  animals,
  structure,
  published,
  refit,
  citation,
}: ReturnType<typeof refits>[number]): Claim {
  return {
    name: `${id}: exponent of the ${structure}, ${animals}`,
    value: refit,
    expected: published,
    tolerance: 0.005,
    source: citation,
  };
}

function humanClaims(human: ReturnType<typeof humanFrom>): Claim[] {
  const expected: Record<string, number[]> = {
    '10 primates whole brain': [69.5, 41, 117, 71.5, 73.6],
    '9, no mouse lemur whole brain': [81.3, 45, 149, 84.8, 88.4],
    '8 simians whole brain': [82.4, 41, 167, 86.6, 91.1],
    '10 primates cortex': [32.8, 10, 105],
    '9, no mouse lemur cortex': [18.9, 6, 59],
  };
  const keys = ['direct', 'low', 'high', 'majorAxis', 'inverted'] as const;
  return human.flatMap((row) =>
    (expected[`${row.rule} ${row.structure}`] ?? []).map((value, i) => ({
      name: `Human ${row.structure} from ${row.rule}: ${keys[i]}`,
      value: row[keys[i]],
      expected: value,
      tolerance: Number.isInteger(value) ? 0.5 : 0.05,
      unit: '10⁹ neurons',
      source: RECOMPUTED,
    })),
  );
}

function pairClaims(rows: ReturnType<typeof pairs>): Claim[] {
  const macaqueOverCapybara = [2.6, 5.4, 5.6];
  const birdOverMacaque = [2.39, 1.16, 1.12, 1.5, 0.73, 0.7];
  const capybaraMass = [1.62, 1.22, 0.86];
  const birds = rows.slice(3);
  return [
    ...macaqueOverCapybara.map((expected, i) => ({
      name: `Cortical neurons, ${rows[i].macaque} / capybara`,
      value: 1 / rows[i].neuronRatio,
      expected,
      tolerance: 0.051,
      source: RECOMPUTED,
    })),
    ...capybaraMass.map((expected, i) => ({
      name: `Brain mass, capybara / ${rows[i].macaque}`,
      value: rows[i].massRatio,
      expected,
      tolerance: 0.0051,
      source: RECOMPUTED,
    })),
    ...birdOverMacaque.map((expected, i) => ({
      name: `Pallial neurons of the ${birds[i].animal} / cortical of the ${birds[i].macaque}`,
      value: birds[i].neuronRatio,
      expected,
      tolerance: 0.0051,
      source: RECOMPUTED,
    })),
  ];
}

function equalMassClaims(rows: { group: string; massG: number; ratio: number }[]): Claim[] {
  const expected: Record<string, number[]> = {
    songbirds: [1.97, 1.83, 1.74, 1.65],
    parrots: [1.83, 1.81, 1.8, 1.78],
    owls: [2.12, 1.79, 1.57, 1.38],
    'ducks and geese': [1.01, 0.87, 0.77, 0.68],
    fowl: [0.95, 0.83, 0.75, 0.68],
    'other birds': [1.25, 1.11, 1.02, 0.93],
    rodents: [0.8, 0.64, 0.55, 0.46],
  };
  return Object.entries(expected).flatMap(([group, ratios]) =>
    rows
      .filter((row) => row.group === group)
      .map(({ massG, ratio }, i) => ({
        name: `Neurons of ${group} against primates at ${massG} g`,
        value: ratio,
        expected: ratios[i],
        tolerance: 0.0051,
        source: RECOMPUTED,
      })),
  );
}
