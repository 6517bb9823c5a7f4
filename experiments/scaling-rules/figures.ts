import * as Plot from '@observablehq/plot';
import { CLADES, cladeOf } from '../../models/brains/index.js';
import type { Figure } from '../../src/index.js';
import { powerOfTen } from '../../src/report/log-ticks.js';
import type { Rule } from './rules.js';
import type { View } from './run.js';

const PARTS = ['whole brain', 'cortex or pallium'];

export function figures({ metrics, config }: View): Figure[] {
  return [
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
  ];
}

function cladeNames(ids: readonly string[]): string[] {
  return ids.map((id) => cladeOf(id).name);
}

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
