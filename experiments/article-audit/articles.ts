import { name, oneOf, text } from '../../src/data/column.js';
import { type RowOf, readTable, shippedData, tableSchema } from '../../src/data/table.js';

export const VERDICTS = [
  'reproduces',
  'inconsistent with its own inputs',
  'contradicted by source',
  'outdated',
  'not checkable',
] as const;

const SCHEMA = tableSchema({
  rows: 171,
  columns: {
    id: name,
    article: oneOf('A', 'B', 'C', 'D'),
    topic: name,
    claim: name,
    formula: text,
    primary_source: text,
    source_status: oneOf('primary seen', 'secondary seen', 'computed', 'memory'),
    verdict: oneOf(...VERDICTS),
    computed_value: text,
    note: text,
  },
});

/** A claim of one of the four articles, in words of this project, with the verdict of an earlier audit by hand. */
export type ArticleClaim = RowOf<typeof SCHEMA>;

/** The 171 quantitative claims of the four articles that the project grew out of. */
export function readArticleClaims(): ArticleClaim[] {
  return readTable(shippedData('article_claims.csv'), SCHEMA);
}

/** Few enough subjects to choose from; the table's own topics are finer. */
const SUBJECTS: Readonly<Record<string, readonly string[]>> = {
  brains: ['allometry', 'neural scaling', 'morphology', 'brain energy', 'neuromorphic'],
  'loss laws': [
    'scaling law form',
    'theory',
    'accounting',
    'Kaplan',
    'Chinchilla',
    'Pearce-Song',
    'compute-optimal',
  ],
  'data and overtraining': ['data wall', 'overtraining'],
  'models and methods': [
    'models',
    'MoE',
    'test-time',
    'emergence',
    'architecture',
    'retrieval',
    'RLHF',
    'proposal',
  ],
  hardware: ['hardware', 'memory wall'],
  'energy and money': ['grid', 'energy per query', 'carbon', 'economics', 'returns'],
};

/** The subject that a topic belongs to. */
export function subjectOf({ topic }: ArticleClaim): string {
  return Object.keys(SUBJECTS).find((subject) => SUBJECTS[subject].includes(topic)) ?? 'history and policy';
}
