import { CLADES, cladeOf, neuronRatioAtMass, readSpecies, STRUCTURES } from '../../models/brains/index.js';
import { GROUPS } from '../../models/brains/published.js';
import { type RunView, z } from '../../src/index.js';
import { humanFrom, lineOf, pairs, refits, ruleOf, speciesOf } from './rules.js';

export const cladeIds = CLADES.map(({ id }) => id) as [string, ...string[]];
export const config = z.strictObject({
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

type Config = z.output<typeof config>;

const COMPARED = ['songbird', 'parrot', 'owl', 'waterfowl', 'fowl', 'otherBird', 'rodent'] as const;

/** Fits the rules of all clades and reads from them what the question asks. */
export async function run({ clades, structure, masses }: Config) {
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
}

export type Metrics = Awaited<ReturnType<typeof run>>['metrics'];
export type View = RunView<Config, Metrics>;
