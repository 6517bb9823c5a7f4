import { describe, expect, test } from 'vitest';
import { type AllRow, allSummary } from '../../src/cli/run-output.js';
import type { FinishedRun } from '../../src/experiment/run.js';

const claim = { name: 'slope', value: 1.7, expected: 1.699, tolerance: 0.005, source: 'a paper' };

function ran(experiment: string, ...passes: boolean[]): AllRow {
  const claims = passes.map((pass) => ({ ...claim, pass }));
  const run = {
    folder: 'f',
    manifest: { experiment: { id: experiment } },
    results: { claims },
    view: { metrics: {} },
  };
  return { experiment, run: run as unknown as FinishedRun };
}

describe('run all', () => {
  test('ends with one table of all claims', () => {
    const { text, good } = allSummary([ran('race', true), ran('lif', true, true)]);
    expect(good).toBe(true);
    const lines = text.trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^experiment +claim +found +expected +verdict$/);
    expect(lines[1]).toMatch(/^race +slope +1\.7000 +1\.699 ± 0\.005 +pass$/);
  });

  test('is not good when a claim or a run failed', () => {
    const failed: AllRow = { experiment: 'lif', error: 'a worker died' };
    expect(allSummary([ran('race', true, false)])).toMatchObject({
      good: false,
      text: expect.stringContaining('FAIL'),
    });
    expect(allSummary([ran('race', true), failed])).toMatchObject({
      good: false,
      text: expect.stringMatching(/lif +a worker died .*RUN FAILED/),
      json: { experiments: [{ experiment: 'race', claims: [{ pass: true }] }, failed] },
    });
  });
});
