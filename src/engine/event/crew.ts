import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { BARRIER_WORDS } from '../../util/barrier.js';
import { RunError } from '../../util/errors.js';
import { packageRoot } from '../../util/package-root.js';
import { Mailbox } from './mailbox.js';
import type { Plan } from './plan.js';
import type { Changes, SliceWeights } from './plastic.js';
import { type BuildReport, Runner, type Shared } from './runner.js';
import type { SpikeLogData } from './spike-log.js';
import type { TraceData } from './trace-log.js';
import type { Command, WorkerStart } from './worker.js';

/** The threads of one simulation: this one alone, or workers. */
export interface Crew {
  /** What each thread has built. */
  readonly reports: BuildReport[];
  run(from: number, steps: number): Promise<void>;
  takeSpikes(): Promise<SpikeLogData[]>;
  /** By thread and population: neurons × steps advanced so far. */
  neuronUpdates(): Promise<Float64Array[]>;
  /** By thread, trace and slice. */
  takeTraces(): Promise<TraceData[][][]>;
  /** The weights of a projection that learns at the beginning of `step`, slice by slice. */
  weights(projection: number, step: number): Promise<SliceWeights[]>;
  /** What learning has done before `step`, slice by slice. */
  changes(step: number): Promise<Changes[]>;
  close(): Promise<void>;
}

/** Starts as many threads as are asked for and builds the slices of the plan in them. */
export async function startCrew(plan: Plan, threads: number): Promise<Crew> {
  const shared: Shared = {
    threads,
    mailbox: plan.slices > 1 ? new Mailbox(plan).memory : new SharedArrayBuffer(0),
    barrier: new SharedArrayBuffer(4 * BARRIER_WORDS),
  };
  if (threads === 1) return new LoneCrew(plan, shared);
  const perThread = plan.slices / threads;
  const starts = Array.from({ length: threads }, (_, thread) => ({
    plan,
    slices: Array.from({ length: perThread }, (_, i) => thread * perThread + i),
    shared,
  }));
  return WorkerCrew.start(starts);
}

/** One thread is the same code without workers. */
class LoneCrew implements Crew {
  readonly reports: BuildReport[];
  private runner: Runner | null;

  constructor(plan: Plan, shared: Shared) {
    const slices = Array.from({ length: plan.slices }, (_, i) => i);
    const runner = new Runner(plan, slices, shared);
    this.reports = [runner.report()];
    this.runner = runner;
  }

  private get open(): Runner {
    if (this.runner === null) throw closed();
    return this.runner;
  }

  async run(from: number, steps: number): Promise<void> {
    this.open.run(from, steps);
  }

  async takeSpikes(): Promise<SpikeLogData[]> {
    return [this.open.takeSpikes()];
  }

  async neuronUpdates(): Promise<Float64Array[]> {
    return [this.open.neuronUpdates()];
  }

  async takeTraces(): Promise<TraceData[][][]> {
    return [this.open.takeTraces()];
  }

  async weights(projection: number, step: number): Promise<SliceWeights[]> {
    return this.open.weights(projection, step);
  }

  async changes(step: number): Promise<Changes[]> {
    return this.open.changes(step);
  }

  async close(): Promise<void> {
    this.runner = null;
  }
}

const closed = () => new RunError('the simulation is closed');

type Answer = { result: unknown } | { error: string };

class WorkerCrew implements Crew {
  reports: BuildReport[] = [];
  private failure: Error | null = null;
  private last: Promise<unknown> = Promise.resolve();
  private waiting: {
    left: number;
    results: unknown[];
    resolve(results: unknown[]): void;
    reject(error: Error): void;
  } | null = null;

  private constructor(private readonly workers: Worker[]) {
    workers.forEach((worker, i) => {
      worker.on('message', (answer: Answer) => {
        if ('error' in answer) this.fail(answer.error);
        else this.receive(i, answer.result);
      });
      worker.on('error', (error) => this.fail(`worker thread ${i} died: ${error.message}`));
      worker.on('exit', (code) => this.fail(`worker thread ${i} ended with code ${code}`));
    });
  }

  static async start(starts: WorkerStart[]): Promise<Crew> {
    const script = join(packageRoot(), 'dist', 'src', 'engine', 'event', 'worker.js');
    if (!existsSync(script)) throw new Error(`${script} is missing: run "npm run build"`);
    const crew = new WorkerCrew(
      starts.map((workerData) => new Worker(pathToFileURL(script), { workerData })),
    );
    crew.reports = (await crew.answers()) as BuildReport[];
    return crew;
  }

  async run(from: number, steps: number): Promise<void> {
    await this.command({ do: 'run', from, steps });
  }

  async takeSpikes(): Promise<SpikeLogData[]> {
    return (await this.command({ do: 'spikes' })) as SpikeLogData[];
  }

  async neuronUpdates(): Promise<Float64Array[]> {
    return (await this.command({ do: 'updates' })) as Float64Array[];
  }

  async takeTraces(): Promise<TraceData[][][]> {
    return (await this.command({ do: 'traces' })) as TraceData[][][];
  }

  async weights(projection: number, step: number): Promise<SliceWeights[]> {
    return ((await this.command({ do: 'weights', projection, step })) as SliceWeights[][]).flat();
  }

  async changes(step: number): Promise<Changes[]> {
    return ((await this.command({ do: 'changes', step })) as Changes[][]).flat();
  }

  async close(): Promise<void> {
    this.failure ??= closed();
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  /** Commands wait for the one before: the threads answer one at a time. */
  private command(command: Command): Promise<unknown[]> {
    const answered = this.last.then(() => {
      if (this.failure !== null) throw this.failure;
      const answers = this.answers();
      for (const worker of this.workers) worker.postMessage(command);
      return answers;
    });
    this.last = answered.catch(() => {});
    return answered;
  }

  private answers(): Promise<unknown[]> {
    return new Promise((resolve, reject) => {
      this.waiting = { left: this.workers.length, results: [], resolve, reject };
    });
  }

  private receive(worker: number, result: unknown): void {
    const { waiting } = this;
    if (waiting === null) return;
    waiting.results[worker] = result;
    waiting.left -= 1;
    if (waiting.left > 0) return;
    this.waiting = null;
    waiting.resolve(waiting.results);
  }

  /** The others may be waiting for the one that failed: all are ended. */
  private fail(reason: string): void {
    if (this.failure !== null) return;
    this.failure = new RunError(reason);
    this.waiting?.reject(this.failure);
    this.waiting = null;
    for (const worker of this.workers) void worker.terminate();
  }
}
