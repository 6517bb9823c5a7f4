import os from 'node:os';
import { Command, Option } from 'commander';
import { resolveConfig } from '../experiment/config.js';
import type { BackendChoice, EngineName, Preset } from '../experiment/define.js';
import { experimentNames, type FoundExperiment, findExperiment } from '../experiment/find.js';
import { type FinishedRun, runExperiment } from '../experiment/run.js';
import { InterruptedError, UsageError } from '../util/errors.js';
import { prettyJson } from '../util/json.js';
import { EXIT, exitCodeOf, oneLine, type SetExitCode } from './exit.js';
import { experimentHelp } from './experiment-help.js';
import { onInterrupt } from './interrupt.js';
import { collect, oneOf, wholeNumber } from './options.js';
import { createProgress } from './progress.js';
import { type AllRow, allSummary, runJson, runSummary } from './run-output.js';
import { refuseSettings, settingsAmong } from './settings.js';

const ENGINES: readonly EngineName[] = ['event', 'tensor'];
const BACKENDS: readonly BackendChoice[] = ['auto', 'tensorflow', 'webgpu', 'wasm', 'cpu'];

interface RunOptions {
  quick?: boolean;
  full?: boolean;
  seed: number;
  seeds: number;
  engine: EngineName;
  backend: BackendChoice;
  threads: number;
  set: string[];
  out: string;
  json?: boolean;
  help?: boolean;
}

/** `femtospike run EXPERIMENT`: runs one experiment (or all), prints its first table, claims and finding. */
export function runCommand(setExitCode: SetExitCode): Command {
  return (
    new Command('run')
      .description("run an experiment: a name from 'femtospike list', a file of your own, or 'all'")
      .argument('[experiment]', 'name, path or all')
      .argument('[settings...]', 'further key=value after --set; or a key as an option: --scale 0.1')
      .allowUnknownOption()
      .option('--quick', 'a sketch for the classroom')
      .option('--full', 'everything, as in the paper')
      .option('--seed <n>', 'first seed', wholeNumber('--seed', 0), 1)
      .option('--seeds <n>', 'how many seeds, one replicate each', wholeNumber('--seeds', 1, 1000), 1)
      .option(
        '--engine <name>',
        'for simulated networks: event (cores of the processor) or tensor (a GPU)',
        oneOf('--engine', ENGINES),
        'event',
      )
      .option(
        '--backend <name>',
        `for dense networks and --engine tensor: ${BACKENDS.join(', ')}`,
        oneOf('--backend', BACKENDS),
        'auto',
      )
      .option('--threads <n>', 'worker threads', wholeNumber('--threads', 1, 1024), os.availableParallelism())
      .addOption(
        new Option('--set <key=value>', 'change keys of the configuration: --set a=1 b=2')
          .argParser(collect)
          .default([], 'none'),
      )
      .option('--out <dir>', 'folder of all runs', 'runs')
      .option('--json', 'print one JSON document instead of text')
      // Its own option, since the help of an experiment comes from a file that must be read first.
      .helpOption(false)
      .option('-h, --help', "this help; after an experiment's name, its configuration")
      .action(async (name: string | undefined, more: string[], options: RunOptions, command: Command) => {
        if (options.help) return void process.stdout.write(await helpText(name, command));
        if (name === undefined)
          throw new UsageError(
            'no experiment is named',
            'run',
            `Choose one of ${experimentNames().join(', ')}, or all`,
          );
        if (options.quick && options.full)
          throw new UsageError('both --quick and --full are given', 'run', 'Choose one of them');
        const known = command.options.map(({ long }) => long ?? '');
        setExitCode(
          await (name === 'all' ? runAll(more, known, options) : runOne(name, more, known, options)),
        );
      })
  );
}

async function helpText(name: string | undefined, command: Command): Promise<string> {
  const general = command.helpInformation();
  return name === undefined || name === 'all'
    ? general
    : experimentHelp((await findExperiment(name)).experiment);
}

async function runOne(
  name: string,
  words: readonly string[],
  known: readonly string[],
  options: RunOptions,
): Promise<number> {
  if (name.startsWith('-')) refuseSettings([name], known);
  const found = await findExperiment(name);
  const more = settingsAmong(words, found.experiment.config, {
    afterSet: options.set.length > 0,
    options: known,
  });
  const set = [...options.set, ...more];
  const run = await withInterrupt((signal) => execute(found, name, { ...options, set }, signal));
  process.stdout.write(options.json ? prettyJson(runJson(run)) : runSummary(run));
  return run.results.claims.every((claim) => claim.pass) ? EXIT.good : EXIT.failed;
}

/** Runs every experiment of the package. One that fails does not keep the others from running. */
async function runAll(
  words: readonly string[],
  known: readonly string[],
  options: RunOptions,
): Promise<number> {
  refuseSettings(words, known);
  if (options.set.length > 0)
    throw new UsageError(
      "'all' cannot be combined with --set",
      '--set',
      'Run one experiment, or leave it out',
    );
  const rows = await withInterrupt(async (signal) => {
    const rows: AllRow[] = [];
    for (const name of experimentNames()) {
      if (signal.aborted) throw new InterruptedError();
      try {
        const run = await execute(await findExperiment(name), name, options, signal);
        rows.push({ experiment: name, run });
      } catch (error) {
        if (exitCodeOf(error) !== EXIT.failed) throw error;
        rows.push({ experiment: name, error: oneLine(error) });
      }
    }
    return rows;
  });
  const { text, json, good } = allSummary(rows);
  process.stdout.write(options.json ? prettyJson(json) : text);
  return good ? EXIT.good : EXIT.failed;
}

async function execute(
  found: FoundExperiment,
  name: string,
  options: RunOptions,
  signal: AbortSignal,
): Promise<FinishedRun> {
  const preset: Preset = options.quick ? 'quick' : options.full ? 'full' : 'default';
  const config = resolveConfig(found.experiment, preset, options.set);
  const progress = createProgress();
  try {
    return await runExperiment({
      found,
      config,
      preset,
      seed: options.seed,
      seeds: options.seeds,
      threads: options.threads,
      engine: options.engine,
      backend: options.backend,
      out: options.out,
      command: commandFor(name, preset, options),
      signal,
      progress: progress.update,
      note: progress.note,
    });
  } finally {
    progress.end();
  }
}

/** The shortest call that makes the same run: what differs from the defaults, and the seed. */
function commandFor(name: string, preset: Preset, options: RunOptions): string[] {
  const words = ['femtospike', 'run', name];
  if (preset !== 'default') words.push(`--${preset}`);
  words.push('--seed', String(options.seed));
  if (options.seeds > 1) words.push('--seeds', String(options.seeds));
  if (options.engine !== 'event') words.push('--engine', options.engine);
  if (options.backend !== 'auto') words.push('--backend', options.backend);
  for (const setting of options.set) words.push('--set', setting);
  return words;
}

/** Does `work` with a signal that Ctrl-C aborts. */
async function withInterrupt<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupt = onInterrupt();
  try {
    return await work(interrupt.signal);
  } finally {
    interrupt.release();
  }
}
