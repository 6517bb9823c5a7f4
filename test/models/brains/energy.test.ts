import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  BRAIN_DENSITY_G_PER_CM3,
  brainDiameterMm,
  bundleVolume,
  delayMs,
  diameterForDelayUm,
  glucoseWatts,
  myelinatedVelocity,
  quantityOf,
  readBrainEnergy,
} from '../../../models/brains/index.js';

const table = readBrainEnergy();

test('watts from glucose agree with the derived rows of the table', () => {
  for (const species of ['mouse', 'rat', 'squirrel', 'rhesus macaque', 'baboon', 'human']) {
    const watts = glucoseWatts(quantityOf(table, 'total brain glucose use', species));
    expect(watts / quantityOf(table, 'brain power from glucose use', species)).toBeCloseTo(1, 2);
  }
});

test('a quantity that is not there, or is a range, is refused', () => {
  expect(() => quantityOf(table, 'total brain glucose use', 'dodo')).toThrow('dodo');
  expect(() => quantityOf(table, 'fastest cross-neocortex conduction time', 'shrew to whale')).toThrow(
    'no number',
  );
});

test('a sphere of the diameter has the mass', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 1e4, noNaN: true }), (massG) => {
      const radiusCm = brainDiameterMm(massG) / 20;
      expect(((4 / 3) * Math.PI * radiusCm ** 3 * BRAIN_DENSITY_G_PER_CM3) / massG).toBeCloseTo(1, 9);
    }),
  );
});

test('an axon of the diameter for a delay has that delay', () => {
  expect(delayMs(60, myelinatedVelocity(diameterForDelayUm(60, 5)))).toBeCloseTo(5, 12);
  // 6 m/s is 6 mm a millisecond.
  expect(delayMs(6, myelinatedVelocity(1))).toBeCloseTo(1, 12);
});

test('a bundle of equal axons has volume one, all doubled four', () => {
  expect(bundleVolume(0.3, 1)).toBe(1);
  expect(bundleVolume(1, 2)).toBe(4);
  expect(bundleVolume(0.01, 3)).toBeCloseTo(1.08, 12);
});
