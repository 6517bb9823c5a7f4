/**
 * A call, configuration or input file that is wrong: something the person at the command line can mend.
 * The command line prints the message as one line and exits with code 2.
 *
 * The message says what is wrong, where, and what to do about it.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  /**
   * @param what what is wrong, in a few words ("'dodo' is no clade")
   * @param where the flag, key, file or line it was found in
   * @param todo what mends it
   */
  constructor(
    readonly what: string,
    readonly where: string,
    readonly todo: string,
    options?: ErrorOptions,
  ) {
    super(`${where}: ${what}. ${todo}`, options);
  }
}

/** A run that could not go on (a worker died, a state became NaN). The command line exits with code 1. */
export class RunError extends Error {
  override readonly name = 'RunError';
}

/** The user interrupted the run (Ctrl-C). The command line marks the run folder and exits with code 130. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';

  constructor(message = 'interrupted') {
    super(message);
  }
}
