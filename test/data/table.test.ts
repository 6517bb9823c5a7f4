import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { csvFormatRows } from 'd3-dsv';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { flag, name, oneOf, optional, positive, text } from '../../src/data/column.js';
import { parseTable, readTable, tableSchema } from '../../src/data/table.js';
import { UsageError } from '../../src/util/errors.js';

const schema = tableSchema({
  rows: 2,
  columns: {
    name,
    mass_g: positive,
    neurons: optional(positive),
    kind: oneOf('bird', 'mammal'),
    counted: flag,
  },
});
const HEADER = 'name,mass_g,neurons,kind,counted\n';
const parse = (body: string) => parseTable(body, schema, 'brains.csv');

test('cells are read by their columns, citations are skipped', () => {
  expect(
    parse(`# someone 2020, "a table\n${HEADER}raven,14.1,2.2e9,bird,1\n# more\nmouse,0.4,,mammal,0\n`),
  ).toEqual([
    { name: 'raven', mass_g: 14.1, neurons: 2.2e9, kind: 'bird', counted: true },
    { name: 'mouse', mass_g: 0.4, neurons: null, kind: 'mammal', counted: false },
  ]);
});

test('windows line ends and a byte order mark are read', () => {
  expect(
    parse(`\uFEFF${HEADER}raven,14.1,,bird,1\nmouse,0.4,,mammal,0\n`.replaceAll('\n', '\r\n')),
  ).toHaveLength(2);
});

const GOOD = 'raven,14.1,,bird,1\n';
test.each([
  [
    'a negative mass',
    `${HEADER}${GOOD}mouse,-0.4,,mammal,0\n`,
    "line 3 column mass_g: '-0.4' is not a number",
  ],
  [
    'a mass of zero',
    `${HEADER}mouse,0,,mammal,0\n${GOOD}`,
    "line 2 column mass_g: '0' is not a number greater",
  ],
  ['an empty mass', `${HEADER}mouse,,,mammal,0\n${GOOD}`, "line 2 column mass_g: '' is not a number"],
  ['a mass in words', `${HEADER}mouse,1g,,mammal,0\n${GOOD}`, "line 2 column mass_g: '1g' is not a number"],
  ['an endless mass', `${HEADER}mouse,Infinity,,mammal,0\n${GOOD}`, 'line 2 column mass_g'],
  [
    'another word',
    `${HEADER}mouse,1,,fish,0\n${GOOD}`,
    "line 2 column kind: 'fish' is not one of bird, mammal",
  ],
  [
    'another header',
    'name,mass_kg,neurons,kind,counted\n',
    "line 1 column 2: the header has 'mass_kg' where 'mass_g'",
  ],
  [
    'a column too few',
    'name,mass_g,neurons,kind\n',
    "line 1 column 5: the header has nothing where 'counted'",
  ],
  ['a column too many', `${HEADER.trim()},x\n`, "line 1 column 6: the header has 'x' where nothing"],
  [
    'a file cut within a line',
    `${HEADER}${GOOD}mouse,0.4,,mam`,
    'line 3 column kind: the row has 4 cells instead of 5',
  ],
  ['a file cut between lines', `${HEADER}${GOOD}`, 'line 2: the file is cut short: 1 rows instead of 2'],
  ['rows too many', `${HEADER}${GOOD}${GOOD}${GOOD}`, 'the file has rows too many: 3 rows instead of 2'],
  [
    'an open quotation',
    `${HEADER}"raven,14.1,,bird,1\nmouse,0.4,,mammal,0\n`,
    'line 2 column name: the row has 1 cells',
  ],
  ['an empty file', '', 'the file is empty'],
])('%s is refused with file, line and column', (_, body, message) => {
  expect(() => parse(body)).toThrow(UsageError);
  expect(() => parse(body)).toThrow(message);
  expect(() => parse(body)).toThrow('brains.csv');
});

test('a line break within quotes does not shift the line numbers of later rows', () => {
  expect(() => parse(`# one\n${HEADER}"the\nraven",14.1,,bird,1\nmouse,-1,,mammal,0\n`)).toThrow(
    'line 5 column mass_g',
  );
});

test('a file that is not there is a usage error', () => {
  expect(() => readTable('/nowhere/brains.csv', schema)).toThrow(
    /nowhere\/brains\.csv: there is no such file/,
  );
});

test('what is written is read back, whatever the cells hold', () => {
  const folder = mkdtempSync(join(tmpdir(), 'table-'));
  const path = join(folder, 'any.csv');
  // A record must not look like a comment or a blank line.
  const cell = fc.string().map((s) => s.replaceAll('\r', ''));
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 5 }), (rows) => {
      writeFileSync(path, csvFormatRows([['a', 'b', 'c'], ...rows.map(([b, c]) => ['x', b, c])]));
      expect(readTable(path, { columns: { a: text, b: text, c: text } })).toEqual(
        rows.map(([b, c]) => ({ a: 'x', b, c })),
      );
    }),
  );
  rmSync(folder, { recursive: true });
});
