import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitAllometry, invert, predict } from '../../src/scaling/allometry.js';

const neurons = [1e7, 5e7, 1e8, 1e9, 1e10];
const exact = { neurons, massG: neurons.map((n) => 2e-9 * n ** 1.25) };

test('points on a power law give back its exponent and coefficient in both directions', () => {
  for (const method of ['least squares', 'reduced major axis'] as const) {
    const forward = fitAllometry(exact, { method });
    expect(forward.exponent.value).toBeCloseTo(1.25, 10);
    expect(10 ** forward.line.intercept.value).toBeCloseTo(2e-9, 15);
    const backward = fitAllometry(exact, { method, direction: 'neurons on mass' });
    expect(backward.exponent.value).toBeCloseTo(1.25, 10);
    expect(backward.line.slope.value).toBeCloseTo(0.8, 10);
    expect(predict(backward, 2e-9 * 3e8 ** 1.25).value / 3e8).toBeCloseTo(1, 9);
    expect(invert(forward, 2e-9 * 3e8 ** 1.25).value / 3e8).toBeCloseTo(1, 9);
  }
});

test('a value beyond the smallest or largest animal is marked as extrapolated, the ends are not', () => {
  const fit = fitAllometry(exact, {});
  expect(predict(fit, 1e7).extrapolated).toBe(false);
  expect(predict(fit, 1e10).extrapolated).toBe(false);
  expect(predict(fit, 0.99e7).extrapolated).toBe(true);
  expect(invert(fit, exact.massG[4] * 1.01).extrapolated).toBe(true);
});

test('only least squares promises a prediction interval', () => {
  const scattered = { neurons, massG: [1, 5, 4, 80, 300] };
  expect(predict(fitAllometry(scattered, {}), 1e8).interval).not.toBeNull();
  expect(predict(fitAllometry(scattered, { method: 'reduced major axis' }), 1e8).interval).toBeNull();
});

test('the exponent does not depend on the units of mass or of counting', () => {
  const massG = [0.4, 1.7, 3.6, 5.3, 17.6];
  const scale = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(scale, scale, (a, b) => {
      const scaled = fitAllometry(
        { massG: massG.map((m) => a * m), neurons: neurons.map((n) => b * n) },
        {},
      ).exponent;
      const plain = fitAllometry({ massG, neurons }, {}).exponent;
      expect([scaled.value, scaled.low, scaled.high]).toBeAllclose([plain.value, plain.low, plain.high]);
    }),
  );
});

test('inverting mass on neurons gives more neurons than the direct regression beyond the mean', () => {
  const scattered = { neurons, massG: [1, 5, 4, 80, 300] };
  const direct = predict(fitAllometry(scattered, { direction: 'neurons on mass' }), 300);
  const inverted = invert(fitAllometry(scattered, { direction: 'mass on neurons' }), 300);
  expect(inverted.value).toBeGreaterThan(direct.value);
});

test('masses that are not positive are refused', () => {
  expect(() => fitAllometry({ massG: [1, 0, 2], neurons: [1, 2, 3] }, {})).toThrow('positive');
});
