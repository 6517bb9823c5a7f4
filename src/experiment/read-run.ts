import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Ledger } from '../energy/ledger.js';
import { UsageError } from '../util/errors.js';
import { type Config, checkedConfig } from './config.js';
import type { RunView } from './define.js';
import { type FoundExperiment, findExperiment } from './find.js';
import { readLedgers } from './ledger-file.js';
import type { Manifest } from './manifest.js';

/** A run folder read back. */
export interface StoredRun {
  folder: string;
  manifest: Manifest;
  config: Config;
  metrics: unknown;
}

/**
 * Reads a run folder: manifest, configuration and metrics. Its run must have come to its metrics.
 *
 * @throws UsageError if the folder is none, is no run folder, or its run did not finish
 */
export function readRun(given: string): StoredRun {
  const folder = resolve(given);
  const todo = "Give a folder that 'femtospike run' wrote, such as runs/EXPERIMENT/TIME-HASH";
  if (!existsSync(folder)) throw new UsageError('there is no such folder', folder, todo);
  const isRun = statSync(folder).isDirectory() && existsSync(join(folder, 'manifest.json'));
  if (!isRun) throw new UsageError('it is no run folder (no manifest.json in it)', folder, todo);
  const manifest = readJson(folder, 'manifest.json') as Manifest;
  if (manifest?.format !== 'femtospike-run-1')
    throw new UsageError('its manifest.json is not one of femtospike', folder, todo);
  if (manifest.state !== 'finished' && !manifest.resultsMissing) {
    const reason = manifest.error === undefined ? '' : ` (${manifest.error})`;
    throw new UsageError(`its run is marked ${manifest.state}${reason}`, folder, 'Run the experiment again');
  }
  const config = readJson(folder, 'config.json') as Config;
  return { folder, manifest, config, metrics: readJson(folder, 'metrics.json') };
}

/** The ledgers of a stored run. */
export function ledgersOf(run: StoredRun): Ledger[] {
  return readLedgers(run.folder);
}

/**
 * The experiment of a stored run, with the run as its figures and claims want to see it.
 *
 * @throws UsageError if the experiment is no longer there, or knows the configuration no more
 */
export async function viewRun(
  run: StoredRun,
): Promise<{ found: FoundExperiment; view: RunView<Config, unknown> }> {
  const { manifest, folder, metrics } = run;
  const found = await findExperiment(manifest.experiment.file?.path ?? manifest.experiment.id);
  const config = checkedConfig(found.experiment.config, run.config, join(folder, 'config.json'));
  const { preset, seeds, recorded } = manifest;
  return { found, view: { config, preset, seeds, metrics, ledgers: ledgersOf(run), recorded } };
}

function readJson(folder: string, name: string): unknown {
  const path = join(folder, name);
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const what = `it cannot be read (${(error as Error).message})`;
    throw new UsageError(what, path, 'The run folder is damaged: run the experiment again');
  }
}

/** Folders of the finished runs below OUT (OUT/EXPERIMENT/TIME-HASH), in alphabetical order. */
export function finishedRuns(out: string): string[] {
  const folders = (path: string) =>
    readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => join(path, entry.name))
      .sort();
  return folders(resolve(out)).flatMap(folders).filter(isFinished);
}

function isFinished(folder: string): boolean {
  try {
    return JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')).state === 'finished';
  } catch {
    return false;
  }
}
