import type { z } from 'zod';
import { keysOf } from '../experiment/schema.js';
import { didYouMean } from '../util/closest.js';
import { UsageError } from '../util/errors.js';

/**
 * Settings as "key=value" from the words that are no options of `run`: what stands behind the first value of --set
 * (`a=1 b=2`), and keys of the experiment written as options (`--scale 0.1`, `--neurons-per-unit=3`).
 *
 * @param options the options of `run` ("--seed"), for what is neither option nor key
 * @throws UsageError naming the word that cannot be placed
 */
export function settingsAmong(
  words: readonly string[],
  schema: z.ZodObject,
  { afterSet, options }: { afterSet: boolean; options: readonly string[] },
): string[] {
  const keys = Object.keys(keysOf(schema));
  const settings: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word.startsWith('-')) {
      const [option, given] = split(word);
      const key = keys.find((name) => name === camelCase(option.slice(2)));
      if (key === undefined) throw unknownOption(option, [...options, ...keys.map((name) => `--${name}`)]);
      const value = given ?? words[++i];
      if (value === undefined)
        throw new UsageError(`'${option}' has no value`, 'run', `Write ${option} VALUE`);
      settings.push(`${key}=${value}`);
    } else if ((afterSet || settings.length > 0) && word.includes('=')) settings.push(word);
    else throw oneTooMany(word);
  }
  return settings;
}

/** The words behind an experiment's name, where no experiment could take settings. */
export function refuseSettings(words: readonly string[], options: readonly string[]): void {
  const [word] = words;
  if (word === undefined) return;
  throw word.startsWith('-') ? unknownOption(split(word)[0], options) : oneTooMany(word);
}

function split(word: string): [option: string, value: string | undefined] {
  const equals = word.indexOf('=');
  return equals < 0 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)];
}

function camelCase(words: string): string {
  return words.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

function unknownOption(option: string, known: readonly string[]): UsageError {
  return new UsageError(
    `unknown option '${option}'`,
    'run',
    `${didYouMean(option, known)}femtospike run NAME --help lists the keys of an experiment, femtospike run --help the options`,
  );
}

function oneTooMany(word: string): UsageError {
  return new UsageError(
    `'${word}' is one word too many`,
    'run',
    'Name one experiment; change its configuration with --set key=value',
  );
}
