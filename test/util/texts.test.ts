import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { closest, editDistance } from '../../src/util/closest.js';
import { columnFormat, formatNumber, formatSeconds, slug } from '../../src/util/format.js';
import { canonicalJson, whyNotPlainJson } from '../../src/util/json.js';

describe('closest', () => {
  test('finds the word that was meant', () => {
    expect(closest('neuronPerUnit', ['neuronsPerUnit', 'massesG'])).toBe('neuronsPerUnit');
    expect(closest('massesg', ['neuronsPerUnit', 'massesG'])).toBe('massesG');
    expect(closest('completelyDifferent', ['massesG'])).toBeUndefined();
    expect(closest('x', ['y'])).toBe('y');
  });

  test('the distance is a metric', () => {
    const word = fc.string({ maxLength: 8 });
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        expect(editDistance(a, a)).toBe(0);
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
      }),
    );
    expect(editDistance('kitten', 'sitting')).toBe(3);
  });
});

describe('numbers', () => {
  test.each([
    [0, '0'],
    [1875, '1875'],
    [9_999_999, '9999999'],
    [0.123456, '0.1235'],
    [97.5, '97.50'],
    [123456.7, '123457'],
    [1.5e9, '1.500e9'],
    [2.5e-7, '2.500e-7'],
    [-0.5, '-0.5000'],
    [null, '–'],
    [Number.NaN, '–'],
    [Number.POSITIVE_INFINITY, '∞'],
  ])('%s reads %s', (value, text) => expect(formatNumber(value)).toBe(text));

  test('are read back within half a unit of their last digit', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, min: 1e-200, max: 1e200 }),
        fc.integer({ min: 2, max: 9 }),
        (value, digits) => {
          const error = Math.abs(Number(formatNumber(value, digits)) - value);
          expect(error).toBeLessThanOrEqual(0.51 * value * 10 ** (1 - digits));
        },
      ),
    );
  });

  test('of one column have the same digits, unless all are whole', () => {
    const read = (cells: (number | string | null)[], digits?: number) =>
      cells.map(columnFormat(cells, digits));
    expect(read([90, 90.8, 7, 0, null, 'none'], 3)).toEqual(['90.0', '90.8', '7.00', '0', '–', 'none']);
    expect(read([90, 7, 1234567])).toEqual(['90', '7', '1234567']);
    expect(read([0.5, 1000, 12345], 3)).toEqual(['0.500', '1000', '12345']);
  });

  test.each([
    [0.34, '0.34 s'],
    [12.3, '12 s'],
    [59.6, '1 min 00 s'],
    [185, '3 min 05 s'],
    [7800, '2 h 10 min'],
  ])('%d seconds are %s', (seconds, text) => expect(formatSeconds(seconds)).toBe(text));
});

test('a slug has nothing that a file name should not have', () => {
  expect(slug('songbird 2 g, spiking, seed 1')).toBe('songbird-2-g-spiking-seed-1');
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(slug(text)).toMatch(/^([a-z0-9]+(-[a-z0-9]+)*)?$/);
    }),
  );
});

describe('JSON', () => {
  test.each([
    [{ a: [1, { b: Number.NaN }] }, 'a[1].b is NaN'],
    [{ a: Number.POSITIVE_INFINITY }, 'a is Infinity'],
    [{ spikes: new Float64Array(2) }, 'spikes is of type Float64Array'],
    [{ when: new Date(0) }, 'when is of type Date'],
    [{ f: () => 1 }, 'f is of type function'],
    [3n, 'it is of type bigint'],
  ])('%o is not plain: %s', (value, reason) => expect(whyNotPlainJson(value)).toBe(reason));

  test('whatever is JSON is plain', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(whyNotPlainJson(value)).toBeNull();
      }),
    );
    expect(whyNotPlainJson({ a: undefined })).toBeNull();
  });

  test('in canonical form says the same thing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
