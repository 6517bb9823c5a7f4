import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Command } from 'commander';
import { checkedConfig } from '../experiment/config.js';
import { allowed, type KeySchema, keysOf, parseText } from '../experiment/schema.js';
import { didYouMean } from '../util/closest.js';
import { UsageError } from '../util/errors.js';
import { formatCell } from '../util/format.js';
import { prettyJson } from '../util/json.js';
import type { Bench } from './define-bench.js';
import { onInterrupt } from './interrupt.js';
import { createProgress } from './progress.js';

const here = fileURLToPath(import.meta.url);
const folder = join(dirname(here), 'bench');
const extension = here.slice(here.lastIndexOf('.'));

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
      const bench = await loadBench(name);
      await subcommand(name, bench).parseAsync(args, { from: 'user' });
    });
}

/** Names of the benches: the files in src/cli/bench/. */
export function benchNames(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(extension) && !file.endsWith(`.d${extension}`))
    .map((file) => file.slice(0, -extension.length))
    .sort();
}

async function loadBench(name: string): Promise<Bench> {
  const names = benchNames();
  if (!names.includes(name))
    throw new UsageError(
      `there is no bench '${name}'`,
      'bench',
      `${didYouMean(name, names)}Choose one of ${names.join(', ')}`,
    );
  return (await import(pathToFileURL(join(folder, name + extension)).href)).default;
}

async function benchList(option: string | undefined): Promise<string> {
  if (option !== undefined && option !== '--help' && option !== '-h' && option !== '--json')
    throw new UsageError(`unknown option '${option}'`, 'bench', 'Name a bench first: femtospike bench NAME');
  const benches = [];
  for (const name of benchNames()) benches.push({ name, description: (await loadBench(name)).description });
  if (option === '--json') return prettyJson(benches);
  const lines = benches.map(({ name, description }) => `  ${name}  ${description}\n`);
  return `Usage: femtospike bench NAME [options] [--json]\n\n${lines.join('')}`;
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
    command.option(`--${dashed(key)} <value>`, help);
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
  } finally {
    progress.end();
    interrupt.release();
  }
}

function parsed(given: Record<string, string>, keys: Record<string, KeySchema>): Record<string, unknown> {
  const values = Object.entries(given).map(([key, text]) => {
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

function asText(result: Record<string, unknown>): string {
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
