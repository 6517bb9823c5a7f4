import { describe, expect, test } from 'vitest';
import { readArticleClaims, subjectOf } from '../../experiments/article-audit/articles.js';
import { audit, COMPUTATIONS } from '../../experiments/article-audit/audit.js';
import {
  agreesWithRecord,
  bearsOut,
  figure,
  halfLastDigit,
  numberOf,
} from '../../experiments/article-audit/figure.js';
import { gatherInputs } from '../../experiments/article-audit/inputs.js';

describe('figures', () => {
  test.each([
    ['17.9', 17.9, 0.05],
    ['5.88e23', 5.88e23, 5e20],
    ['59,049', 59049, 0.5],
    ['57e6', 57e6, 5e5],
    ['-0.46', -0.46, 0.005],
  ])('%s is read with the rounding of its last digit', (printed, value, half) => {
    expect(numberOf(printed)).toBe(value);
    expect(halfLastDigit(printed) / half).toBeCloseTo(1, 12);
  });

  test('agree with what is printed up to rounding and slack', () => {
    expect(agreesWithRecord(figure('', 17.94, '17.9'))).toBe(true);
    expect(agreesWithRecord(figure('', 17.96, '17.9'))).toBe(false);
    expect(agreesWithRecord(figure('', 17.96, '17.9', { slack: 0.1 }))).toBe(true);
    expect(agreesWithRecord(figure('', 17.96, null))).toBeNull();
  });

  test('bear a claim out in the sense in which it is meant', () => {
    expect(bearsOut(figure('', 1.05, null, { claimed: 1 }))).toBe(true);
    expect(bearsOut(figure('', 1.05, null, { claimed: 1, within: 0.01 }))).toBe(false);
    expect(bearsOut(figure('', -0.95, null, { claimed: -1 }))).toBe(true);
    expect(bearsOut(figure('', 5, null, { claimed: 4, sense: 'at least' }))).toBe(true);
    expect(bearsOut(figure('', 5, null, { claimed: 4, sense: 'at most' }))).toBe(false);
    expect(bearsOut(figure('', 5, null))).toBeNull();
  });
});

describe('the audit', () => {
  const claims = readArticleClaims();

  test('every claim has a subject of its own choice and words that are short', () => {
    const ids = claims.map(({ id }) => id);
    expect(new Set(ids).size).toBe(171);
    for (const claim of claims) {
      expect(claim.claim.length, claim.id).toBeLessThan(100);
      expect(subjectOf(claim)).not.toBe('');
    }
    expect(Object.keys(COMPUTATIONS).filter((id) => !ids.includes(id))).toEqual([]);
  });

  test('holds its numbers against numbers that its table really prints', () => {
    const rows = audit(gatherInputs(10_000, 1));
    const missing = rows.flatMap(({ id, figures, computed_value }) =>
      figures
        .filter(({ recorded }) => recorded !== null && !computed_value.includes(recorded))
        .map(({ recorded }) => `${id}: ${recorded}`),
    );
    expect(missing).toEqual([]);
    for (const { figures } of rows)
      for (const { found } of figures) expect(Number.isFinite(found)).toBe(true);
  });
});
