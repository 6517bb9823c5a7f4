import { Command, CommanderError } from 'commander';
import { packageVersion } from '../util/package-root.js';
import { benchCommand } from './bench.js';
import { compareCommand } from './compare.js';
import { doctorCommand } from './doctor.js';
import { EXIT, exitCodeOf, oneLine, type SetExitCode } from './exit.js';
import { listCommand } from './list.js';
import { priceCommand } from './price.js';
import { reportCommand } from './report.js';
import { runCommand } from './run.js';

/** Every command makes itself; a new one is one file and one line here. */
const COMMANDS: ((setExitCode: SetExitCode) => Command)[] = [
  listCommand,
  runCommand,
  priceCommand,
  reportCommand,
  compareCommand,
  benchCommand,
  doctorCommand,
];

/**
 * Runs a command line and returns the exit code: 0 good, 1 a failed claim or run, 2 a wrong call or
 * configuration, 130 interrupted. Errors end as one line on stderr.
 */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreClosedPipe);
  let code: number = EXIT.good;
  const program = new Command('femtospike')
    .description('Spiking networks in which every joule has an address.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpCommand(false)
    .enablePositionalOptions();
  for (const make of COMMANDS)
    program.addCommand(
      make((result) => {
        code = result;
      }),
    );
  for (const command of [program, ...program.commands]) quietErrors(command);

  try {
    if (args.length === 0) {
      process.stderr.write(program.helpInformation());
      return EXIT.wrongCall;
    }
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    code = exitCodeOf(error);
    const isAnswer = error instanceof CommanderError && code === EXIT.good;
    if (!isAnswer) process.stderr.write(`femtospike: ${oneLine(error)}\n`);
    if (process.env.FEMTOSPIKE_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  }
  await flushed();
  return code;
}

/** Commander throws instead of exiting, and leaves it to us to print the error. */
function quietErrors(command: Command): void {
  command.exitOverride().configureOutput({ outputError: () => {} });
}

/** A reader that has seen enough (`| head`) is no error. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

/** Waits until stdout has taken all that was written: the process is about to be ended. */
function flushed(): Promise<void> {
  return new Promise((resolve) => {
    if (process.stdout.writable) process.stdout.write('', () => resolve());
    else resolve();
  });
}
