import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Arena } from '../../kernels/arena.js';
import { competeKernel } from '../../kernels/compete/index.js';
import { keptOf, largestOfLayer, largestOfNeuron } from '../../kernels/compete/reference.js';
import { outer } from '../../kernels/mlp-layer/reference.js';
import { stream } from '../../src/util/rng.js';

/** Float32 values with many ties, zeros and extremes among them. */
const values = (maxLength: number) =>
  fc.array(
    fc.oneof(
      fc.constantFrom(0, -0, 1, -1, 0.5, 3),
      fc.float({ noNaN: true, noDefaultInfinity: true, min: Math.fround(-1e10), max: Math.fround(1e10) }),
    ),
    { minLength: 1, maxLength },
  );

function select(x: number[], g: number[], count: number, per: 'layer' | 'neuron'): number[] {
  const arena = new Arena();
  const kernel = competeKernel(arena.memory);
  const side = (data: number[]) => {
    const [v, order, spare, sorted] = [
      arena.float32(data.length),
      arena.uint32(data.length),
      arena.uint32(data.length),
      arena.float64(data.length),
    ];
    v.set(data);
    const bins = arena.uint32(256);
    kernel.sortByMagnitude(v.byteOffset, data.length, order.byteOffset, spare.byteOffset, bins.byteOffset);
    kernel.gather(v.byteOffset, order.byteOffset, data.length, sorted.byteOffset);
    return { v: v.byteOffset, order: order.byteOffset, sorted: sorted.byteOffset };
  };
  const [a, b] = [side(x), side(g)];
  const list = arena.uint32(x.length * g.length);
  const listed =
    per === 'layer'
      ? kernel.selectLargest(
          a.v,
          a.order,
          a.sorted,
          x.length,
          b.v,
          b.order,
          b.sorted,
          g.length,
          count,
          arena.float64(1024).byteOffset,
          list.byteOffset,
        )
      : kernel.selectPerTarget(a.order, a.sorted, x.length, b.v, g.length, count, list.byteOffset);
  return Array.from(list.subarray(0, listed), (entry) => (entry >>> 16) * x.length + (entry & 0xffff)).sort(
    (p, q) => p - q,
  );
}

function expected(x: number[], g: number[], count: number, per: 'layer' | 'neuron'): number[] {
  const choose = per === 'layer' ? largestOfLayer : largestOfNeuron;
  const kept = choose(outer(x, g).map(Math.abs), x.length, count);
  return kept.flatMap((yes, k) => (yes ? [k] : []));
}

test('the largest of an outer product are found as by sorting it, ties and zeros included', () => {
  fc.assert(
    fc.property(values(40), values(12), fc.double({ min: 0.001, max: 1, noNaN: true }), (x, g, fraction) => {
      const count = keptOf(x.length * g.length, fraction);
      expect(select(x, g, count, 'layer')).toEqual(expected(x, g, count, 'layer'));
    }),
    { numRuns: 1000 },
  );
});

test('the same where there are more candidates than are searched one by one', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.double({ min: 0.001, max: 1, noNaN: true }),
      fc.boolean(),
      (seed, fraction, coarse) => {
        const random = stream(seed, 'outer');
        // Coarse values tie by the hundred.
        const value = () => (coarse ? Math.round(4 * random.normal()) / 4 : Math.fround(random.normal()));
        const [x, g] = [Array.from({ length: 150 }, value), Array.from({ length: 40 }, value)];
        const count = keptOf(x.length * g.length, fraction);
        expect(select(x, g, count, 'layer')).toEqual(expected(x, g, count, 'layer'));
      },
    ),
    { numRuns: 60 },
  );
});

test('the same for each target', () => {
  fc.assert(
    fc.property(values(40), values(12), fc.double({ min: 0.001, max: 1, noNaN: true }), (x, g, fraction) => {
      const count = keptOf(x.length, fraction);
      expect(select(x, g, count, 'neuron')).toEqual(expected(x, g, count, 'neuron'));
    }),
    { numRuns: 500 },
  );
});

test('of equal changes the lowest source is kept, then the lowest target', () => {
  // Three sources, two targets, all equal: (source, target) in the order (0,0) (0,1) (1,0) …
  expect(select([1, -1, 1], [2, -2], 3, 'layer')).toEqual([0, 1, 3]);
  expect(select([1, 1], [0, 1], 4, 'layer')).toEqual([2, 3]);
});

test('the number kept is that at or above the published rank', () => {
  expect(keptOf(10, 1)).toBe(10);
  expect(keptOf(157_000, 0.003)).toBe(157_000 - Math.round(0.997 * 156_999));
});
