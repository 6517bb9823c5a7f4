import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  cacheBytesPerToken,
  decodeTokensPerS,
  headsCache,
  pjPerFlop,
  ridge,
  roofline,
  stackBandwidthGbPerS,
} from '../../src/scaling/hardware.js';

const amount = fc.double({ min: 0.1, max: 1e4, noNaN: true });

test('at the ridge memory and arithmetic are both busy; left of it memory rules, right of it arithmetic', () => {
  fc.assert(
    fc.property(amount, amount, (peak, bandwidth) => {
      const edge = ridge(peak, bandwidth);
      expect(roofline(edge, peak, bandwidth) / peak).toBeCloseTo(1, 9);
      expect(roofline(edge / 2, peak, bandwidth) / peak).toBeCloseTo(0.5, 9);
      expect(roofline(edge * 2, peak, bandwidth)).toBe(peak);
    }),
  );
});

test('one user gets the rate of the roofline at two operations for each weight read', () => {
  fc.assert(
    fc.property(amount, (bandwidth) => {
      const [parameters, bytes] = [8e9, 2];
      const tflops = roofline(2 / bytes, 1e9, bandwidth);
      expect(
        decodeTokensPerS(parameters, bytes, bandwidth) / ((tflops * 1e12) / (2 * parameters)),
      ).toBeCloseTo(1, 9);
    }),
  );
});

test('a cache holds keys and values: 2 · heads · width · layers · bytes', () => {
  expect(cacheBytesPerToken(headsCache('Llama 3 8B', 32, 8, 128))).toBe(131_072);
  expect(cacheBytesPerToken({ name: 'compressed', layers: 61, numbersPerLayer: 576 }, 1)).toBe(35_136);
});

test('watts over TFLOP/s are pJ; bits over eight are bytes', () => {
  expect(pjPerFlop(1, 1)).toBe(1);
  expect(stackBandwidthGbPerS(1024, 8)).toBe(1024);
});
