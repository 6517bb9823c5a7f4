import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { didYouMean } from '../util/closest.js';
import { UsageError } from '../util/errors.js';
import type { Experiment } from './define.js';
import { looksLikePath, type OwnFile, readOwnFile } from './own-file.js';

/** An experiment and, if it is not one of the package's own, the file that it was read from. */
export interface FoundExperiment {
  // biome-ignore lint/suspicious/noExplicitAny: the metrics of an experiment are known to itself alone
  experiment: Experiment<any, any>;
  file: OwnFile | null;
}

const here = fileURLToPath(import.meta.url);
const folder = join(dirname(here), '..', '..', 'experiments');
/** `.ts` when femtospike runs from its sources, `.js` when it was built. */
const extension = here.slice(here.lastIndexOf('.'));

/** Names of the package's own experiments: the files in its folder experiments/, in alphabetical order. */
export function experimentNames(): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(extension) && !name.endsWith(`.d${extension}`))
    .map((name) => name.slice(0, -extension.length))
    .sort();
}

/**
 * The experiment called `nameOrPath`, or the one declared in the file at that path.
 *
 * @throws UsageError if there is none, or if the file does not declare one
 */
export async function findExperiment(nameOrPath: string): Promise<FoundExperiment> {
  const names = experimentNames();
  if (names.includes(nameOrPath)) {
    const module = await import(pathToFileURL(join(folder, nameOrPath + extension)).href);
    return { experiment: module.default, file: null };
  }
  if (looksLikePath(nameOrPath)) return readOwnFile(nameOrPath);
  throw new UsageError(
    `there is no experiment '${nameOrPath}'`,
    'EXPERIMENT',
    `${didYouMean(nameOrPath, names)}Choose one of ${names.join(', ')}, or give the path of a .ts or .js file`,
  );
}
