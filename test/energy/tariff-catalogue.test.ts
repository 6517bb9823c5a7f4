import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BASES, tariffFolder, tariffNames } from '../../src/energy/tariff.js';
import { brainPowerSpecies, dataRow } from './data-rows.js';

/** The files themselves: what a reader of the JSON sees, before any schema fills in or refuses something. */
const FILES = tariffNames().map((name) => [name, read(name)] as const);

interface RawPrice {
  unit: string;
  valueFj: number;
  lowFj: number | null;
  highFj: number | null;
  conditions: string;
  source: string;
  doi: string | null;
  confidence: string;
  from?: { row: string; times: number }[];
}

function read(name: string): { name: string; basis: string; note?: string; prices: RawPrice[] } {
  return JSON.parse(readFileSync(join(tariffFolder(), `${name}.json`), 'utf8'));
}

const DOI = /^10\.\d{4,9}\/\S+$/;

describe.each(FILES)('%s', (name, tariff) => {
  test('says its basis, and of every price all that a reader must know', () => {
    expect(tariff.name).toBe(name);
    expect(Object.keys(BASES)).toContain(tariff.basis);
    expect(tariff.prices.length).toBeGreaterThan(0);
    for (const price of tariff.prices) {
      // null says that the source has none; a key that is left out says nothing.
      for (const key of ['unit', 'valueFj', 'lowFj', 'highFj', 'conditions', 'source', 'doi', 'confidence'])
        expect(price, `${name}, ${price.unit}`).toHaveProperty(key);
      expect(Number.isFinite(price.valueFj) && price.valueFj > 0).toBe(true);
      expect(price.conditions.length).toBeGreaterThan(10);
      expect(price.source.length).toBeGreaterThan(5);
      expect(['read', 'secondary', 'recalled']).toContain(price.confidence);
    }
  });

  test('has low <= value <= high', () => {
    for (const { valueFj, lowFj, highFj, unit } of tariff.prices) {
      expect(lowFj ?? valueFj, unit).toBeLessThanOrEqual(valueFj);
      expect(highFj ?? valueFj, unit).toBeGreaterThanOrEqual(valueFj);
    }
  });

  test('gives DOIs that look like some, and those of its rows of data', () => {
    for (const { doi, from = [] } of tariff.prices) {
      const given = doi?.split('; ') ?? [];
      for (const one of given) expect(one).toMatch(one.startsWith('https://') ? /^https:\/\/\S+$/ : DOI);
      for (const { row } of from) {
        const { doi: ofRow } = dataRow(row);
        if (ofRow) expect(given).toContain(ofRow);
      }
    }
  });

  test('has a range no narrower than that of the row of data it stands on', () => {
    for (const { from = [], lowFj, highFj, valueFj, unit } of tariff.prices) {
      if (from.length !== 1) continue;
      const [{ row, times }] = from;
      const { lowFj: low, highFj: high } = dataRow(row);
      if (low !== null) expect(lowFj ?? valueFj, unit).toBeLessThanOrEqual(times * low);
      if (high !== null) expect(highFj ?? valueFj, unit).toBeGreaterThanOrEqual(times * high);
    }
  });
});

test.each([
  ['marginal ATP of a synapse', ['biology-vesicle', 'biology-marginal', 'biology-marginal-with-spike']],
  ['signalling of a cortex', ['biology-signalling']],
  [
    'whole brains and the species that are known',
    [
      'biology-all-in',
      'biology-all-in-cortex',
      'biology-all-in-mouse',
      'biology-all-in-rat',
      'biology-marginal-human',
    ],
  ],
  ['TrueNorth', ['truenorth']],
  ['Loihi', ['loihi']],
  ['SpiNNaker 1 and 2', ['spinnaker-1', 'spinnaker-2']],
  ['SENECA', ['seneca']],
  ['memristive and like devices', ['phase-change-synapse', 'organic-synapse']],
  ['45 nm arithmetic, alone and with memory', ['45nm-fp32', '45nm-fp32-sram', '45nm-fp32-dram', '45nm-int8']],
])('there are tariffs of: %s', (_, names) => {
  for (const name of names) expect(tariffNames()).toContain(name);
});

test.each(['v100', 'a100', 'h100'])(
  '%s is priced at its peak, at a stated utilisation, and with its facility',
  (gpu) => {
    const macFj = (name: string) => {
      const tariff = read(`${gpu}-${name}`);
      return {
        basis: tariff.basis,
        fj: tariff.prices.find(({ unit }) => unit === 'mac')!.valueFj,
        note: tariff.note,
      };
    };
    const [peak, utilised, facility] = ['peak', 'utilised', 'facility'].map(macFj);
    expect([peak.basis, utilised.basis, facility.basis]).toEqual(['peak', 'utilised', 'facility']);
    expect(utilised.fj / peak.fj).toBeCloseTo(1 / 0.4, 6);
    expect(facility.fj / peak.fj).toBeGreaterThan(1.2);
    expect(facility.fj / peak.fj).toBeLessThan(2.5);
    // The watts of a facility, and the assumption in them, are told.
    expect(facility.note).toMatch(/[\d,]+ W a GPU/);
  },
);

test('species whose brain power is known and whose synapses are not are named as such', () => {
  const { note } = read('biology-all-in');
  const withTariff = ['human', 'mouse', 'rat'];
  for (const species of brainPowerSpecies())
    if (!withTariff.includes(species)) expect(note).toContain(species.replace('rhesus ', ''));
});
