import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { configHash, resolveConfig } from '../../src/experiment/config.js';
import type { Experiment } from '../../src/experiment/define.js';
import { allowed, keysOf } from '../../src/experiment/schema.js';
import { UsageError } from '../../src/util/errors.js';

const config = z.strictObject({
  tauMs: z.number().positive().default(20).describe('time constant'),
  epochs: z.int().min(1).max(100).default(3).describe('passes'),
  clades: z
    .array(z.enum(['rodent', 'primate']))
    .min(1)
    .default(['rodent'])
    .describe('groups'),
  massesG: z.array(z.number().positive()).default([0.5, 2]).describe('brain masses'),
  exact: z.boolean().default(true).describe('exact or not'),
  rate: z
    .union([z.literal('auto'), z.number()])
    .default('auto')
    .describe('learning rate'),
  limit: z.number().nullable().default(null).describe('limit'),
  file: z.string().default('').describe('file'),
});
const experiment = {
  config,
  presets: { quick: { epochs: 1, massesG: [1] }, full: { epochs: 10 } },
} as unknown as Experiment;

describe('resolveConfig', () => {
  test('lays presets over defaults and settings over presets', () => {
    expect(resolveConfig(experiment, 'default')).toMatchObject({ epochs: 3, tauMs: 20 });
    expect(resolveConfig(experiment, 'quick')).toMatchObject({ epochs: 1, massesG: [1], tauMs: 20 });
    expect(resolveConfig(experiment, 'quick', ['epochs=7'])).toMatchObject({ epochs: 7, massesG: [1] });
    expect(resolveConfig(experiment, 'full', ['epochs=7', 'epochs=8'])).toMatchObject({ epochs: 8 });
  });

  test.each([
    ['tauMs=1e-3', { tauMs: 0.001 }],
    ['clades=primate,rodent', { clades: ['primate', 'rodent'] }],
    ['massesG=0.5, 2,10', { massesG: [0.5, 2, 10] }],
    ['massesG=[1,2]', { massesG: [1, 2] }],
    ['massesG=4', { massesG: [4] }],
    ['exact=false', { exact: false }],
    ['rate=auto', { rate: 'auto' }],
    ['rate=0.1', { rate: 0.1 }],
    ['limit=null', { limit: null }],
    ['limit=3', { limit: 3 }],
    ['file=a=b,c', { file: 'a=b,c' }],
  ])('reads %s by the type of its key', (setting, expected) => {
    expect(resolveConfig(experiment, 'default', [setting])).toMatchObject(expected);
  });

  test.each([
    ['tauMS=3', ["'tauMS'", "Did you mean 'tauMs'", '--set']],
    ['nonsense=3', ["'nonsense'", 'The keys are tauMs, epochs']],
    ['tauMs=fast', ["tauMs = 'fast'", 'number > 0']],
    ['tauMs=', ["tauMs = ''", 'number > 0']],
    ['tauMs=-1', ['tauMs = -1', 'number > 0']],
    ['tauMs=Infinity', ['tauMs', 'number > 0']],
    ['epochs=2.5', ['epochs = 2.5', 'whole number >= 1 and <= 100']],
    ['epochs=101', ['epochs = 101', '<= 100']],
    ['clades=dodo', ["clades = 'dodo'", 'rodent | primate']],
    ['clades=', ['clades = []', 'at least 1']],
    ['massesG=1,-2', ['massesG = [1,-2]', 'massesG.1']],
    ['massesG=1,,2', ["massesG = '1,,2'", 'list of number > 0']],
    ['exact=yes', ["exact = 'yes'", 'true | false']],
    ['rate=never', ["rate = 'never'", 'auto or number']],
    ['tauMs', ["'tauMs' is no setting", 'key=value']],
    ['=3', ["'=3' is no setting"]],
  ])('refuses %s in one line that says why', (setting, parts) => {
    const call = () => resolveConfig(experiment, 'default', [setting]);
    expect(call).toThrow(UsageError);
    for (const part of parts) expect(call).toThrow(part);
    expect(call).not.toThrow('\n');
  });

  test('reads back every number that it is given', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-300, noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(resolveConfig(experiment, 'default', [`tauMs=${value}`]).tauMs).toBe(value);
      }),
    );
  });
});

test('what is allowed is said for every kind of key', () => {
  const said = Object.entries(keysOf(config)).map(([key, schema]) => [key, allowed(schema)]);
  expect(Object.fromEntries(said)).toEqual({
    tauMs: 'number > 0',
    epochs: 'whole number >= 1 and <= 100',
    clades: 'list of rodent | primate (at least 1)',
    massesG: 'list of number > 0',
    exact: 'true | false',
    rate: 'auto or number',
    limit: 'number or null',
    file: 'text',
  });
});

describe('configHash', () => {
  test('does not depend on the order of keys, and on nothing but the values', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (values) => {
        const entries = Object.entries(values);
        // Integer-like keys come first in any object, so the reversed one may be in the same order: still equal.
        const reversed = Object.fromEntries(entries.reverse());
        expect(configHash(reversed)).toBe(configHash(values));
      }),
    );
    expect(configHash({ a: 1, b: { c: 2, d: 3 } })).toBe(configHash({ b: { d: 3, c: 2 }, a: 1 }));
    expect(configHash({ a: 1 })).not.toBe(configHash({ a: 2 }));
    expect(configHash({ a: [1, 2] })).not.toBe(configHash({ a: [2, 1] }));
  });

  test('is the SHA-256 of the canonical text', () => {
    // echo -n '{"a":1}' | sha256sum
    expect(configHash({ a: 1 })).toBe('015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862');
  });
});
