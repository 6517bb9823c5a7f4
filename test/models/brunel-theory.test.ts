import { expect, test } from 'vitest';
import { siegertRateHz, stationaryRateHz } from '../../models/networks/brunel-theory.js';

test('without noise the rate is that of the closed form', () => {
  for (const muMv of [22, 24, 40]) {
    const exact = 1000 / (2 + 20 * Math.log(muMv / (muMv - 20)));
    expect(Math.abs(siegertRateHz(muMv, 0.02, 0) / exact - 1)).toBeLessThan(1e-3);
  }
});

test('far below the threshold noise alone makes a neuron fire, and more noise makes it fire more', () => {
  expect(siegertRateHz(10, 1, 0)).toBeLessThan(1e-6);
  expect(siegertRateHz(10, 8, 0)).toBeGreaterThan(siegertRateHz(10, 5, 0));
});

test('the stationary rate of a network falls with inhibition and grows with input', () => {
  expect(stationaryRateHz({ g: 6 })).toBeLessThan(stationaryRateHz({ g: 5 }));
  expect(stationaryRateHz({ eta: 3 })).toBeGreaterThan(stationaryRateHz({ eta: 2 }));
});
