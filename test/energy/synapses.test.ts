import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { energyFj, exactEnergy, makeBill } from '../../src/energy/bill.js';
import { toFj } from '../../src/energy/exact.js';
import { type LayerLedger, PHASES } from '../../src/energy/ledger.js';
import { energyHistogram, synapseEnergies } from '../../src/energy/synapses.js';
import { loadTariff } from '../../src/energy/tariff.js';
import { stream } from '../../src/util/rng.js';
import { anyLedger, anyTariff, denseLedger, smallLedger } from './ledgers.js';

describe('the bill of a synapse', () => {
  const [layer] = smallLedger().layers;

  test('is its own counts times prices, added by hand', () => {
    const apart = synapseEnergies(layer, loadTariff('45nm-fp32'), { phases: ['update'], shared: 'apart' })!;
    expect([...apart.energyFj]).toEqual([0, 2 * 4600, 0, 4600]);
    const inference = synapseEnergies(layer, loadTariff('45nm-fp32'), { phases: ['inference'] })!;
    // Each of four synapses bears a quarter of 40 neuron updates.
    expect([...inference.energyFj]).toEqual([2700, 2700, 4500, 4500].map((own) => own + 92_000));
  });

  test('is the same at all synapses of a dense layer', () => {
    const { energyFj: energies } = synapseEnergies(denseLedger().layers[0], loadTariff('h100-peak'), {
      phases: ['inference'],
    })!;
    expect([...energies]).toEqual(new Array(6).fill(7 * 1415));
  });

  test('is null where work is not priced', () => {
    expect(synapseEnergies(denseLedger().layers[0], loadTariff('loihi'))).toBeNull();
    expect(synapseEnergies(layer, loadTariff('biology-marginal'), { phases: ['inference'] })).not.toBeNull();
  });

  test('Σ synapses = layer, and over all layers = total, exactly, at both ends of the range', () => {
    fc.assert(
      fc.property(anyLedger, anyTariff, fc.subarray([...PHASES]), (ledger, tariff, phases) => {
        const bill = makeBill(ledger, tariff);
        for (const end of ['low', 'value', 'high'] as const) {
          let total = 0n;
          ledger.layers.forEach((each, index) => {
            const synapses = synapseEnergies(each, tariff, { phases, end })!;
            expect(synapses.total === exactEnergy(bill, { layer: index, phases })![end]).toBe(true);
            total += synapses.total;
          });
          expect(total === exactEnergy(bill, { phases })![end]).toBe(true);
        }
      }),
    );
  });

  test('rounded energies add up to the bill to 1e-12', () => {
    fc.assert(
      fc.property(anyLedger, anyTariff, (ledger, tariff) => {
        const sum = ledger.layers
          .flatMap((each) => [...synapseEnergies(each, tariff)!.energyFj])
          .reduce((a, b) => a + b, 0);
        const total = energyFj(makeBill(ledger, tariff))!.valueFj;
        expect(Math.abs(sum - total)).toBeLessThanOrEqual(1e-12 * total);
      }),
    );
  });
});

test('a million synapses are billed in less than a second of processor time', () => {
  const layer = learnedLayer(1000, 1000);
  const tariff = { ...loadTariff('45nm-fp32-dram') };
  const weightChange = { ...tariff.prices[0], unit: 'weightChange' as const };
  const priced = { ...tariff, prices: [...tariff.prices, weightChange], zero: {} };
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3; round++) {
    // Processor time, because a machine that is busy with other tests stretches the wall clock.
    const start = process.cpuUsage();
    const { energyFj: energies, total } = synapseEnergies(layer, priced, { shared: 'apart' })!;
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) / 1e6);
    expect(energies.length).toBe(1_000_000);
    expect(toFj(total)).toBeGreaterThan(0);
  }
  expect(best).toBeLessThan(1);
});

describe('the histogram of energy per synapse', () => {
  test('has every synapse in the bin whose edges hold it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constant(0), fc.double({ min: 1e-9, max: 1e12, noNaN: true }))),
        fc.integer({ min: 1, max: 10 }),
        (energies, binsPerDecade) => {
          const { zero, bins } = energyHistogram(Float64Array.from(energies), binsPerDecade);
          expect(zero).toBe(energies.filter((energy) => energy === 0).length);
          for (const { fromFj, toFj: to, synapses, energyFj: sum } of bins) {
            const inside = energies.filter((energy) => energy >= fromFj && energy < to);
            expect(synapses).toBe(inside.length);
            expect(sum).toBe(inside.reduce((a, b) => a + b, 0));
          }
          expect(zero + bins.reduce((n, bin) => n + bin.synapses, 0)).toBe(energies.length);
        },
      ),
    );
  });

  test('has edges at powers of ten, and its bins join', () => {
    const { bins } = energyHistogram(Float64Array.of(1, 1000, 10), 1);
    expect(bins.map(({ fromFj, synapses }) => [fromFj, synapses])).toEqual([
      [1, 1],
      [10, 1],
      [100, 0],
      [1000, 1],
    ]);
    expect(bins.slice(1).map(({ fromFj }) => fromFj)).toEqual(bins.slice(0, -1).map((bin) => bin.toFj));
  });

  test('of nothing is empty', () => {
    expect(energyHistogram(new Float64Array(3))).toEqual({ zero: 3, bins: [] });
  });
});

function learnedLayer(sources: number, targets: number): LayerLedger {
  const random = stream(1, 'learned layer');
  const draw = (most: number) => () => random.integer(most);
  return {
    name: 'learned',
    channel: 'spike',
    sources,
    targets,
    inferenceSpikes: Float64Array.from({ length: sources }, draw(1e4)),
    trainingSpikes: Float64Array.from({ length: sources }, draw(1e4)),
    inferenceNeuronUpdates: 0,
    trainingNeuronUpdates: 0,
    inferenceTargetSpikes: 0,
    trainingTargetSpikes: 0,
    backwardMacsPerSpike: 1,
    changes: {
      steps: 1e4,
      l0: Uint32Array.from({ length: sources * targets }, draw(1e4)),
      l1Quanta: Float64Array.from({ length: sources * targets }, draw(2 ** 28)),
    },
  };
}
