import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { replicateSeeds, type SweepTask, sweep } from '../../src/experiment/sweep.js';
import work, { type PerceptronJob, type PerceptronResult } from '../../src/learning/jobs.js';
import { InterruptedError, RunError } from '../../src/util/errors.js';

let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'femtospike-sweep-'));
});
afterEach(() => rmSync(scratch, { recursive: true }));

const tasks: SweepTask<PerceptronJob>[] = [1, 2, 3, 4].map((seed) => ({
  job: { kind: 'perceptron', inputs: 50, patterns: 60, seed },
  doing: `seed ${seed}`,
}));

function context(signal = new AbortController().signal) {
  const told: [number, number][] = [];
  const recorded: Record<string, unknown> = {};
  return {
    threads: 2,
    signal,
    scratch,
    progress: (done: number, total: number) => void told.push([done, total]),
    record: (key: string, value: unknown) => {
      recorded[key] = value;
    },
    told,
    recorded,
  };
}

const run = (given: ReturnType<typeof context>, list = tasks) =>
  sweep<PerceptronJob, PerceptronResult>('learning/jobs.js', list, given);

test('workers return what the same jobs return here, in the order of the tasks', async () => {
  const given = context();
  const results = await run(given);
  expect(results).toEqual(tasks.map(({ job }) => JSON.parse(JSON.stringify(work(job)))));
  expect(given.told.at(-1)).toEqual([4, 4]);
});

test('finished parts are not done again', async () => {
  await run(context(), tasks.slice(0, 2));
  for (const file of readdirSync(scratch)) {
    const part = JSON.parse(readFileSync(join(scratch, file), 'utf8'));
    writeFileSync(join(scratch, file), JSON.stringify({ ...part, updates: -1 }));
  }
  const given = context();
  const results = await run(given);
  expect(results.map((result) => result.updates < 0)).toEqual([true, true, false, false]);
  expect(given.recorded.partsResumed).toBe(2);
  // Time left is told from what is done now, not from what was there.
  expect(given.told).toEqual([
    [0, 2],
    [1, 2],
    [2, 2],
  ]);
});

test('a part that is not whole is done again', async () => {
  const whole = await run(context());
  const [first, ...others] = readdirSync(scratch);
  writeFileSync(join(scratch, first), '');
  const given = context();
  expect(await run(given)).toEqual(whole);
  expect(given.recorded.partsResumed).toBe(others.length);
});

test('equal jobs are done once', async () => {
  const given = context();
  const results = await run(given, [tasks[0], tasks[1], tasks[0]]);
  expect(results[2]).toEqual(results[0]);
  expect(readdirSync(scratch)).toHaveLength(2);
  expect(given.told.at(-1)).toEqual([2, 2]);
});

test('an abort stops the workers', async () => {
  const controller = new AbortController();
  // Far above capacity: this would take minutes.
  const endless = tasks.map(({ job, doing }) => ({
    job: { ...job, inputs: 1000, patterns: 4000, maxEpochs: 1e6 },
    doing,
  }));
  const running = run(context(controller.signal), endless);
  setTimeout(() => controller.abort(), 300);
  await expect(running).rejects.toThrow(InterruptedError);
});

test('a job that fails is named', async () => {
  const bad = [{ job: { ...tasks[0].job, patterns: 200 }, doing: 'too many patterns' }];
  await expect(run(context(), bad)).rejects.toThrow(RunError);
  await expect(run(context(), bad)).rejects.toThrow(/too many patterns: .*capacity/);
});

test('replicates: the seeds of the command line, or as many as the point asks for', () => {
  expect(replicateSeeds({ seed: 7, seeds: [7] }, 3)).toEqual([7, 8, 9]);
  expect(replicateSeeds({ seed: 7, seeds: [7, 8] }, 3)).toEqual([7, 8]);
});
