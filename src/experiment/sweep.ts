import { createHash } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Tinypool } from 'tinypool';
import { InterruptedError, RunError } from '../util/errors.js';
import { packageRoot, packageVersion } from '../util/package-root.js';
import type { RunContext } from './define.js';
import { writeFiles } from './run-folder.js';

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

  const total = distinct.reduce((sum, k) => sum + costOf(tasks[k]), 0);
  let done = total - missing.reduce((sum, k) => sum + costOf(tasks[k]), 0);
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
        results[k] = await runOne<Job, Result>(pool, tasks[k], context.signal);
        store.write(tasks[k].job, results[k]);
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

/** Results by the job that made them; a job is known by its JSON, its worker and the version of femtospike. */
class PartStore {
  constructor(
    private readonly folder: string | null,
    private readonly worker: string,
  ) {
    if (folder !== null) mkdirSync(folder, { recursive: true });
  }

  read<Result>(job: unknown): Result | undefined {
    if (this.folder === null) return undefined;
    const path = join(this.folder, this.nameOf(job));
    return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
  }

  write(job: unknown, result: unknown): void {
    if (this.folder !== null) writeFiles(this.folder, new Map([[this.nameOf(job), JSON.stringify(result)]]));
  }

  private nameOf(job: unknown): string {
    const key = JSON.stringify([packageVersion(), this.worker, job]);
    return `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.json`;
  }
}

/** Seeds of the replicates of each point: those asked for on the command line, or `repeats` from the first on. */
export function replicateSeeds(context: Pick<RunContext, 'seeds' | 'seed'>, repeats: number): number[] {
  if (context.seeds.length > 1) return [...context.seeds];
  return Array.from({ length: repeats }, (_, r) => context.seed + r);
}
