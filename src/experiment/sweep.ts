import { setMaxListeners } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Tinypool } from 'tinypool';
import { InterruptedError, RunError } from '../util/errors.js';
import { packageRoot } from '../util/package-root.js';
import type { RunContext } from './define.js';
import { PartStore } from './part-store.js';

/** One point of a sweep: plain JSON, so that it can be sent to a worker and kept. */
export interface SweepTask<Job> {
  job: Job;
  /** What is being done, for the progress line. */
  doing: string;
  /** Expected work relative to the other tasks, for the time left and so that the longest start first. */
  cost?: number;
}

/**
 * Runs the tasks of a sweep on worker threads and returns their results, in the order of the tasks; equal jobs are
 * done once. Each result is
 * kept in `context.scratch` as soon as it is there; when an interrupted run is started again, it is read from there.
 *
 * @param worker module of the worker, relative to dist/src/ ("learning/jobs.js"); its default export does one job
 * @throws InterruptedError when the run is aborted; RunError naming the task when one fails
 */
export async function sweep<Job, Result>(
  worker: string,
  tasks: readonly SweepTask<Job>[],
  context: Pick<RunContext, 'threads' | 'signal' | 'scratch' | 'progress' | 'record'>,
): Promise<Result[]> {
  const script = join(packageRoot(), 'dist', 'src', worker);
  if (!existsSync(script)) throw new Error(`${script} is missing: run "npm run build"`);
  const store = new PartStore(context.scratch, worker);
  const results = tasks.map(({ job }) => store.read<Result>(job));
  const first = firstOfEach(tasks);
  const distinct = [...new Set(first)];
  const missing = distinct.filter((k) => results[k] === undefined);
  if (missing.length < distinct.length) context.record('partsResumed', distinct.length - missing.length);

  // Only what is still to be done: parts that are there took no time now, and say nothing of the time left.
  const total = missing.reduce((sum, k) => sum + costOf(tasks[k]), 0);
  let done = 0;
  context.progress(0, total, startOf(missing.length, distinct.length));
  // Every task that waits listens for the abort; that many are no leak.
  setMaxListeners(0, context.signal);
  const pool = new Tinypool({
    filename: pathToFileURL(script).href,
    minThreads: 1,
    maxThreads: Math.max(1, context.threads),
  });
  try {
    const byCost = [...missing].sort((a, b) => costOf(tasks[b]) - costOf(tasks[a]));
    await Promise.all(
      byCost.map(async (k) => {
        const result = await runOne<Job, Result>(pool, tasks[k], context.signal);
        results[k] = store.keep(tasks[k].job, result);
        done += costOf(tasks[k]);
        context.progress(done, total, tasks[k].doing);
      }),
    );
  } finally {
    await pool.destroy();
  }
  return first.map((k) => results[k] as Result);
}

/** For each task the first one with the same job. */
function firstOfEach(tasks: readonly SweepTask<unknown>[]): number[] {
  const places = new Map<string, number>();
  return tasks.map(({ job }, k) => {
    const key = JSON.stringify(job);
    if (!places.has(key)) places.set(key, k);
    return places.get(key)!;
  });
}

function startOf(missing: number, all: number): string {
  return missing === all
    ? `${all} parts to do`
    : `${missing} of ${all} parts to do; the others are there from a run that was stopped`;
}

function costOf(task: SweepTask<unknown>): number {
  return task.cost ?? 1;
}

async function runOne<Job, Result>(
  pool: Tinypool,
  task: SweepTask<Job>,
  signal: AbortSignal,
): Promise<Result> {
  try {
    return await pool.run(task.job, { signal });
  } catch (error) {
    if (signal.aborted) throw new InterruptedError();
    throw new RunError(`${task.doing}: ${(error as Error).message}`);
  }
}

/** Seeds of the replicates of each point: those asked for on the command line, or `repeats` from the first on. */
export function replicateSeeds(context: Pick<RunContext, 'seeds' | 'seed'>, repeats: number): number[] {
  if (context.seeds.length > 1) return [...context.seeds];
  return Array.from({ length: repeats }, (_, r) => context.seed + r);
}
