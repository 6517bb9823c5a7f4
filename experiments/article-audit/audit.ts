import { type ArticleClaim, readArticleClaims, subjectOf, VERDICTS } from './articles.js';
import { brains } from './computations/brains.js';
import type { Computations } from './computations/computation.js';
import { lossLaws } from './computations/loss-laws.js';
import { machines } from './computations/machines.js';
import { models } from './computations/models.js';
import { other } from './computations/other.js';
import { theory } from './computations/theory.js';
import { type AuditFigure, agreesWithRecord, bearsOut } from './figure.js';
import type { AuditInputs } from './inputs.js';

/** All computations there are, by the id of their claim. */
export const COMPUTATIONS: Computations = {
  ...brains,
  ...machines,
  ...models,
  ...lossLaws,
  ...other,
  ...theory,
};

export interface AuditedFigure extends AuditFigure {
  /** Whether the claimed number follows; null where none is claimed. */
  readonly borneOut: boolean | null;
  /** Whether it is the recorded number; null where none is recorded. */
  readonly agrees: boolean | null;
}

export interface AuditedClaim extends ArticleClaim {
  readonly subject: string;
  /** Whether the row states a formula or data that something could be computed from. */
  readonly hasFormula: boolean;
  readonly figures: readonly AuditedFigure[];
  /** Whether every claimed number is borne out; null where none was recomputed. */
  readonly borneOut: boolean | null;
}

/** Every claim of the articles with its numbers computed anew, in the order of the table. */
export function audit(inputs: AuditInputs): AuditedClaim[] {
  return readArticleClaims().map((claim) => {
    const figures = (COMPUTATIONS[claim.id]?.(inputs) ?? []).map((each) => ({
      ...each,
      borneOut: bearsOut(each),
      agrees: agreesWithRecord(each),
    }));
    const judged = figures.flatMap(({ borneOut }) => (borneOut === null ? [] : [borneOut]));
    return {
      ...claim,
      subject: subjectOf(claim),
      hasFormula: hasFormula(claim),
      figures,
      borneOut: judged.length === 0 ? null : judged.every(Boolean),
    };
  });
}

/** A formula holds a digit and something to compute with; a citation or a definition does not. */
function hasFormula({ formula }: ArticleClaim): boolean {
  return /\d/.test(formula) && /[*/^=+x·]|-\d/.test(formula);
}

/** Counts by article and verdict, and of all. */
export function countVerdicts(claims: readonly Pick<AuditedClaim, 'article' | 'verdict' | 'figures'>[]) {
  return ['A', 'B', 'C', 'D', 'all'].map((article) => {
    const rows = claims.filter((claim) => article === 'all' || claim.article === article);
    const counts = VERDICTS.map((verdict) => [verdict, rows.filter((row) => row.verdict === verdict).length]);
    const recomputed = rows.filter(({ figures }) => figures.length > 0).length;
    return {
      article,
      claims: rows.length,
      ...(Object.fromEntries(counts) as Record<string, number>),
      recomputed,
    };
  });
}

/**
 * Whether the recomputation says something else than the verdict. Only claims that reproduce, or that their own
 * inputs or sources contradict, can be held against it: what is outdated was right once.
 */
export function disagrees({ verdict, borneOut }: AuditedClaim): boolean {
  if (borneOut === null || verdict === 'outdated' || verdict === 'not checkable') return false;
  return borneOut !== (verdict === 'reproduces');
}
