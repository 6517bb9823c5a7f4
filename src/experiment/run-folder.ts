import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../util/errors.js';

/** How a run folder ended; only a finished one holds results. */
export type RunState = 'unfinished' | 'finished' | 'failed' | 'interrupted';

/** Content of a file by its name relative to the run folder. */
export type Files = Map<string, string | Uint8Array>;

/**
 * A run folder in the making. It is hidden (`.TIME-HASH.unfinished`) until everything is in it, and then takes
 * its name at once: whoever sees OUT/EXPERIMENT/TIME-HASH sees a whole run.
 */
export interface DraftFolder {
  /** Where the folder is while it is written. */
  readonly path: string;
  write(files: Files): void;
  /** Gives the folder its name: TIME-HASH, or TIME-HASH.failed or .interrupted. Returns where it is then. */
  close(state: Exclude<RunState, 'unfinished'>): string;
  /** Leaves nothing behind: removes the folder, and those above it that were made for it and are empty. */
  discard(): void;
}

/**
 * Starts the folder OUT/EXPERIMENT/TIME-HASH.
 *
 * @param out folder of all runs
 * @param started gives the time in the name (UTC)
 * @param hash SHA-256 of the configuration, of which the first eight digits are used
 * @throws UsageError if the folder cannot be made or written to
 */
export function startRunFolder(out: string, experiment: string, started: Date, hash: string): DraftFolder {
  const parent = join(resolve(out), experiment);
  const time = started.toISOString().slice(0, 19).replaceAll(':', '-');
  const made: string[] = [];
  const name = reserve(parent, `${time}-${hash.slice(0, 8)}`, out, made);
  const path = draftPath(parent, name);
  return {
    path,
    write: (files) => writeFiles(path, files),
    close(state) {
      const closed = join(parent, state === 'finished' ? name : `${name}.${state}`);
      renameSync(path, closed);
      return closed;
    },
    discard() {
      rmSync(path, { recursive: true, force: true });
      for (const folder of made.reverse()) if (readdirSync(folder).length === 0) rmdirSync(folder);
    },
  };
}

/** Makes the hidden folder of the first free name among NAME, NAME-2, NAME-3 … */
function reserve(parent: string, wanted: string, out: string, made: string[]): string {
  try {
    made.push(...makeFolder(parent));
    for (let copy = 1; ; copy++) {
      const name = copy === 1 ? wanted : `${wanted}-${copy}`;
      if (isFree(parent, name)) {
        writeFileSync(join(draftPath(parent, name), 'config.json'), '');
        return name;
      }
    }
  } catch (error) {
    throw new UsageError(
      `'${out}' cannot be written (${(error as Error).message})`,
      '--out',
      'Choose a folder that you may write to, with space left',
    );
  }
}

/** Takes a name, unless a folder of it is there: making a folder fails for all but one of several runs. */
function isFree(parent: string, name: string): boolean {
  if (['', '.failed', '.interrupted'].some((ending) => existsSync(join(parent, name + ending)))) return false;
  try {
    mkdirSync(draftPath(parent, name));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function draftPath(parent: string, name: string): string {
  return join(parent, `.${name}.unfinished`);
}

/** Writes files below `folder`, each under another name first, so that none is ever seen half written. */
export function writeFiles(folder: string, files: Files): void {
  for (const [name, content] of files) {
    const path = join(folder, name);
    makeFolder(dirname(path));
    writeFileSync(`${path}.part`, content);
    renameSync(`${path}.part`, path);
  }
}

/**
 * Makes a folder and those above it; returns the ones that were not there. (Node's own `recursive` never
 * returns below /proc.)
 */
function makeFolder(path: string): string[] {
  if (existsSync(path)) return [];
  const above = makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another run may have made it in the meantime.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return above;
  }
  return [...above, path];
}
