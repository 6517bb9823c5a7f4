import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { register } from 'node:module';
import { basename, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { UsageError } from '../util/errors.js';
import type { FoundExperiment } from './find.js';

/** Where an experiment of somebody's own came from, and what the file held. */
export interface OwnFile {
  path: string;
  sha256: string;
}

const EXTENSIONS = ['.ts', '.mts', '.js', '.mjs'];

/** Whether an argument means a file rather than the name of an experiment. */
export function looksLikePath(argument: string): boolean {
  return /[/\\]/.test(argument) || EXTENSIONS.includes(extname(argument));
}

/**
 * Reads an experiment from a file outside the package. In it, `import … from 'femtospike'` means this very
 * package, and the packages that femtospike uses (zod, @observablehq/plot …) can be imported as well.
 *
 * @throws UsageError if the file is missing, cannot be loaded or declares no experiment
 */
export async function readOwnFile(given: string): Promise<FoundExperiment> {
  const { path, value } = await importOwnFile(given);
  const experiment = checkedExperiment(value, path);
  return { experiment, file: { path, sha256: sha256(readFileSync(path)) } };
}

/**
 * The default export of a script outside the package.
 * @param others endings of files that are read in another way, to be named with those of scripts
 * @throws UsageError if the file is missing or cannot be loaded
 */
export async function importOwnFile(
  given: string,
  others: readonly string[] = [],
): Promise<{ path: string; value: unknown }> {
  const path = resolve(given);
  if (!existsSync(path) || !statSync(path).isFile())
    throw new UsageError('there is no such file', path, 'Give the path of a .ts or .js file');
  if (!EXTENSIONS.includes(extname(path)))
    throw new UsageError(
      `it ends in '${extname(path)}'`,
      path,
      `It must be one of ${[...EXTENSIONS, ...others].join(', ')}`,
    );

  await lendPackages();
  let module: { default?: unknown };
  try {
    module = await import(/* @vite-ignore */ pathToFileURL(path).href);
  } catch (error) {
    if ((error as Error).name === 'UsageError') throw error;
    throw new UsageError(
      `the file cannot be loaded: ${firstLine(error)}`,
      path,
      /^(module|exports|require) is not defined/.test(firstLine(error))
        ? 'Write it as a module: "export default …" in place of "module.exports = …", "import" in place of "require"'
        : 'Mend it, or set FEMTOSPIKE_DEBUG=1 to see the whole error',
      { cause: error },
    );
  }
  return { path, value: module.default };
}

const REQUIRED = {
  title: 'string',
  question: 'string',
  prediction: 'string',
  presets: 'object',
  run: 'function',
  tables: 'function',
  figures: 'function',
  claims: 'function',
  finding: 'function',
  caveats: 'function',
};

function checkedExperiment(value: unknown, path: string): FoundExperiment['experiment'] {
  const todo = 'Export defineExperiment({ id, title, question, …, run }) from it as the default';
  if (typeof value !== 'object' || value === null)
    throw new UsageError('the file has no experiment as its default export', path, todo);
  const given = value as Record<string, unknown>;
  for (const [key, type] of Object.entries(REQUIRED)) {
    const found = given[key] === null ? 'null' : typeof given[key];
    if (found !== type) throw new UsageError(`'${key}' is ${found}, not a ${type}`, path, todo);
  }
  if (typeof given.id !== 'string' || !/^[a-z0-9][a-z0-9-]*$/.test(given.id)) {
    const rule = `Write it in small letters, digits and dashes, such as '${basename(path, extname(path)).toLowerCase()}'`;
    throw new UsageError(`'id' is ${JSON.stringify(given.id)}`, path, rule);
  }
  if (!(given.config instanceof z.ZodObject))
    throw new UsageError("'config' is no zod object", path, 'Write config: z.strictObject({ … })');
  return value as FoundExperiment['experiment'];
}

let lent = false;

/** Lets files anywhere import TypeScript, this package and its dependencies. */
async function lendPackages(): Promise<void> {
  if (lent) return;
  lent = true;
  const tsx = await import('tsx/esm/api');
  // Registered without a namespace: a namespace would load a second copy of every module of this package.
  tsx.register({ tsconfig: false });
  const index = new URL(`../index${extname(import.meta.url)}`, import.meta.url).href;
  register(`data:text/javascript,${encodeURIComponent(RESOLVE_HOOK)}`, { data: { index } });
}

/**
 * Runs in the loader's own thread, hence as text: no file of ours need be found there, built or not.
 * Without a package.json beside them, TypeScript files would be taken for CommonJS, whatever is in them.
 */
const RESOLVE_HOOK = `
let index;
export function initialize(data) {
  index = data.index;
}
export async function resolve(specifier, context, next) {
  if (specifier === 'femtospike') return next(index, context);
  try {
    const found = await next(specifier, context);
    const isScript = /^file:.*[.][tj]s([?#]|$)/.test(found.url) && !found.url.includes('/node_modules/');
    const isModule = isScript && found.format === 'commonjs' && (specifier === found.url || /[.]ts/.test(found.url));
    return isModule ? { ...found, format: 'module' } : found;
  } catch (error) {
    const bare = !/^[./]|^[a-z]+:/.test(specifier);
    if (bare && error.code === 'ERR_MODULE_NOT_FOUND') return next(specifier, { ...context, parentURL: index });
    throw error;
  }
}
`;

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function firstLine(error: unknown): string {
  return String((error as Error)?.message ?? error).split('\n')[0];
}
