import type { Table } from '../../src/experiment/define.js';
import { formatNumber } from '../../src/util/format.js';
import { VERDICTS } from './articles.js';
import type { AuditedClaim, AuditedFigure, countVerdicts } from './audit.js';

/** How many claims of each article got which verdict. */
export function countsTable(counts: ReturnType<typeof countVerdicts>): Table {
  return {
    name: 'counts',
    title: 'Verdicts by article',
    columns: [
      { key: 'article', label: 'article' },
      { key: 'claims', label: 'claims' },
      ...VERDICTS.map((verdict) => ({ key: verdict, label: verdict })),
      { key: 'recomputed', label: 'computed again here' },
    ],
    rows: counts,
  };
}

/** Every claim in one row: what was claimed, what was found, and the verdict. */
export function auditTable(claims: readonly AuditedClaim[]): Table {
  return {
    name: 'claims',
    title: 'The 171 claims',
    filters: ['verdict', 'subject', 'article', 'computation'].map((key) => ({ key, label: key })),
    columns: [
      { key: 'id', label: 'id' },
      { key: 'claim', label: 'claim, in our words' },
      { key: 'claimed', label: 'claimed' },
      { key: 'found', label: 'found' },
      { key: 'verdict', label: 'verdict' },
      { key: 'source', label: 'source' },
    ],
    rows: claims.map(({ id, claim, figures, verdict, subject, article, primary_source, source_status }) => ({
      id,
      claim,
      claimed:
        figures
          .filter(({ claimed }) => claimed !== null)
          .map(claimedText)
          .join('; ') || '–',
      found: figures.map(foundText).join('; ') || 'no computation',
      verdict,
      subject,
      article,
      computation: figures.length > 0 ? 'computed' : 'none',
      source: `${primary_source} (${source_status})`,
    })),
  };
}

/** Every number that was computed again. */
export function figuresTable(claims: readonly AuditedClaim[]): Table {
  return {
    name: 'figures',
    title: 'Every number computed again (the CSV has them all)',
    columns: [
      { key: 'id', label: 'id' },
      { key: 'what', label: 'number' },
      { key: 'unit', label: 'unit' },
      { key: 'claimed', label: 'claimed', digits: 4 },
      { key: 'found', label: 'found', digits: 4 },
      { key: 'recorded', label: 'earlier audit' },
      { key: 'agrees', label: 'agrees' },
    ],
    rows: claims.flatMap(({ id, figures }) =>
      figures.map(({ what, unit, claimed, found, recorded, agrees }) => ({
        id,
        what,
        unit: unit || '–',
        claimed,
        found,
        recorded: recorded ?? '–',
        agrees: agrees === null ? '–' : agrees ? 'yes' : 'no',
      })),
    ),
  };
}

/** Claims that state a formula and are not computed yet. */
export function missingTable(claims: readonly AuditedClaim[]): Table {
  return {
    name: 'not-computed',
    title: 'Claims without a computation, and what they rest on',
    columns: [
      { key: 'id', label: 'id' },
      { key: 'claim', label: 'claim, in our words' },
      { key: 'formula', label: 'formula or basis' },
      { key: 'verdict', label: 'verdict' },
    ],
    rows: claims
      .filter(({ figures }) => figures.length === 0)
      .map(({ id, claim, formula, verdict }) => ({ id, claim, formula: formula || '–', verdict })),
  };
}

const SIGNS = { about: '', 'at least': '≥ ', 'at most': '≤ ' } as const;

function claimedText({ claimed, sense, unit }: AuditedFigure): string {
  return `${SIGNS[sense]}${withUnit(claimed!, unit)}`;
}

function foundText({ what, found, unit }: AuditedFigure): string {
  return `${withUnit(found, unit)} (${what})`;
}

function withUnit(value: number, unit: string): string {
  const isYear = value > 1900 && value < 2100;
  return `${formatNumber(value, isYear ? 5 : 3)}${unit && ` ${unit}`}`;
}
