import { expect, test } from 'vitest';
import {
  cachingEnergy,
  cachingInefficiency,
  decayPower,
  inefficiency,
  optimalThreshold,
  updates,
} from '../../src/learning/perceptron-theory.js';
import { dawson, dawsonIntegral, erf, erfi } from '../../src/learning/special-functions.js';
import { stream } from '../../src/util/rng.js';

test('special functions have their tabulated values', () => {
  // Abramowitz & Stegun, tables 7.1 and 7.5; DLMF 7.2.
  expect(erf(1)).toBeCloseTo(0.8427007929497149, 13);
  expect(erf(3)).toBeCloseTo(0.9999779095030014, 13);
  expect(erfi(1)).toBeCloseTo(1.650425758797543, 13);
  expect(dawson(1)).toBeCloseTo(0.5380795069127684, 13);
  expect(dawson(2)).toBeCloseTo(0.3013403889237919, 13);
  expect(dawson(10)).toBeCloseTo(0.05025384718759853, 13);
  expect(() => erfi(21)).toThrow(RangeError);
});

test('the derivative of erfi is 2/√π·exp(z²), and of the integral of Dawson, Dawson', () => {
  for (const z of [0.1, 0.9, 2.5, 6, 12]) {
    const h = 1e-4;
    const slope = (f: (z: number) => number) => (f(z + h) - f(z - h)) / (2 * h);
    expect(slope(erfi) / ((2 / Math.sqrt(Math.PI)) * Math.exp(z * z))).toBeCloseTo(1, 5);
    expect(slope(dawsonIntegral)).toBeCloseTo(dawson(z), 7);
  }
});

test('the integral of Dawson is z²/2·2F2(1, 1; 3/2, 2; -z²) where that series converges well', () => {
  for (const z of [0.2, 1, 2]) {
    let term = 1;
    let sum = 1;
    for (let n = 0; n < 80; n++) {
      term *= (((n + 1) * (n + 1)) / ((n + 1.5) * (n + 2))) * (-(z * z) / (n + 1));
      sum += term;
    }
    expect(dawsonIntegral(z)).toBeCloseTo((z * z * sum) / 2, 11);
  }
});

test('inefficiency is √(πK/2)', () => {
  for (const p of [10, 500, 1000, 1900]) {
    expect(inefficiency(p, 1000)).toBeCloseTo(Math.sqrt((Math.PI * updates(p, 1000)) / 2), 9);
  }
});

test('the best threshold makes the energy least, and gives the printed inefficiency', () => {
  const task = { inputs: 1000, rate: 1, updates: 2000, presentations: 31623, maintenanceCost: 1e-3 };
  const best = optimalThreshold(task);
  const least = cachingEnergy(task, best);
  expect(cachingEnergy(task, best * 1.01)).toBeGreaterThan(least);
  expect(cachingEnergy(task, best / 1.01)).toBeGreaterThan(least);
  const walk = Math.sqrt(2 / Math.PI) * 1000 * Math.sqrt(2000);
  expect(least / walk).toBeCloseTo(cachingInefficiency(task), 9);
});

test('without decay, transients are spread as a triangle: mean |s| = θ/3, rate pη²/θ²', () => {
  const power = decayPower({ updateRate: 0.07, rate: 1, tau: 1e9, threshold: 5 });
  expect(power.held).toBeCloseTo(5 / 3, 5);
  expect(power.consolidationRate).toBeCloseTo(0.07 / 25, 8);
});

test('decay: a simulated synapse holds and consolidates as the theory says', () => {
  const task = { updateRate: 0.2, rate: 1, tau: 500, threshold: 12 };
  const random = stream(1, 'test');
  const steps = 2e6;
  let [s, held, consolidations] = [0, 0, 0];
  for (let t = 0; t < steps; t++) {
    s *= 1 - 1 / task.tau;
    held += Math.abs(s);
    if (random.uniform() >= task.updateRate) continue;
    s += random.uniform() < 0.5 ? 1 : -1;
    if (Math.abs(s) <= task.threshold) continue;
    s = 0;
    consolidations++;
  }
  const power = decayPower(task);
  expect(held / steps / power.held).toBeGreaterThan(0.93);
  expect(held / steps / power.held).toBeLessThan(1.07);
  // A step overshoots the threshold by up to 1 of 12, so that the discrete walk consolidates less often.
  const ratio = consolidations / steps / power.consolidationRate;
  expect(ratio).toBeGreaterThan(0.75);
  expect(ratio).toBeLessThan(1.05);
});
