import { UsageError } from '../util/errors.js';

/**
 * A population that is there in trials alone, one after the other, such as the hidden layer of a network that is shown
 * image after image. A trial lasts from startMs + n·everyMs for lengthMs. At its beginning every variable has its
 * initial value; outside of trials the population is not advanced, and what arrives is lost.
 */
export interface Trials {
  /** Beginning of the first trial. */
  readonly startMs: number;
  readonly lengthMs: number;
  /** From the beginning of one trial to that of the next. */
  readonly everyMs: number;
  /** How many there are. Left out: they never end. */
  readonly count?: number;
}

/** Refuses trials that are none, naming the field. */
export function requireTrials(
  { startMs, lengthMs, everyMs, count = 1 }: Trials,
  dtMs: number,
  where: string,
): void {
  if (!(startMs >= 0 && Number.isFinite(startMs)))
    throw new UsageError(`it is ${startMs} ms`, `${where}, startMs`, 'Give a time of 0 ms or more.');
  if (!(Math.round(lengthMs / dtMs) >= 1))
    throw new UsageError(`it is ${lengthMs} ms`, `${where}, lengthMs`, 'Give at least one time step.');
  if (!(Math.round(everyMs / dtMs) >= Math.round(lengthMs / dtMs) && Number.isFinite(everyMs)))
    throw new UsageError(
      `a trial of ${lengthMs} ms every ${everyMs} ms`,
      `${where}, everyMs`,
      'Let one end before the next begins.',
    );
  if (!(Number.isInteger(count) && count >= 1))
    throw new UsageError(`they are ${count}`, `${where}, count`, 'Give a whole number of at least 1.');
}
