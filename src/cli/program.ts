import { Command, CommanderError } from 'commander';
import { packageVersion } from '../util/package-root.js';
import { EXIT, exitCodeOf, oneLine, type SetExitCode } from './exit.js';

type MakeCommand = (setExitCode: SetExitCode) => Command;

/** Every command is one file and one line here. It is loaded when it is called, or when all are listed. */
const COMMANDS: Record<string, () => Promise<MakeCommand>> = {
  list: async () => (await import('./list.js')).listCommand,
  run: async () => (await import('./run.js')).runCommand,
  price: async () => (await import('./price.js')).priceCommand,
  tariffs: async () => (await import('./tariffs.js')).tariffsCommand,
  report: async () => (await import('./report.js')).reportCommand,
  compare: async () => (await import('./compare.js')).compareCommand,
  bench: async () => (await import('./bench.js')).benchCommand,
  doctor: async () => (await import('./doctor.js')).doctorCommand,
};

/**
 * Runs a command line and returns the exit code: 0 good, 1 a failed claim or run, 2 a wrong call or
 * configuration, 130 interrupted. Errors end as one line on stderr.
 */
export async function runCommandLine(given: readonly string[]): Promise<number> {
  const args = given[0] === 'help' ? [...given.slice(1), '--help'] : given;
  let code: number = EXIT.good;
  const program = new Command('femtospike')
    .description('Spiking networks in which every joule has an address.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpCommand(false)
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .enablePositionalOptions();
  const called = Object.hasOwn(COMMANDS, args[0] ?? '') ? [args[0]] : Object.keys(COMMANDS);
  for (const name of called) {
    const make = await COMMANDS[name]();
    program.addCommand(
      make((result) => {
        code = result;
      }),
    );
  }
  quietErrors(program);

  try {
    if (args.length === 0) {
      process.stderr.write(program.helpInformation());
      return EXIT.wrongCall;
    }
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    code = exitCodeOf(error);
    const isAnswer = error instanceof CommanderError && code === EXIT.good;
    const line = error instanceof CommanderError ? withTodo(oneLine(error), args) : oneLine(error);
    if (!isAnswer) process.stderr.write(`femtospike: ${line}\n`);
    if (process.env.FEMTOSPIKE_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  }
  await flushed();
  return code;
}

/** Commander says what is wrong with a call, not what to do. */
function withTodo(line: string, [command = '', bench = '']: readonly string[]): string {
  const words = Object.hasOwn(COMMANDS, command) ? [command] : [];
  if (command === 'bench') words.push(bench);
  return `${line.replace(/\.$/, '')}. See '${['femtospike', ...words, '--help'].join(' ')}'`;
}

/** Commander throws instead of exiting, and leaves it to us to print the error; in subcommands too. */
function quietErrors(command: Command): void {
  command.exitOverride().configureOutput({ outputError: () => {} });
  command.commands.forEach(quietErrors);
}

/** Waits until stdout has taken all that was written: the process is about to be ended. */
function flushed(): Promise<void> {
  return new Promise((resolve) => {
    if (process.stdout.writable) process.stdout.write('', () => resolve());
    else resolve();
  });
}
