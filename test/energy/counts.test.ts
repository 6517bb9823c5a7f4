import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addCounts,
  exactSum,
  expand,
  layerCounts,
  ledgerCounts,
  noCounts,
  synapseCounts,
  synapsesOf,
  trainingCounts,
  UNITS,
} from '../../src/energy/counts.js';
import { PHASES } from '../../src/energy/ledger.js';
import { anyLayer, anyLedger, denseLedger, smallLedger } from './ledgers.js';

/** Units that belong to a synapse; the others belong to neurons or to memory. */
const AT_SYNAPSES = UNITS.filter((unit) => !/neuronUpdate|spike|Byte/.test(unit));

describe('a spike layer', () => {
  const [layer] = smallLedger().layers;

  test('transmits the spikes of each source over all its targets', () => {
    expect(layerCounts(layer, 'inference')).toEqual({
      ...noCounts(),
      transmission: 16n,
      neuronUpdate: 40n,
      spike: 6n,
    });
    expect([...expand(layer, 'inference', 'transmission')]).toEqual([3, 3, 5, 5]);
  });

  test('accumulates a gradient for each spike backwards, and passes the error on', () => {
    expect(layerCounts(layer, 'backward')).toEqual({ ...noCounts(), gradient: 60n, mac: 60n });
  });

  test('changes its weights in the update', () => {
    const quanta = 3n * 2n ** 23n;
    expect(layerCounts(layer, 'update')).toEqual({ ...noCounts(), weightWrite: 3n, weightChange: quanta });
    expect(synapseCounts(layer, 'update', 3)).toEqual({
      ...noCounts(),
      weightWrite: 1n,
      weightChange: 2n ** 23n,
    });
  });
});

test('a dense layer multiplies once at each synapse for each sample', () => {
  const [layer] = denseLedger().layers;
  expect(layerCounts(layer, 'inference')).toEqual({ ...noCounts(), mac: 42n });
  expect(trainingCounts(denseLedger()).mac).toBe(72n);
});

test('Σ synapses = layer, for every unit of work that synapses do', () => {
  fc.assert(
    fc.property(anyLayer, fc.constantFrom(...PHASES), (layer, phase) => {
      let sum = noCounts();
      for (let index = 0; index < synapsesOf(layer); index++) {
        sum = addCounts(sum, synapseCounts(layer, phase, index));
      }
      const total = layerCounts(layer, phase);
      for (const unit of AT_SYNAPSES) expect(sum[unit] === total[unit]).toBe(true);
    }),
  );
});

test('Σ layers = network, and forward + backward + update = training', () => {
  fc.assert(
    fc.property(anyLedger, (ledger) => {
      let training = noCounts();
      for (const phase of PHASES) {
        const layers = ledger.layers.map((layer) => layerCounts(layer, phase)).reduce(addCounts);
        expect(ledgerCounts(ledger, phase)).toEqual(layers);
        if (phase !== 'inference') training = addCounts(training, layers);
      }
      expect(trainingCounts(ledger)).toEqual(training);
    }),
  );
});

test('sums of counts are exact beyond 2^53, in any order', () => {
  fc.assert(
    fc.property(fc.array(fc.maxSafeNat()), (counts) => {
      const expected = counts.reduce((sum, count) => sum + BigInt(count), 0n);
      expect(exactSum(counts)).toBe(expected);
      expect(exactSum(counts.toReversed())).toBe(expected);
    }),
  );
});

test.each([-1, 0.5, Number.NaN, 2 ** 53])('%s is no count', (count) => {
  expect(() => exactSum([1, count], 'spike')).toThrow(RangeError);
});

test('a column of the wrong length is refused', () => {
  const ledger = smallLedger();
  const layer = { ...ledger.layers[0], sources: 3 } as (typeof ledger.layers)[0];
  expect(() => layerCounts(layer, 'inference')).toThrow(/2 counts instead of 3/);
});
