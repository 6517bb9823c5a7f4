import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { didYouMean } from '../util/closest.js';
import { UsageError } from '../util/errors.js';
import { canonicalJson } from '../util/json.js';
import type { Experiment, Preset } from './define.js';
import { allowed, keysOf, parseText } from './schema.js';

export type Config = Record<string, unknown>;

/**
 * The configuration of a run: the schema's defaults, over them the preset's changes, over them `settings`
 * ("key=value", as given with --set; the last one of a key counts).
 *
 * @throws UsageError for an unknown key or a value that the schema does not allow
 */
export function resolveConfig(
  experiment: Experiment,
  preset: Preset,
  settings: readonly string[] = [],
): Config {
  const changes = preset === 'default' ? {} : experiment.presets[preset];
  return checkedConfig(experiment.config, { ...changes, ...parseSettings(experiment, settings) }, '--set');
}

/**
 * `values` with the defaults of the schema, checked.
 *
 * @param where what the values were given by, for the error ("--set", a file)
 * @throws UsageError naming the key, the value and what is allowed
 */
export function checkedConfig(schema: z.ZodObject, values: Config, where: string): Config {
  const keys = keysOf(schema);
  for (const key of Object.keys(values)) if (!(key in keys)) throw unknownKey(key, Object.keys(keys), where);
  const result = schema.safeParse(values);
  if (result.success) return result.data;

  const issue = result.error.issues[0];
  const key = String(issue.path[0] ?? '');
  if (!(key in keys)) throw new UsageError(issue.message, where, 'Change the configuration');
  const inner = issue.path.length > 1 ? ` (at ${issue.path.join('.')}: ${issue.message})` : '';
  const own = issue.code === 'custom' ? ` (${issue.message})` : inner;
  throw new UsageError(
    `${key} = ${JSON.stringify(values[key])} is not allowed${own}`,
    where,
    `${key} must be: ${allowed(keys[key])}`,
  );
}

function parseSettings(experiment: Experiment, settings: readonly string[]): Config {
  const keys = keysOf(experiment.config);
  const values: Config = {};
  for (const setting of settings) {
    const equals = setting.indexOf('=');
    if (equals < 1)
      throw new UsageError(`'${setting}' is no setting`, '--set', 'Write key=value; lists as key=a,b,c');
    const key = setting.slice(0, equals).trim();
    const text = setting.slice(equals + 1).trim();
    if (!(key in keys)) throw unknownKey(key, Object.keys(keys), '--set');
    const value = parseText(text, keys[key]);
    if (value === undefined)
      throw new UsageError(
        `${key} = '${text}' is not allowed`,
        '--set',
        `${key} must be: ${allowed(keys[key])}`,
      );
    values[key] = value;
  }
  return values;
}

function unknownKey(key: string, known: string[], where: string): UsageError {
  return new UsageError(
    `there is no key '${key}'`,
    where,
    `${didYouMean(key, known)}The keys are ${known.join(', ')}`,
  );
}

/** SHA-256 of a configuration, whatever the order of its keys, in hexadecimal digits. */
export function configHash(config: Config): string {
  return createHash('sha256').update(canonicalJson(config)).digest('hex');
}
