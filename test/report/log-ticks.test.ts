import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inPowersOfTen, oneTwoFive, powerOfTen, readableTicks } from '../../src/report/log-ticks.js';

test('powers of ten are labelled, what lies between is not', () => {
  expect([1e-4, 1, 1e12].map(powerOfTen)).toEqual(['10⁻⁴', '10⁰', '10¹²']);
  expect([2, 0.5, 9e7].map(powerOfTen)).toEqual(['', '', '']);
});

test('1, 2 and 5 times a power of ten are labelled, in full between a thousandth and some thousands', () => {
  expect([0.001, 0.02, 0.5, 1, 5, 200, 5000].map(oneTwoFive)).toEqual([
    '0.001',
    '0.02',
    '0.5',
    '1',
    '5',
    '200',
    '5000',
  ]);
  expect([1e4, 2e9, 5e-4].map(oneTwoFive)).toEqual(['10⁴', '2·10⁹', '5·10⁻⁴']);
  expect([3, 0.07, 9e9, 1.5].map(oneTwoFive)).toEqual(['', '', '', '']);
});

describe('an axis that few labels would be left on', () => {
  const labelled = (asked: (value: number) => string, domain: number[], most = 12) => {
    const found = readableTicks(asked, domain, most);
    return found?.ticks.map(found.tickFormat).filter((label) => label !== '');
  };

  test('gets those between the powers of ten', () => {
    expect(labelled(powerOfTen, [0.6, 90])).toEqual(['1', '2', '5', '10', '20', '50']);
    expect(labelled(powerOfTen, [4e4, 3e5])).toEqual(['5·10⁴', '10⁵', '2·10⁵']);
  });

  test('gets every digit, and even steps where those are too few', () => {
    expect(labelled(oneTwoFive, [9e8, 3.8e9])).toEqual(['9·10⁸', '10⁹', '2·10⁹', '3·10⁹']);
    expect(labelled(oneTwoFive, [2.7e4, 4.7e4])).toEqual(['3·10⁴', '3.5·10⁴', '4·10⁴', '4.5·10⁴']);
    expect(labelled(powerOfTen, [120, 220])).toEqual(['120', '140', '160', '180', '200', '220']);
  });

  test('keeps what was asked for where that is enough, where there is no room, and where it is of its own', () => {
    expect(readableTicks(powerOfTen, [1, 100], 12)).toBeNull();
    expect(readableTicks(powerOfTen, [0.6, 90], 4)).toBeNull();
    expect(readableTicks(String, [1, 2], 12)).toBeNull();
  });

  test.each([[0, 1], [-1, 1], [5, 5], [Number.NaN, 1], [1, Number.POSITIVE_INFINITY], []])(
    'is left alone with ends %j and %j',
    (...domain) => {
      expect(readableTicks(powerOfTen, domain, 12)).toBeNull();
    },
  );

  test('always has three labels at least, if there is room for nine', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -12, max: 12, noNaN: true }),
        fc.double({ min: 0.01, max: 3, noNaN: true }),
        (from, decades) => {
          const domain = [10 ** from, 10 ** (from + decades)];
          const shown = labelled(powerOfTen, domain) ?? [];
          const powers = Math.floor(from + decades + 1e-9) - Math.ceil(from - 1e-9) + 1;
          expect(Math.max(shown.length, powers)).toBeGreaterThanOrEqual(3);
          expect(new Set(shown).size).toBe(shown.length);
        },
      ),
    );
  });
});

test.each([
  [8e9, 1, '8·10⁹'],
  [1e14, 1, '10¹⁴'],
  [9.96e10, 2, '10¹¹'],
  [8.6e10, 2, '8.6·10¹⁰'],
  [2.5e-4, 2, '2.5·10⁻⁴'],
])('%d in %i digits in a sentence is %s', (value, digits, text) => {
  expect(inPowersOfTen(value, digits)).toBe(text);
});
