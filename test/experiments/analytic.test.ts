import { describe, expect, test } from 'vitest';
import { type Experiment, holds, type RunContext, type RunView } from '../../src/experiment/define.js';
import { figureSvg } from '../../src/report/figure-svg.js';

/** Experiments that compute instead of training: seconds each. */
const ANALYTIC = [
  'article-audit',
  'brain-budget',
  'conduction',
  'data-wall',
  'dendrites',
  'emergence-mirage',
  'energy-gap',
  'fit-chinchilla',
  'grid',
  'isoflop',
  'kaplan-vs-chinchilla',
  'kleiber',
  'memory-wall',
  'moe',
  'overtraining',
  'resolution-limited',
  'scaling-rules',
  'tournament',
  'variance-limited',
];

describe.each(ANALYTIC)('%s --quick', { timeout: 120_000 }, (id) => {
  test('runs, keeps its claims, and shows figures and tables of its metrics', async () => {
    const { experiment, view } = await quick(id, 1);
    const claims = experiment.claims(view);
    expect(claims.length).toBeGreaterThan(2);
    expect(claims.filter((claim) => !holds(claim))).toEqual([]);
    for (const claim of claims) expect(claim.source).not.toBe('');
    for (const figure of experiment.figures(view)) {
      expect(figure.rows.length).toBeGreaterThan(0);
      expect(figureSvg(figure)).toContain('</svg>');
      expect(figureSvg(figure)).not.toContain('NaN');
    }
    for (const table of experiment.tables(view)) {
      expect(table.rows.length).toBeGreaterThan(0);
      for (const { key } of table.columns)
        expect(table.rows.some((row) => row[key] !== undefined)).toBe(true);
    }
    expect(experiment.finding(view)).not.toMatch(/NaN|undefined|Infinity/);
    expect(experiment.caveats(view).length).toBeGreaterThan(1);
  });
});

// These draw at random: the seed must decide, and claims must not hang on one seed.
describe.each([
  'article-audit',
  'data-wall',
  'dendrites',
  'emergence-mirage',
  'tournament',
  'variance-limited',
])('%s', { timeout: 120_000 }, (id) => {
  test('gives the same numbers for the same seed and keeps its claims for another', async () => {
    const [first, again, other] = [await quick(id, 3), await quick(id, 3), await quick(id, 4)];
    expect(again.view.metrics).toEqual(first.view.metrics);
    expect(other.view.metrics).not.toEqual(first.view.metrics);
    expect(other.experiment.claims(other.view).filter((claim) => !holds(claim))).toEqual([]);
  });
});

async function quick(id: string, seed: number) {
  const experiment: Experiment = (await import(`../../experiments/${id}.ts`)).default;
  expect(experiment.id).toBe(id);
  const config = experiment.config.parse(experiment.presets.quick);
  const context: RunContext = {
    preset: 'quick',
    seed,
    seeds: [seed],
    threads: 1,
    engine: 'event',
    backend: 'auto',
    signal: new AbortController().signal,
    scratch: null,
    progress: () => {},
    record: () => {},
  };
  const { metrics } = await experiment.run(config, context);
  // What a run folder holds is JSON: figures and claims must do with that.
  const view = {
    config,
    preset: 'quick',
    seeds: [seed],
    metrics: JSON.parse(JSON.stringify(metrics)),
    ledgers: [],
  };
  return { experiment, view: view as RunView<Record<string, unknown>, unknown> };
}
