import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addBills,
  energyFj,
  energyPerInferenceFj,
  exactEnergy,
  makeBill,
  reasonsOf,
  TRAINING,
  trainingEnergyFj,
} from '../../src/energy/bill.js';
import { addExact, exactFj, NO_ENERGY, toFj } from '../../src/energy/exact.js';
import { PHASES } from '../../src/energy/ledger.js';
import { loadTariff } from '../../src/energy/tariff.js';
import { anyLedger, anyTariff, denseLedger, smallLedger } from './ledgers.js';

describe('exact energies', () => {
  test('hold every permitted price, and a quantum of it, without rounding', () => {
    fc.assert(
      fc.property(fc.double({ min: 2 ** -52, max: 1e24, noNaN: true }), (price) => {
        expect(toFj(exactFj(price))).toBe(price);
        expect(exactFj(price) % 2n ** 24n).toBe(0n);
      }),
    );
  });
});

describe('a bill', () => {
  test('is counts times prices, added by hand: 45 nm', () => {
    const bill = makeBill(smallLedger(), loadTariff('45nm-fp32'));
    // 16 accumulates at 900 fJ, 40 neuron updates at 9200 fJ, 6 spikes at 0; two inferences.
    expect(energyPerInferenceFj(bill)).toEqual({
      valueFj: (16 * 900 + 40 * 9200) / 2,
      lowFj: (16 * 900) / 2,
      highFj: (16 * 900 + 40 * 18400) / 2,
    });
    // forward 60·900 + 80·9200, backward 60·(900 + 4600), update 3·4600
    expect(trainingEnergyFj(bill)?.valueFj).toBe(60 * 900 + 80 * 9200 + 60 * 5500 + 3 * 4600);
    expect(reasonsOf(bill, 'zero').map(({ unit }) => unit)).toEqual(['spike', 'weightChange']);
  });

  test('prices |Δw| by the whole though it is counted in quanta', () => {
    const bill = makeBill(smallLedger(), loadTariff('caching-units'));
    expect(energyFj(bill, { phases: ['update'] })?.valueFj).toBe(1.5);
  });

  test('says that work is not priced, and gives no total for it', () => {
    const dense = makeBill(denseLedger(), loadTariff('truenorth'));
    expect(energyPerInferenceFj(dense)).toBeNull();
    expect(reasonsOf(dense, 'not priced')).toEqual([
      { unit: 'mac', reason: expect.stringContaining('spikes') },
    ]);
    const spiking = makeBill(smallLedger(), loadTariff('truenorth'));
    expect(energyPerInferenceFj(spiking)?.valueFj).toBe((16 * 26000) / 2);
    expect(trainingEnergyFj(spiking)).toBeNull();
  });

  test('has no energy per inference where nothing was inferred', () => {
    expect(
      energyPerInferenceFj(makeBill({ ...smallLedger(), inferences: 0 }, loadTariff('loihi'))),
    ).toBeNull();
  });

  test('Σ layers = Σ phases = total, exactly', () => {
    fc.assert(
      fc.property(anyLedger, anyTariff, (ledger, tariff) => {
        const bill = makeBill(ledger, tariff);
        const total = exactEnergy(bill)!;
        const sum = (energies: ReturnType<typeof exactEnergy>[]) =>
          energies.reduce<typeof NO_ENERGY>((a, b) => addExact(a, b!), NO_ENERGY);
        const layers = sum(ledger.layers.map((_, layer) => exactEnergy(bill, { layer })));
        const phases = sum(PHASES.map((phase) => exactEnergy(bill, { phases: [phase] })));
        for (const end of ['low', 'value', 'high'] as const) {
          expect(layers[end] === total[end]).toBe(true);
          expect(phases[end] === total[end]).toBe(true);
        }
        expect(total.low <= total.value && total.value <= total.high).toBe(true);
      }),
    );
  });

  test('adds to a bill of the same tariff, and to no other', () => {
    const ours = makeBill(smallLedger(), loadTariff('45nm-fp32'));
    const dense = makeBill(denseLedger(), loadTariff('45nm-fp32'));
    const both = addBills(ours, dense);
    expect(exactEnergy(both)).toEqual(addExact(exactEnergy(ours)!, exactEnergy(dense)!));
    expect(exactEnergy(both, { layer: 1, phases: TRAINING })).toEqual(
      exactEnergy(dense, { phases: TRAINING }),
    );
    expect(() => addBills(ours, makeBill(denseLedger(), loadTariff('h100-peak')))).toThrow(TypeError);
  });
});
