import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { RunError } from '../../util/errors.js';
import { packageRoot } from '../../util/package-root.js';
import type { Command, WorkerStart } from './worker.js';

/**
 * The worker threads of one trainer. Every command goes to all of them and is done when all have answered.
 * A worker that dies ends the crew: the others may be waiting for it.
 */
export class Crew {
  private readonly workers: Worker[];
  private failure: Error | undefined;
  private pending: { left: number; resolve: () => void; reject: (error: Error) => void } | undefined;

  constructor(starts: WorkerStart[]) {
    const script = join(packageRoot(), 'dist', 'src', 'learning', 'eventprop', 'worker.js');
    if (!existsSync(script)) throw new Error(`${script} is missing: run "npm run build"`);
    this.workers = starts.map((workerData) => new Worker(pathToFileURL(script), { workerData }));
    for (const [i, worker] of this.workers.entries()) {
      worker.on('message', () => this.answered());
      worker.on('error', (error) => this.failed(`worker thread ${i} died: ${error.message}`));
      worker.on('exit', (code) => this.failed(`worker thread ${i} ended with code ${code}`));
    }
  }

  /** Gives a command to all workers; resolves when all have carried it out. */
  run(command: Command): Promise<void> {
    if (this.failure) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      this.pending = { left: this.workers.length, resolve, reject };
      for (const worker of this.workers) worker.postMessage(command);
    });
  }

  /** Ends the workers, whatever they are doing. */
  async close(): Promise<void> {
    this.failure ??= new RunError('the trainer is closed');
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  private answered(): void {
    if (this.pending && --this.pending.left === 0) {
      const { resolve } = this.pending;
      this.pending = undefined;
      resolve();
    }
  }

  private failed(reason: string): void {
    if (this.failure) return;
    this.failure = new RunError(reason);
    this.pending?.reject(this.failure);
    this.pending = undefined;
    for (const worker of this.workers) void worker.terminate();
  }
}
