import { existsSync, renameSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { findExperiment } from '../experiment/find.js';
import { hostFacts, type Manifest, versionText } from '../experiment/manifest.js';
import { finishedRuns, readRun, type StoredRun, viewRun } from '../experiment/read-run.js';
import { resultFiles } from '../experiment/results.js';
import { type Files, writeFiles } from '../experiment/run-folder.js';
import { type IndexEntry, indexPage } from '../report/index-page.js';
import { commandLine } from '../report/report-page.js';
import { UsageError } from '../util/errors.js';
import { prettyJson } from '../util/json.js';
import { EXIT, oneLine, type SetExitCode } from './exit.js';
import { createProgress } from './progress.js';
import { shortPath } from './run-output.js';

/** `femtospike report RUN`: makes the report, figures and CSVs of a finished run again. */
export function reportCommand(setExitCode: SetExitCode): Command {
  return new Command('report')
    .description('make the report of a finished run again; with --all, of every run and an index page')
    .argument('[run]', 'run folder; with --all, the folder of all runs (default: runs)')
    .option('--all', 'every finished run, and an index page of them')
    .action(async (given: string | undefined, { all }: { all?: boolean }) => {
      if (all) return setExitCode(await reportAll(given ?? 'runs'));
      if (given === undefined)
        throw new UsageError('no run is named', 'report', 'Give a run folder, or --all for every run');
      const { folder } = await renderAgain(given);
      process.stdout.write(`${shortPath(join(folder, 'report.html'))}\n`);
    });
}

/** One run that cannot be shown again (its experiment is gone) is named and left out of the index. */
async function reportAll(out: string): Promise<number> {
  if (!existsSync(out) || !statSync(out).isDirectory())
    throw new UsageError('there is no such folder', out, "Run an experiment first: 'femtospike run --help'");
  const folders = finishedRuns(out);
  const progress = createProgress();
  const entries: IndexEntry[] = [];
  const skipped: string[] = [];
  for (const [i, folder] of folders.entries()) {
    progress.update(i, folders.length, folder);
    try {
      entries.push(await renderAgain(folder));
    } catch (error) {
      skipped.push(`femtospike: left out ${shortPath(folder)}: ${oneLine(error)}\n`);
    }
  }
  progress.end();
  process.stderr.write(skipped.join(''));
  writeRendered(resolve(out), new Map([['index.html', indexPage(entries, resolve(out))]]));
  process.stdout.write(`${shortPath(join(resolve(out), 'index.html'))}\n`);
  return skipped.length === 0 ? EXIT.good : EXIT.failed;
}

async function renderAgain(given: string): Promise<IndexEntry> {
  const run = readRun(given);
  const { found, files, results } = await resultsAgain(run);
  writeRendered(run.folder, files);
  const folder = run.manifest.resultsMissing ? completed(run) : run.folder;
  return { folder, manifest: run.manifest, experiment: found.experiment, results };
}

/**
 * What the experiment of today makes of a stored run.
 *
 * @throws UsageError if it cannot, and is not the one that made the run: what has changed, and how to run it again
 */
async function resultsAgain(run: StoredRun) {
  try {
    const { found, view } = await viewRun(run);
    return { found, ...resultFiles(found, view, run.manifest) };
  } catch (error) {
    const { experiment, command } = run.manifest;
    const changed = await changesSince(run.manifest);
    if (changed === null) throw error;
    throw new UsageError(
      `experiment '${experiment.id}' cannot show it (${oneLine(error)})`,
      run.folder,
      `${changed}. Run it again: ${commandLine(command)}`,
      { cause: error },
    );
  }
}

/** What is not as it was when a run was made, or null if nothing is known to have changed. */
async function changesSince(manifest: Manifest): Promise<string | null> {
  const [then, now] = [versionText(manifest), versionText(hostFacts())];
  if (then !== now) return `It was made by femtospike ${then}; this is ${now}`;
  const { file } = manifest.experiment;
  if (file === null) return null;
  const found = await findExperiment(file.path).catch(() => null);
  return found?.file?.sha256 === file.sha256 ? null : `${file.path} has changed since it was made`;
}

function writeRendered(folder: string, files: Files): void {
  try {
    writeFiles(folder, files);
  } catch (error) {
    const what = `it cannot be written (${(error as Error).message})`;
    throw new UsageError(what, folder, 'Copy the run to a folder that you may write to');
  }
}

/** A run that lacked nothing but its results has them now: it is finished, and loses the mark in its name. */
function completed({ folder, manifest }: StoredRun): string {
  delete manifest.resultsMissing;
  delete manifest.error;
  manifest.state = 'finished';
  writeFiles(folder, new Map([['manifest.json', prettyJson(manifest)]]));
  const name = folder.replace(/\.failed$/, '');
  if (name === folder || existsSync(name)) return folder;
  renameSync(folder, name);
  return name;
}
