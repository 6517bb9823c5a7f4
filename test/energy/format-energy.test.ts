import { expect, test } from 'vitest';
import { formatFj, formatRangeFj } from '../../src/energy/format-energy.js';

test.each([
  [0, '0 J'],
  [1e-5, '0.00001 fJ'],
  [3.4, '3.4 fJ'],
  [999.96, '1 pJ'],
  [1000, '1 pJ'],
  [23_600, '23.6 pJ'],
  [1e13, '10 mJ'],
  [1e15, '1 J'],
  [5e24, '5 GJ'],
])('%d fJ reads %s', (energyFj, text) => {
  expect(formatFj(energyFj)).toBe(text);
});

test('a range reads from low to high', () => {
  expect(formatRangeFj(3.4, 1, 10)).toBe('3.4 fJ (1 fJ to 10 fJ)');
  expect(formatRangeFj(3.4, null, 10)).toBe('3.4 fJ (3.4 fJ to 10 fJ)');
  expect(formatRangeFj(3.4, null, null)).toBe('3.4 fJ');
});
