import * as Plot from '@observablehq/plot';
import { type Claim, COLOURS, defineExperiment, near, z } from '../src/index.js';
import { VERDICTS } from './article-audit/articles.js';
import { audit, countVerdicts, disagrees } from './article-audit/audit.js';
import { agreementClaims } from './article-audit/claims.js';
import { gatherInputs } from './article-audit/inputs.js';
import { auditTable, countsTable, figuresTable, missingTable } from './article-audit/tables.js';

const config = z.strictObject({
  draws: z.int().min(10_000).default(100_000).describe('futures drawn for the stock of text'),
});

const COUNTS = 'counted by hand in an earlier audit of the same articles';
/** Article, claims, then how many of each verdict, in the order of VERDICTS. */
const EXPECTED_COUNTS: readonly [string, number, ...number[]][] = [
  ['A', 51, 41, 5, 3, 0, 2],
  ['B', 75, 48, 9, 0, 9, 9],
  ['C', 10, 5, 1, 1, 1, 2],
  ['D', 35, 11, 2, 12, 0, 10],
  ['all', 171, 105, 17, 16, 10, 23],
];
const VERDICT_COLOURS = [COLOURS.green, COLOURS.orange, COLOURS.vermilion, COLOURS.sky, COLOURS.grey];

export default defineExperiment({
  id: 'article-audit',
  title: 'Four articles, 171 numbers: which of them hold?',
  question: 'How many of the numbers in four articles on scaling follow from their own inputs and sources?',
  prediction:
    'Four articles on brains, language models and data centres make 171 claims with a number in them. How many follow ' +
    'when one computes them again: half, three quarters, nearly all? Which subject has most mistakes?',
  config,
  presets: { quick: { draws: 40_000 }, full: { draws: 1_000_000 } },

  async run({ draws }, { seed }) {
    const claims = audit(gatherInputs(draws, seed));
    return { metrics: { claims, counts: countVerdicts(claims) } };
  },

  tables: ({ metrics: { claims, counts } }) => [
    countsTable(counts),
    auditTable(claims),
    figuresTable(claims),
    missingTable(claims),
  ],

  figures({ metrics: { claims } }) {
    const subjects = [...new Set(claims.map(({ subject }) => subject))];
    const rows = subjects.flatMap((subject) =>
      VERDICTS.map((verdict) => ({
        subject,
        verdict,
        claims: claims.filter((claim) => claim.subject === subject && claim.verdict === verdict).length,
      })),
    );
    const deviations = claims.flatMap(({ id, verdict, figures }) =>
      figures
        .filter(({ claimed, sense }) => claimed !== null && sense === 'about')
        .map(({ found, claimed, what }) => ({ id, what, verdict, ratio: found / claimed! })),
    );
    return [
      {
        name: 'verdicts',
        title: 'Verdicts by subject',
        caption:
          'Claims of each subject by verdict. Where a claim gives nothing to compute, that is a verdict too.',
        plot: {
          height: 340,
          marginLeft: 170,
          x: { label: 'claims' },
          y: { label: null, domain: subjects },
          color: { legend: true, type: 'categorical', domain: [...VERDICTS], range: VERDICT_COLOURS },
          marks: [
            Plot.barX(rows, { x: 'claims', y: 'subject', fill: 'verdict', order: [...VERDICTS] }),
            Plot.ruleX([0]),
          ],
        },
        rows,
      },
      {
        name: 'deviations',
        title: 'Found over claimed',
        caption:
          'Each dot is one number that was computed again, divided by the number claimed. What holds lies on the line; ' +
          'what fails is spread over orders of magnitude.',
        plot: {
          height: 320,
          marginLeft: 230,
          x: {
            type: 'log',
            label: 'found / claimed',
            domain: [1e-4, 1e2],
            tickFormat: (x: number) => String(x),
          },
          y: {
            label: null,
            domain: VERDICTS.filter((verdict) => deviations.some((row) => row.verdict === verdict)),
          },
          marks: [
            Plot.ruleX([1], { strokeDasharray: '5 4' }),
            Plot.dot(deviations, {
              x: 'ratio',
              y: 'verdict',
              stroke: COLOURS.blue,
              r: 5,
              strokeWidth: 1.5,
            }),
          ],
        },
        rows: deviations,
      },
    ];
  },

  claims({ metrics: { claims, counts } }): Claim[] {
    return [
      ...EXPECTED_COUNTS.flatMap(([article, total, ...each]) => {
        const found = counts.find((row) => row.article === article)! as unknown as Record<string, number>;
        const name = article === 'all' ? 'All articles' : `Article ${article}`;
        return [
          near(`${name}: claims`, found.claims, total, 0, COUNTS),
          ...VERDICTS.map((verdict, i) => near(`${name}: ${verdict}`, found[verdict], each[i], 0, COUNTS)),
        ];
      }),
      near(
        'Claims whose recomputed numbers speak against their verdict',
        claims.filter(disagrees).length,
        0,
        0,
        'each verdict must follow from the numbers',
      ),
      ...agreementClaims(claims),
    ];
  },

  finding({ metrics: { claims, counts } }) {
    const all = counts.at(-1)! as unknown as Record<string, number>;
    const figures = claims.flatMap((claim) => claim.figures);
    const checked = figures.filter(({ agrees }) => agrees !== null);
    return (
      `${all.reproduces} of ${all.claims} claims reproduce; ${all['inconsistent with its own inputs']} do not follow from ` +
      `their own inputs, ${all['contradicted by source']} say other than their source, ${all.outdated} are outdated and ` +
      `${all['not checkable']} cannot be checked. ${all.recomputed} claims were computed again here, in ${figures.length} ` +
      `numbers, of which ${checked.filter(({ agrees }) => agrees).length} of ${checked.length} are those of the earlier audit.`
    );
  },

  caveats: () => [
    'A claim that reproduces need not be true: it follows from its inputs, or is what its source says.',
    'The verdicts were given by hand; here the numbers are computed again, and held against verdict and record.',
    'The counts are those of the table of verdicts; only the recomputed numbers are evidence of their own.',
    'Many sources were seen only as others quote them, some only remembered; the column says which.',
    'Where a claim names no number of its own, only the quantities behind it are computed, and nothing is judged.',
    'A claimed number counts as the same within a tenth, where the words are no more exact; years within two.',
  ],
});
