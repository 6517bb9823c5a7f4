import { CommanderError } from 'commander';

/** Exit codes of every command. */
export const EXIT = { good: 0, failed: 1, wrongCall: 2, interrupted: 130 } as const;

/** A command is given this to say how it ended, where it did not end with an error. */
export type SetExitCode = (code: number) => void;

const ANSWERS = ['commander.helpDisplayed', 'commander.help', 'commander.version'];

/** The exit code for an error. Errors are told by name: an experiment of one's own may bring its own classes. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return ANSWERS.includes(error.code) ? EXIT.good : EXIT.wrongCall;
  switch ((error as Error)?.name) {
    case 'UsageError':
      return EXIT.wrongCall;
    case 'InterruptedError':
      return EXIT.interrupted;
    default:
      return EXIT.failed;
  }
}

interface Issue {
  path: PropertyKey[];
  message: string;
}

/** An error as one line. For a run that left a marked folder, the line says where. */
export function oneLine(error: unknown): string {
  const { message, folder, issues } = error as Error & { folder?: string; issues?: Issue[] };
  // The message of an error of zod is its list of issues as JSON.
  const said = issues?.map((issue) => [...issue.path, issue.message].join(': ')).join('; ') ?? message;
  const text = String(said ?? error)
    .replace(/^error: /, '')
    .replace(/\s*\n\s*/g, ' ')
    .trim();
  return folder === undefined ? text : `${text} (what is left of the run: ${folder})`;
}
