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

/** The same from an order by buckets; null where buckets are too coarse. */
function selectByBuckets(x: number[], g: number[], count: number, fine: boolean): number[] | null {
  const arena = new Arena();
  const kernel = competeKernel(arena.memory);
  const [xs, gs] = [arena.float32(x.length), arena.float32(g.length)];
  xs.set(x);
  gs.set(g);
  const [buckets, shift] = fine ? [1280, 15] : [512, 18];
  const [order, inOrder, kept, keys] = [
    arena.uint32(x.length).byteOffset,
    arena.float32(x.length).byteOffset,
    arena.int32(5 + 1.5 * buckets).byteOffset,
    arena.uint16(x.length).byteOffset,
  ];
  kernel.bucketByMagnitude(xs.byteOffset, x.length, buckets, shift, order, inOrder, kept, keys);
  const prefix = arena.int32(g.length).byteOffset;
  const last = arena.float64(2);
  last.set([0.1, -1.5]);
  const list = arena.uint32(x.length * (g.length + 1));
  const out = arena.float64(3);
  const done = kernel.selectByBuckets(
    xs.byteOffset,
    order,
    inOrder,
    x.length,
    kept,
    gs.byteOffset,
    g.length,
    count,
    last.byteOffset,
    arena.float32(g.length).byteOffset,
    arena.float64(2 * (1024 + x.length) + 1088).byteOffset,
    prefix,
    arena.int32(g.length).byteOffset,
    list.byteOffset,
    out.byteOffset,
  );
  if (!done) return null;
  const listed = new Int32Array(out.buffer, out.byteOffset + 8, 2)[1];
  const all = kernel.listPrefixes(order, prefix, g.length, list.byteOffset, listed);
  return Array.from(list.subarray(0, all), (entry) => (entry >>> 16) * x.length + (entry & 0xffff)).sort(
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

test('buckets choose as sorting does, or say that they are too coarse', () => {
  fc.assert(
    fc.property(
      values(60),
      values(12),
      fc.double({ min: 0.001, max: 1, noNaN: true }),
      fc.boolean(),
      (x, g, fraction, fine) => {
        const count = keptOf(x.length * g.length, fraction);
        const found = selectByBuckets(x, g, count, fine);
        if (found !== null) expect(found).toEqual(expected(x, g, count, 'layer'));
      },
    ),
    { numRuns: 500 },
  );
});

test('buckets are fine enough for images and for activities, many ties included', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.double({ min: 0.002, max: 0.3, noNaN: true }),
      fc.boolean(),
      (seed, p, ties) => {
        const random = stream(seed, 'outer');
        const pixel = () => (random.uniform() < 0.7 ? -0.13 + 0.001 * random.normal() : random.uniform());
        const value = () => Math.fround(ties ? Math.round(32 * pixel()) / 32 : pixel());
        const x = Array.from({ length: 300 }, value);
        const g = Array.from({ length: 30 }, () => Math.fround(random.normal()));
        const count = keptOf(x.length * g.length, p);
        const found = selectByBuckets(x, g, count, true);
        expect(found).toEqual(expected(x, g, count, 'layer'));
      },
    ),
    { numRuns: 40 },
  );
});
