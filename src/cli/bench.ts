import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Command } from 'commander';
import { checkedConfig } from '../experiment/config.js';
import type { Cell } from '../experiment/define.js';
import { allowed, type KeySchema, keysOf, parseText } from '../experiment/schema.js';
import { didYouMean } from '../util/closest.js';
import { InterruptedError, UsageError } from '../util/errors.js';
import { formatCell } from '../util/format.js';
import { prettyJson } from '../util/json.js';
import type { Bench } from './define-bench.js';
import { onInterrupt } from './interrupt.js';
import { createProgress } from './progress.js';
import { widthOf, wrapped } from './terminal.js';
import { simpleTable } from './text-table.js';

const here = fileURLToPath(import.meta.url);
const extension = here.slice(here.lastIndexOf('.'));

/** Where benches are: those of parts of src, and those of whole networks, which src must not import. */
const FOLDERS = [join(dirname(here), 'bench'), join(dirname(here), '..', '..', 'experiments', 'bench')];

/** `femtospike bench NAME`: measures the speed of one part; the options of each come from its own file. */
export function benchCommand(): Command {
  return new Command('bench')
    .description('measure the speed of a part of femtospike on this machine')
    .argument('[name]', 'which part; leave it out to see them all')
    .argument('[options...]', "the bench's own options: see 'femtospike bench NAME --help'")
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (name: string | undefined, args: string[]) => {
      if (name === undefined || name.startsWith('-')) return void process.stdout.write(await benchList(name));
      const bench = await findBench(name);
      await subcommand(name, bench).parseAsync(args, { from: 'user' });
    });
}

/** The benches by name: every file in the folders, whether it is read or not. */
export function benchFiles(): Map<string, string> {
  const files = FOLDERS.filter((folder) => existsSync(folder)).flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith(extension) && !file.endsWith(`.d${extension}`))
      .map((file) => [file.slice(0, -extension.length), join(folder, file)] as const),
  );
  return new Map(files.sort());
}

/** The bench in a file, or undefined if the file only helps others. */
async function readBench(path: string): Promise<Bench | undefined> {
  return (await import(pathToFileURL(path).href)).default;
}

async function findBench(name: string): Promise<Bench> {
  const files = benchFiles();
  const path = files.get(name);
  const bench = path === undefined ? undefined : await readBench(path);
  if (bench !== undefined) return bench;
  const names = (await allBenches()).map(({ name }) => name);
  const todo = `${didYouMean(name, names)}Choose one of ${names.join(', ')}`;
  throw new UsageError(`there is no bench '${name}'`, 'bench', todo);
}

async function benchList(option: string | undefined): Promise<string> {
  if (option !== undefined && option !== '--help' && option !== '-h' && option !== '--json')
    throw new UsageError(`unknown option '${option}'`, 'bench', 'Name a bench first: femtospike bench NAME');
  const benches = await allBenches();
  if (option === '--json') return prettyJson(benches);
  const length = Math.max(...benches.map(({ name }) => name.length));
  const lines = benches.map(({ name, description }) => `  ${name.padEnd(length)}  ${description}`);
  const width = widthOf(process.stdout);
  const narrow = benches.map(
    ({ name, description }) => `  ${name}\n${wrapped(description, width, '      ')}`,
  );
  const fits = lines.every((line) => line.length <= width);
  return `Usage: femtospike bench NAME [options] [--json]\n\n${(fits ? lines : narrow).join('\n')}\n`;
}

async function allBenches(): Promise<{ name: string; description: string }[]> {
  const benches = [];
  for (const [name, path] of benchFiles()) {
    const bench = await readBench(path);
    if (bench !== undefined) benches.push({ name, description: bench.description });
  }
  return benches;
}

/** The command of one bench, its options made from the schema. */
function subcommand(name: string, bench: Bench): Command {
  const keys = keysOf(bench.options);
  const command = new Command(`femtospike bench ${name}`)
    .description(bench.description)
    .option('--json', 'print one JSON document')
    .exitOverride()
    .configureOutput({ outputError: () => {} });
  for (const [key, schema] of Object.entries(keys)) {
    const help = `${schema.description ?? ''} (${allowed(schema)}; default ${JSON.stringify(schema.default)})`;
    command.option(`--${dashed(key)} ${schema.type === 'boolean' ? '[value]' : '<value>'}`, help);
  }
  return command.action(async ({ json, ...given }: Record<string, string> & { json?: string }) => {
    const result = await measure(bench, parsed(given, keys));
    process.stdout.write(json ? prettyJson(result) : asText(result));
  });
}

async function measure(bench: Bench, given: Record<string, unknown>): Promise<Record<string, unknown>> {
  const options = checkedConfig(bench.options, given, 'bench');
  const interrupt = onInterrupt();
  const progress = createProgress();
  try {
    return await bench.run(options, { signal: interrupt.signal, progress: progress.update });
  } catch (error) {
    // What a process or a worker makes of being stopped says less than that it was.
    throw interrupt.signal.aborted ? new InterruptedError() : error;
  } finally {
    progress.end();
    interrupt.release();
  }
}

function parsed(
  given: Record<string, string | true>,
  keys: Record<string, KeySchema>,
): Record<string, unknown> {
  const values = Object.entries(given).map(([key, said]) => {
    // A switch may be given without a value.
    const text = String(said);
    const value = parseText(text, keys[key]);
    if (value === undefined)
      throw new UsageError(
        `'${text}' is not allowed`,
        `--${dashed(key)}`,
        `It must be: ${allowed(keys[key])}`,
      );
    return [key, value];
  });
  return Object.fromEntries(values);
}

/** One line a key; under them, a table for each key that holds rows. */
function asText(result: Record<string, unknown>): string {
  const isTable = (cell: unknown): cell is Record<string, Cell>[] =>
    Array.isArray(cell) && cell.length > 0 && typeof cell[0] === 'object';
  const tables = Object.values(result).filter(isTable);
  const lines = Object.entries(result).filter(([, cell]) => !isTable(cell));
  const text = tables.map((rows) => `${simpleTable(Object.keys(rows[0]), rows)}\n`);
  return [asLines(Object.fromEntries(lines)), ...text].filter((part) => part !== '').join('\n');
}

function asLines(result: Record<string, unknown>): string {
  const width = Math.max(...Object.keys(result).map((key) => key.length));
  const value = (cell: unknown) =>
    typeof cell === 'number' || typeof cell === 'string' || cell === null
      ? formatCell(cell)
      : JSON.stringify(cell);
  return Object.entries(result)
    .map(([key, cell]) => `${key.padEnd(width)}  ${value(cell)}\n`)
    .join('');
}

/** hiddenUnits → hidden-units, as commander turns it back. */
function dashed(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
