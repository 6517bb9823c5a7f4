import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Arena } from '../../kernels/arena.js';
import { competeKernel } from '../../kernels/compete/index.js';
import { largestOfLayer } from '../../kernels/compete/reference.js';
import { FastLayer } from '../../src/plasticity/fast-layer.js';
import { kernelsOn } from '../../src/plasticity/fast-memory.js';
import type { LayerPolicy } from '../../src/plasticity/policy.js';
import { ReferenceLayer } from '../../src/plasticity/reference-layer.js';
import { stream } from '../../src/util/rng.js';

/** A multiple of four, and of no more: rows of the kernels are padded. */
const SOURCES = 12;
const TARGETS = 4;

/** Multiples of 1/8: float32 sums of a few are exact, so that nothing here is decided by rounding. */
const eighths = fc.integer({ min: -24, max: 24 }).map((n) => n / 8);

test('the largest of any changes are found as by sorting them, ties and zeros included', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(eighths, fc.float({ noNaN: true, noDefaultInfinity: true })), {
        minLength: SOURCES * TARGETS,
        maxLength: SOURCES * TARGETS,
      }),
      fc.integer({ min: 1, max: SOURCES * TARGETS }),
      (values, count) => {
        const arena = new Arena();
        const kernel = competeKernel(arena.memory);
        const changes = arena.float32(values.length);
        changes.set(values);
        const kept = largestOfLayer(
          changes.map((change) => Math.abs(change)),
          SOURCES,
          count,
        );
        const expected = changes.map((change, k) => (kept[k] ? change : 0));
        const keys = arena.uint32(values.length).byteOffset;
        const { byteOffset } = changes;
        kernel.rankKeys(byteOffset, byteOffset, 0, keys, values.length);
        const [bins, candidates] = [arena.uint32(2 ** 15), arena.float64(values.length)];
        const work = [16, bins.byteOffset, candidates.byteOffset] as const;
        kernel.keepLargest(byteOffset, keys, SOURCES, 0, TARGETS, count, ...work);
        expect(Array.from(changes, (x) => x + 0)).toEqual(Array.from(expected, (x) => x + 0));
      },
    ),
    { numRuns: 500 },
  );
});

const policies: fc.Arbitrary<LayerPolicy> = fc
  .record({
    selection: fc.oneof(
      fc.constant({ kind: 'all' as const }),
      fc.record({
        kind: fc.constant('random' as const),
        count: fc.integer({ min: 1, max: 40 }),
        redrawn: fc.boolean(),
      }),
      fc.record({
        kind: fc.constant('ranked' as const),
        count: fc.integer({ min: 1, max: 12 }),
        per: fc.constantFrom('layer' as const, 'neuron' as const),
        by: fc.constantFrom('change' as const, 'weight' as const),
        end: fc.constantFrom('largest' as const, 'smallest' as const),
      }),
    ),
    cache: fc.option(
      fc.record({
        rule: fc.constantFrom('synapse' as const, 'neuron' as const, 'sum' as const),
        // Between multiples of 1/8.
        threshold: fc.integer({ min: 0, max: 60 }).map((n) => n / 8 + 0.03),
        retention: fc.constantFrom(1, 0.5),
      }),
    ),
    order: fc.constantFrom('compete-first' as const, 'cache-first' as const),
    plasticSources: fc.constantFrom(SOURCES, 9),
    plasticTargets: fc.constantFrom(TARGETS, 3),
  })
  // Weights with what is left of a transient after long are tied in float32 alone: then they are not ranked.
  .map((policy) =>
    policy.cache && policy.selection.kind === 'ranked' && policy.selection.by === 'weight'
      ? { ...policy, cache: { ...policy.cache, retention: 1 } }
      : policy,
  );

function bothLayers(policy: LayerPolicy, seed: number): [FastLayer, ReferenceLayer] {
  const random = stream(seed, 'weights');
  const weights = Float32Array.from({ length: SOURCES * TARGETS }, () => random.integer(17) / 8);
  const kernels = kernelsOn(new Arena());
  return [
    new FastLayer(kernels, SOURCES, TARGETS, weights, policy, stream(seed, 'mask'), true),
    new ReferenceLayer(SOURCES, TARGETS, weights, policy, stream(seed, 'mask')),
  ];
}

function expectSame([fast, reference]: [FastLayer, ReferenceLayer]): void {
  for (const layer of [fast, reference]) layer.finish();
  const [a, b] = [fast.totals(), reference.totals()];
  // A transient that has decayed to 1e-9 changes a float64, but not a float32.
  for (const totals of [a, b]) totals.changedSynapses = 0;
  expect(a).toEqual({ ...b, ...approximately(a, b) });
  const [c, d] = [fast.changes()!, reference.changes()];
  expect(c.l0).toEqual(d.l0);
  expect(c.l1Quanta).toBeAllclose(d.l1Quanta, { atol: 100 });
  expect(c.transient === undefined).toBe(d.transient === undefined);
  if (c.transient && d.transient) {
    expect(c.transient.l1Quanta).toBeAllclose(d.transient.l1Quanta, { atol: 100 });
    expect(c.transient.heldQuanta).toBeAllclose(d.transient.heldQuanta, { atol: 1000 });
    expect(c.transient.consolidations).toEqual(d.transient.consolidations);
  }
  const sum = (counts: ArrayLike<number>) => Array.from(counts).reduce((x, y) => x + y, 0);
  expect(sum(c.l0)).toBe(a.persistentWrites);
  expect(sum(c.l1Quanta) / 2 ** 24).toBe(a.persistentChange);
}

test('proposals of any shape go through the same policies as the composition of plain transformers', () => {
  fc.assert(
    fc.property(policies, fc.integer(), (policy, seed) => {
      const random = stream(seed, 'proposals');
      const layers = bothLayers(policy, seed);
      const [fast, reference] = layers;
      for (let t = 0; t < 12; t++) {
        const proposed = Float32Array.from(
          { length: SOURCES * TARGETS },
          () => (random.integer(33) - 16) / 8,
        );
        const samples = 1 + random.integer(3);
        for (const layer of layers) {
          layer.propose(Float64Array.from(proposed));
          layer.tick(samples);
        }
        expect(fast.weights()).toBeAllclose(reference.weights(), { atol: 1e-5 });
      }
      expectSame(layers);
    }),
    { numRuns: 300 },
  );
});

test('so do outer products, under every policy', () => {
  fc.assert(
    fc.property(policies, fc.integer(), (policy, seed) => {
      const random = stream(seed, 'products');
      const layers = bothLayers(policy, seed);
      for (let t = 0; t < 12; t++) {
        const x = Float32Array.from({ length: SOURCES }, () => (random.integer(9) - 4) / 2);
        const g = Float32Array.from({ length: TARGETS }, () => (random.integer(9) - 4) / 4);
        const samples = 1 + random.integer(3);
        for (const layer of layers) {
          layer.input.set(x);
          layer.change.set(g);
          layer.learn();
          layer.tick(samples);
        }
        expect(layers[0].weights()).toBeAllclose(layers[1].weights(), { atol: 1e-5 });
      }
      expectSame(layers);
    }),
    { numRuns: 300 },
  );
});

/** Sums of float32 may differ from those of float64 in the last digits: those that agree so far are taken over. */
function approximately(a: object, b: object) {
  const same = Object.entries(a).filter(([key, value]) => {
    const other = (b as Record<string, number>)[key];
    return Math.abs(value - other) <= 1e-3 + 1e-5 * Math.abs(other);
  });
  return Object.fromEntries(same);
}
