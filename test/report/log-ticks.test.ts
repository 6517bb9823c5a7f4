import { expect, test } from 'vitest';
import { oneTwoFive, powerOfTen } from '../../src/report/log-ticks.js';

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
