import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { UNITS } from '../../src/energy/counts.js';
import { listTariffs, loadTariff, parseTariff, tariffNames } from '../../src/energy/tariff.js';
import { UsageError } from '../../src/util/errors.js';
import { dataRow } from './data-rows.js';

const ORDER = ['read', 'secondary', 'recalled'];
const tariffs = listTariffs();

describe.each(tariffs.map((tariff) => [tariff.name, tariff] as const))('tariff %s', (name, tariff) => {
  test('is named as its file', () => {
    expect(tariffNames()).toContain(name);
  });

  test.each(tariff.prices.filter((price) => price.from).map((price) => [price.unit, price] as const))(
    'price of a %s is what its data rows add up to',
    (_, price) => {
      const sum = price.from!.reduce((fj, { row, times }) => fj + times * dataRow(row).fj, 0);
      expect(Math.abs(price.valueFj / sum - 1)).toBeLessThan(1e-9);
    },
  );

  test('is never surer of a number than its data', () => {
    for (const price of tariff.prices) {
      for (const { row } of price.from ?? []) {
        expect(ORDER.indexOf(price.confidence)).toBeGreaterThanOrEqual(
          ORDER.indexOf(dataRow(row).confidence),
        );
      }
    }
  });
});

describe('the literature, number by number', () => {
  const value = (name: string, unit: string) =>
    loadTariff(name).prices.find((price) => price.unit === unit)?.valueFj;

  test.each([
    ['biology-vesicle', 'transmission', 1.64e5 * (50e3 / 6.02214076e23) * 1e15],
    ['biology-marginal', 'transmission', 0.25 * 1.64e5 * (50e3 / 6.02214076e23) * 1e15],
    ['biology-signalling', 'transmission', (3.29e9 / 4 / 8000) * (50e3 / 6.02214076e23) * 1e15],
    ['biology-all-in', 'transmission', (20 / (86e9 * 7000 * 0.16)) * 1e15],
    ['biology-all-in-cortex', 'transmission', ((0.44 * 20) / 1.5e14) * 1e15],
    ['h100-peak', 'mac', (2 * 700e15) / 989.4e12],
    ['h100-peak', 'transmission', 700e15 / 66.91e12],
    ['h100-utilised', 'mac', (2 * 700e15) / (0.4 * 989.4e12)],
    ['h100-facility', 'mac', (2 * 1500e15) / 989.4e12],
    ['a100-peak', 'mac', (2 * 400e15) / 312e12],
    ['v100-peak', 'mac', (2 * 300e15) / 125e12],
  ])('%s: a %s costs what its definition says, to 0.5 %%', (name, unit, fj) => {
    expect(Math.abs(value(name, unit)! / fj - 1)).toBeLessThan(0.005);
  });

  test.each([
    ['45nm-fp32', 'transmission', 900],
    ['45nm-fp32', 'mac', 4600],
    ['loihi', 'transmission', 23_600],
    ['loihi', 'neuronUpdate', 81_000],
    ['truenorth', 'transmission', 26_000],
    ['spinnaker-1', 'transmission', 13_300_000],
    ['spinnaker-2', 'transmission', 450_000],
    ['seneca', 'transmission', 2800],
    ['fly-memory', 'weightWrite', 1e13],
  ])('%s: a %s costs %d fJ as printed', (name, unit, fj) => {
    expect(value(name, unit)).toBe(fj);
  });
});

describe('a tariff file', () => {
  const good = () => structuredClone(loadTariff('loihi')) as ReturnType<typeof loadTariff>;
  const failure = (call: () => unknown) => {
    try {
      call();
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError);
      return (error as Error).message;
    }
    throw new Error('nothing was refused');
  };

  test('is read by its path', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'tariff-')), 'mine.json');
    writeFileSync(path, JSON.stringify({ ...good(), name: 'mine' }));
    expect(loadTariff(path).name).toBe('mine');
  });

  test('of an unknown name is refused with the names there are', () => {
    const message = failure(() => loadTariff('lohi'));
    expect(message).toContain("there is no tariff 'lohi'");
    for (const name of tariffNames()) expect(message).toContain(name);
    expect(failure(() => loadTariff('./nowhere.json'))).toContain(
      './nowhere.json: there is no such tariff file',
    );
  });

  test('that is no JSON is refused with its path', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'tariff-')), 'broken.json');
    writeFileSync(path, '{ "name": ');
    expect(failure(() => loadTariff(path))).toContain(`${path}: it cannot be read as JSON`);
  });

  test.each<[string, string, (tariff: ReturnType<typeof good>) => object]>([
    ['with an unknown key', 'mine.json: Unrecognized key', (t) => ({ ...t, colour: 'red' })],
    ['with an unknown basis', 'mine.json basis', (t) => ({ ...t, basis: 'feeling' })],
    ['with a negative price', 'mine.json prices.0.valueFj', (t) => setPrice(t, { valueFj: -1, lowFj: null })],
    [
      'with a price too small to be exact',
      'mine.json prices.0.valueFj',
      (t) => setPrice(t, { valueFj: 1e-17 }),
    ],
    [
      'with low above the value',
      'mine.json prices.0.lowFj: is above valueFj',
      (t) => setPrice(t, { lowFj: 1e9 }),
    ],
    [
      'with high below the value',
      'mine.json prices.0.highFj: is below valueFj',
      (t) => setPrice(t, { highFj: 1 }),
    ],
    ['without a source', 'mine.json prices.0.source', (t) => setPrice(t, { source: '' })],
    ['that forgets a unit', 'mine.json gradient: stands nowhere', (t) => ({ ...t, notPriced: {} })],
    [
      'that names a unit twice',
      'mine.json mac: stands in zero and notPriced',
      (t) => ({ ...t, zero: { ...t.zero, mac: 'because' } }),
    ],
  ])('%s is refused with file and key', (_, expected, spoil) => {
    expect(failure(() => parseTariff(spoil(good()), 'mine.json'))).toContain(expected);
  });

  function setPrice(tariff: ReturnType<typeof good>, change: object) {
    return {
      ...tariff,
      prices: tariff.prices.map((price, i) => (i === 0 ? { ...price, ...change } : price)),
    };
  }
});

test('every tariff accounts for every unit of work', () => {
  for (const { prices, zero, notPriced } of tariffs) {
    const named = [...prices.map(({ unit }) => unit), ...Object.keys(zero), ...Object.keys(notPriced)];
    expect(named.sort()).toEqual([...UNITS].sort());
  }
});
