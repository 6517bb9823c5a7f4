import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  affordableEvents,
  allInPriceFj,
  type BrainActivity,
  brainPowerW,
  eventsPerSecond,
  exactly,
  meanRateHz,
  type Range,
} from '../../src/energy/brain-power.js';
import { loadTariff } from '../../src/energy/tariff.js';
import { dataRow } from './data-rows.js';

const human = (rateHz: number): BrainActivity => ({
  neurons: exactly(86e9),
  synapsesPerNeuron: exactly(7000),
  rateHz: exactly(rateHz),
  releaseProbability: exactly(1),
});

const range: fc.Arbitrary<Range> = fc
  .tuple(...Array.from({ length: 3 }, () => fc.double({ min: 1e-3, max: 1e6, noNaN: true })))
  .map((ends) => ends.sort((a, b) => a - b))
  .map(([low, value, high]) => ({ low, value, high }));

describe('the power of the human brain', () => {
  test('86e9 neurons × 7,000 synapses × 0.16 Hz × 0.208 pJ = 20 W', () => {
    expect(brainPowerW(human(0.16), exactly(208)).value).toBeCloseTo(20, 1);
    expect(eventsPerSecond(human(0.16)).value).toBeCloseTo(9.632e13, -11);
  });

  test('20 W over its events is the price in the tariff', () => {
    const [price] = loadTariff('biology-all-in').prices;
    const allIn = allInPriceFj(human(0.16), { value: 20, low: 20, high: 21.9 });
    expect(Math.abs(price.valueFj / allIn.value - 1)).toBeLessThan(0.005);
    expect(Math.abs(price.highFj! / allIn.high - 1)).toBeLessThan(0.005);
    expect(allInPriceFj(human(1), exactly(20)).value).toBeCloseTo(dataRow('B140').fj, 1);
  });

  test('the cortex alone takes 8.8 W for 1.5e14 synapses', () => {
    const cortex = (rateHz: number) => ({ ...human(rateHz), neurons: exactly(1.5e14 / 7000) });
    const price = (rateHz: number) => allInPriceFj(cortex(rateHz), exactly(0.44 * 20)).value;
    expect(price(0.16)).toBeCloseTo(dataRow('B136').fj, 0);
    expect(price(1)).toBeCloseTo(dataRow('B137').fj, 0);
    expect(price(4)).toBeCloseTo(dataRow('B138').fj, 1);
  });

  test('the often-quoted 1e18 operations a second cannot be synaptic events', () => {
    expect(meanRateHz(1e18, 86e9 * 7000)).toBeCloseTo(1661, 0);
    expect(affordableEvents(20, 200)).toBeCloseTo(1e14, -2);
    expect(affordableEvents(20, 10)).toBeCloseTo(2e15, -3);
  });
});

test('power to price and back is the identity', () => {
  fc.assert(
    fc.property(range, range, range, (neurons, rateHz, powerW) => {
      const activity = { neurons, rateHz, synapsesPerNeuron: exactly(10), releaseProbability: exactly(0.25) };
      const price = allInPriceFj(activity, powerW);
      expect(brainPowerW(activity, exactly(price.value)).value / powerW.value).toBeCloseTo(1, 12);
      expect(price.low <= price.value && price.value <= price.high).toBe(true);
    }),
  );
});

test.each<[string, Partial<BrainActivity>]>([
  ['neurons', { neurons: exactly(-1) }],
  ['rateHz', { rateHz: { value: 1, low: 2, high: 3 } }],
  ['rateHz', { rateHz: exactly(Number.NaN) }],
  ['releaseProbability', { releaseProbability: exactly(1.5) }],
])('a %s that cannot be is refused', (name, change) => {
  expect(() => eventsPerSecond({ ...human(1), ...change })).toThrow(name);
});
