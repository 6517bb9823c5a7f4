import { join, relative } from 'node:path';
import type { JudgedClaim } from '../experiment/results.js';
import type { FinishedRun } from '../experiment/run.js';
import { expectation } from '../report/claim-text.js';
import { formatNumber } from '../util/format.js';
import { inkFor, widthOf, wrapped } from './terminal.js';
import { simpleTable, textTable } from './text-table.js';

/** What `run` prints for people: the first table, the claims, the finding, and where the report is. */
export function runSummary({ folder, manifest, results }: FinishedRun): string {
  const ink = inkFor(process.stdout);
  const parts = [ink.strong(manifest.experiment.title)];
  if (results.isSketch) parts[0] += ' (--quick: a sketch)';
  const [first] = results.tables;
  if (first !== undefined) parts.push(`${first.title}\n${textTable(first)}`);
  if (results.claims.length > 0) parts.push(`Claims\n${results.claims.map(claimLine).join('\n')}`);
  parts.push(wrapped(results.finding, widthOf(process.stdout)));
  parts.push(`Report: ${shortPath(join(folder, 'report.html'))}`);
  return `${parts.join('\n\n')}\n`;
}

/** What `run --json` prints. */
export function runJson({ folder, manifest, results, view }: FinishedRun) {
  return {
    experiment: manifest.experiment.id,
    folder,
    claims: results.claims.map(({ name, value, expected, tolerance, bound, unit, pass, source }) => ({
      name,
      value,
      expected,
      tolerance,
      ...(bound && { bound }),
      ...(unit && { unit }),
      pass,
      source,
    })),
    metrics: view.metrics,
  };
}

/** One experiment of `run all`: how it ended. */
export type AllRow = { experiment: string } & ({ run: FinishedRun } | { error: string });

/** What `run all` prints: one table of all claims, and the runs that failed. */
export function allSummary(rows: readonly AllRow[]): { text: string; json: unknown; good: boolean } {
  const lines = rows.flatMap((row) => {
    if ('error' in row) return [{ experiment: row.experiment, claim: row.error, verdict: 'RUN FAILED' }];
    return row.run.results.claims.map((claim) => ({
      experiment: row.experiment,
      claim: claim.name,
      found: formatNumber(claim.value, 5),
      expected: expectation(claim),
      verdict: claim.pass ? 'pass' : 'FAIL',
    }));
  });
  return {
    text: `${simpleTable(['experiment', 'claim', 'found', 'expected', 'verdict'], lines)}\n`,
    json: { experiments: rows.map((row) => ('error' in row ? row : runJson(row.run))) },
    good: lines.every((line) => line.verdict === 'pass'),
  };
}

function claimLine(claim: JudgedClaim): string {
  const ink = inkFor(process.stdout);
  const verdict = claim.pass ? ink.good('pass') : ink.bad('FAIL');
  // Where a number comes from matters most when it is not met; the report has all sources.
  const source = claim.pass ? '' : `; ${claim.source}`;
  const text = `${claim.name}: ${formatNumber(claim.value, 5)} (expected ${expectation(claim)}${source})`;
  // Under the first letter of the claim's name, where the terminal is narrower than the line.
  const [first, ...more] = wrapped(text, widthOf(process.stdout), ' '.repeat(8)).split('\n');
  return [`  ${verdict}  ${first.trimStart()}`, ...more].join('\n');
}

/** A path as short as it can be said from here. */
export function shortPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}
