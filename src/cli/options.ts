import { UsageError } from '../util/errors.js';

/**
 * Reads a whole number from an option.
 * @throws UsageError that names the option
 */
export function wholeNumber(
  option: string,
  min: number,
  max = Number.MAX_SAFE_INTEGER,
): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text.trim()) || !Number.isSafeInteger(value) || value < min || value > max) {
      const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
      throw new UsageError(`'${text}' is not allowed`, option, `Give a whole number ${range}`);
    }
    return value;
  };
}

/**
 * Reads one of several words from an option.
 * @throws UsageError that names the option
 */
export function oneOf<T extends string>(option: string, choices: readonly T[]): (text: string) => T {
  return (text) => {
    const found = choices.find((choice) => choice === text);
    if (found === undefined)
      throw new UsageError(`'${text}' is not allowed`, option, `Choose one of ${choices.join(', ')}`);
    return found;
  };
}

/** Collects an option that may be given several times. */
export function collect(text: string, previous: string[]): string[] {
  return [...previous, text];
}
