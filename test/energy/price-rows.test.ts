import { describe, expect, test } from 'vitest';
import { formatFj, formatRangeFj } from '../../src/energy/format-energy.js';
import { PRICE_COLUMNS, priceLayers, priceLedgers } from '../../src/energy/price-rows.js';
import { loadTariff } from '../../src/energy/tariff.js';
import { denseLedger, smallLedger } from './ledgers.js';

describe('the rows of prices', () => {
  const ledgers = [smallLedger(), denseLedger()];

  test('have labels, energies and what the tariff leaves out', () => {
    const [spiking, dense] = priceLedgers(ledgers, loadTariff('45nm-fp32'));
    expect(spiking).toMatchObject({
      clade: 'songbird',
      network: 'small',
      tariff: '45nm-fp32',
      basis: 'arithmetic',
      inferenceFj: (16 * 900 + 40 * 9200) / 2,
      inferenceLowFj: (16 * 900) / 2,
      forwardFj: 60 * 900 + 80 * 9200,
      backwardFj: 60 * 5500,
      updateFj: 3 * 4600,
      leftAtZero: 'spike, weightChange',
      notPriced: '',
    });
    expect(dense).toMatchObject({ inferenceFj: 6 * 4600, trainingFj: 72 * 4600, leftAtZero: '' });
  });

  test('are null where work has no price, and name it', () => {
    const [spiking, dense] = priceLedgers(ledgers, loadTariff('biology-marginal'));
    expect(spiking).toMatchObject({ inferenceFj: (16 * 3.4) / 2, trainingFj: null, backwardFj: null });
    expect(spiking.forwardFj).toBeCloseTo(60 * 3.4, 9);
    expect(spiking.notPriced).toBe('gradient, mac, weightWrite, weightChange');
    expect(dense).toMatchObject({ inferenceFj: null, inferenceLowFj: null, notPriced: 'mac' });
  });

  test('of layers add up to those of networks', () => {
    const tariff = loadTariff('loihi');
    const ledger = { ...smallLedger(), layers: [...smallLedger().layers, ...smallLedger().layers] };
    const [network] = priceLedgers([ledger], tariff);
    const layers = priceLayers([ledger], tariff);
    expect(layers.map(({ layer }) => layer)).toEqual(['hidden', 'hidden']);
    expect(layers.reduce((sum, row) => sum + Number(row.inferenceFj), 0)).toBe(network.inferenceFj);
  });

  test('have every column that is announced', () => {
    for (const row of priceLedgers(ledgers, loadTariff('loihi'))) {
      expect(Object.keys(row)).toEqual(expect.arrayContaining(PRICE_COLUMNS.map(({ key }) => key)));
    }
  });
});

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
