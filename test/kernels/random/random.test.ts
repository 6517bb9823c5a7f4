import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadKernel } from '../../../kernels/load.js';
import {
  POISSON_SCRATCH_BYTES,
  philox,
  poissonCount,
  poissonPlan,
  poissonTable,
  type RandomKernel,
} from '../../../kernels/random/index.js';

const memory = new WebAssembly.Memory({ initial: 16, maximum: 65536, shared: true });
const kernel = loadKernel<RandomKernel>('random', memory);

test('Philox gives the known answers of Random123', () => {
  // kat_vectors of Random123 1.14: philox 4x32 10.
  const ones = 0xffffffff;
  const hex = (words: number[]) => words.map((word) => word.toString(16).padStart(8, '0')).join(' ');
  expect(hex(philox([0, 0, 0, 0], [0, 0]))).toBe('6627e8d5 e169c58d bc57ac4c 9b00dbd8');
  expect(hex(philox([ones, ones, ones, ones], [ones, ones]))).toBe('408f276d 41c83b0e a20bc7c6 6d5451fd');
  expect(hex(philox([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0]))).toBe(
    'd16cfe09 94fdcceb 5001e420 24126ea1',
  );
});

test('the kernel draws the same words as the reference', () => {
  const word = fc.integer({ min: 0, max: 0xffffffff });
  fc.assert(
    fc.property(word, word, word, word, word, (c1, c2, c3, k0, k1) => {
      kernel.philoxFill(0, 0, 2, c1, c2, c3, k0, k1);
      const words = new Uint32Array(memory.buffer, 0, 32);
      for (let c0 = 0; c0 < 8; c0++) {
        const drawn = [0, 1, 2, 3].map((w) => words[16 * (c0 >> 2) + 4 * w + (c0 & 3)]);
        expect(drawn).toEqual(philox([c0, c1, c2, c3], [k0, k1]));
      }
    }),
  );
});

/** Counts of `neurons` neurons in four steps, drawn by the kernel: counts[step][neuron]. */
function draw(lambda: number, neurons: number, quad: number, key: readonly [number, number]): Uint8Array[] {
  const { parts, bytes } = poissonPlan(lambda);
  const counts = 64 + POISSON_SCRATCH_BYTES;
  new Uint8Array(memory.buffer, 0, 64).set(bytes);
  kernel.poissonCounts(counts, neurons, 0, neurons / 16, quad, parts, key[0], key[1], 0, 64);
  return [0, 1, 2, 3].map((s) => new Uint8Array(memory.buffer, counts + s * neurons, neurons).slice());
}

test('Poisson counts of the kernel are those of the reference', () => {
  for (const lambda of [0, 0.003, 0.7, 2, 9.5]) {
    const { parts } = poissonPlan(lambda);
    const table = poissonTable(lambda / parts);
    const drawn = draw(lambda, 512, 77, [5, 6]);
    for (let s = 0; s < 4; s++) {
      const expected = Array.from({ length: 512 }, (_, i) =>
        poissonCount(table, parts, i, 4 * 77 + s, [5, 6]),
      );
      expect(Array.from(drawn[s])).toEqual(expected);
    }
  }
});

test('the alias table holds the Poisson probabilities to 2^-23', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 2.25, noNaN: true }), (lambda) => {
      const { threshold, alias } = poissonTable(lambda);
      const held = new Float64Array(16);
      for (let i = 0; i < 16; i++) {
        held[i] += threshold[i] / 2 ** 24;
        held[alias[i]] += (2 ** 20 - threshold[i]) / 2 ** 24;
      }
      let p = Math.exp(-lambda);
      for (let k = 0; k < 16; k++) {
        expect(Math.abs(held[k] - p)).toBeLessThan(8 * 2 ** -24);
        p *= lambda / (k + 1);
      }
    }),
  );
});

test('Poisson counts have the mean, variance, distribution and independence they should', () => {
  const [neurons, quads] = [4096, 100];
  for (const lambda of [0.02, 1.28, 2, 6]) {
    const histogram = new Float64Array(64);
    let lagged = 0;
    let beside = 0;
    for (let q = 0; q < quads; q++) {
      const counts = draw(lambda, neurons, q, [1, 2]);
      for (const row of counts) for (const count of row) histogram[count] += 1;
      for (let i = 0; i < neurons; i++) {
        lagged += (counts[0][i] - lambda) * (counts[1][i] - lambda);
        beside += (counts[0][i] - lambda) * (counts[0][(i + 1) % neurons] - lambda);
      }
    }
    const n = 4 * neurons * quads;
    // Chi-square of the distribution over the classes with an expectation above 10; five standard deviations.
    let chi2 = 0;
    let classes = 0;
    let p = Math.exp(-lambda);
    for (let k = 0; k < 64; k++) {
      if (n * p > 10) {
        chi2 += (histogram[k] - n * p) ** 2 / (n * p);
        classes += 1;
      }
      p *= lambda / (k + 1);
    }
    expect(chi2).toBeLessThan(classes + 5 * Math.sqrt(2 * classes));
    const pairs = neurons * quads;
    expect(Math.abs(lagged / pairs / lambda)).toBeLessThan(5 / Math.sqrt(pairs));
    expect(Math.abs(beside / pairs / lambda)).toBeLessThan(5 / Math.sqrt(pairs));
  }
});
