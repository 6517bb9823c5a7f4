import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot, packageVersion } from '../util/package-root.js';
import { writeFiles } from './run-folder.js';

/**
 * Results of jobs in a folder, each in a file by its own name. A result is found again by the JSON of its job, its
 * worker, the version of femtospike, and the compiled program: what another program made is never taken.
 */
export class PartStore {
  private readonly program: string;

  /** @param folder null: nothing is kept */
  constructor(
    private readonly folder: string | null,
    private readonly worker: string,
  ) {
    this.program = folder === null ? '' : programHash();
    if (folder !== null) mkdirSync(folder, { recursive: true });
  }

  /** The result of a job, or undefined if it is not there, or not whole. */
  read<Result>(job: unknown): Result | undefined {
    if (this.folder === null) return undefined;
    const path = join(this.folder, this.nameOf(job));
    if (!existsSync(path)) return undefined;
    try {
      return JSON.parse(readFileSync(path, 'utf8'));
    } catch {
      // A machine that lost power may leave an empty file; the job is done again.
      return undefined;
    }
  }

  /** Keeps a result, and returns it as it will be read: a run that was stopped in between gives the same numbers. */
  keep<Result>(job: unknown, result: Result): Result {
    const text = JSON.stringify(result);
    if (this.folder !== null) writeFiles(this.folder, new Map([[this.nameOf(job), text]]));
    return JSON.parse(text);
  }

  private nameOf(job: unknown): string {
    const key = JSON.stringify([packageVersion(), this.program, this.worker, job]);
    return `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.json`;
  }
}

/** What no worker runs: how commands are read, reports drawn, and jobs made. */
const APART = ['src/cli', 'src/report', 'src/experiment', 'experiments'];

let hashed: string | undefined;

/** SHA-256 of the compiled files that workers run. */
function programHash(): string {
  if (hashed !== undefined) return hashed;
  const root = join(packageRoot(), 'dist');
  const hash = createHash('sha256');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /\.(js|wasm)$/.test(file) && !APART.some((folder) => file.startsWith(`${folder}/`)))
    .sort();
  for (const file of files) hash.update(file).update(readFileSync(join(root, file)));
  hashed = hash.digest('hex');
  return hashed;
}
