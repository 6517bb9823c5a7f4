import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Arena } from '../../kernels/arena.js';
import { SLACK } from '../../src/plasticity/fast-cache.js';
import { FastLayer } from '../../src/plasticity/fast-layer.js';
import { kernelsOn } from '../../src/plasticity/fast-memory.js';
import type { PlasticLayer } from '../../src/plasticity/layer.js';
import type { LayerPolicy } from '../../src/plasticity/policy.js';
import { ReferenceLayer } from '../../src/plasticity/reference-layer.js';
import { stream } from '../../src/util/rng.js';

const SOURCES = 21;
const TARGETS = 5;

const selections: fc.Arbitrary<LayerPolicy['selection']> = fc.oneof(
  fc.constant({ kind: 'all' as const }),
  fc.record({
    kind: fc.constant('random' as const),
    count: fc.integer({ min: 1, max: 60 }),
    redrawn: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('ranked' as const),
    count: fc.integer({ min: 1, max: 20 }),
    per: fc.constantFrom('layer' as const, 'neuron' as const),
    by: fc.constant('change' as const),
    end: fc.constant('largest' as const),
  }),
);

const policies: fc.Arbitrary<LayerPolicy> = fc
  .record({
    selection: selections,
    cache: fc.option(
      fc.record({
        rule: fc.constantFrom('synapse' as const, 'neuron' as const, 'sum' as const),
        threshold: fc.double({ min: 0.011, max: 3, noNaN: true }),
        retention: fc.constantFrom(1, 0.99, 0.7),
      }),
    ),
    order: fc.constant('compete-first' as const),
    subnet: fc.boolean(),
  })
  .map(({ subnet, selection, ...rest }) => ({
    ...rest,
    selection,
    plasticSources: subnet && selection.kind !== 'random' ? 13 : SOURCES,
    plasticTargets: subnet && selection.kind !== 'random' ? 3 : TARGETS,
  }));

function bothLayers(policy: LayerPolicy, seed: number): [FastLayer, ReferenceLayer] {
  const random = stream(seed, 'weights');
  const weights = Float32Array.from({ length: SOURCES * TARGETS }, () => random.normal() * 0.1);
  const kernels = kernelsOn(new Arena());
  const cache = policy.cache && { ...policy.cache, threshold: policy.cache.threshold * (1 + SLACK) };
  return [
    new FastLayer(kernels, SOURCES, TARGETS, weights, policy, stream(seed, 'mask'), true),
    new ReferenceLayer(SOURCES, TARGETS, weights, { ...policy, cache }, stream(seed, 'mask')),
  ];
}

/** Shows both layers the same random samples; some inputs and changes are 0, some inputs are equal. */
function train(layers: PlasticLayer[], seed: number, samples: number): void {
  const random = stream(seed, 'samples');
  for (let t = 0; t < samples; t++) {
    const x = Float32Array.from({ length: SOURCES }, () => [0, 0.5, random.normal()][random.integer(3)]);
    const g = Float32Array.from({ length: TARGETS }, () =>
      random.uniform() < 0.2 ? 0 : random.normal() * 0.2,
    );
    const presentations = 1 + random.integer(4);
    for (const layer of layers) {
      layer.tick(presentations);
      layer.input.set(x);
      layer.change.set(g);
      layer.drive();
      layer.backward();
      layer.learn();
    }
  }
}

test('fast layers equal the composition of plain transformers', () => {
  fc.assert(
    fc.property(policies, fc.integer(), (policy, seed) => {
      const layers = bothLayers(policy, seed);
      const [fast, reference] = layers;
      train(layers, seed, 25);
      expect(fast.output).toBeAllclose(reference.output, { atol: 1e-4 });
      expect(fast.error).toBeAllclose(reference.error, { atol: 1e-4 });
      expect(fast.weights()).toBeAllclose(reference.weights(), { atol: 1e-4 });
      for (const layer of layers) layer.finish();
      const [a, b] = [fast.totals(), reference.totals()];
      // A transient that has decayed to 1e-9 changes a float64, but not a float32.
      for (const totals of [a, b]) totals.changedSynapses = 0;
      expect(Object.values(a)).toBeAllclose(Object.values(b), { rtol: 1e-4, atol: 1e-3 });
      expect([a.persistentWrites, a.transientWrites]).toEqual([b.persistentWrites, b.transientWrites]);
    }),
    { numRuns: 300 },
  );
});

test('the ledger of the synapses adds up to the totals, exactly', () => {
  fc.assert(
    fc.property(policies, fc.integer(), (policy, seed) => {
      const layers = bothLayers(policy, seed);
      train(layers, seed, 25);
      for (const layer of layers) {
        layer.finish();
        const totals = layer.totals();
        const changes = layer.changes()!;
        const sum = (counts: ArrayLike<number>) => Array.from(counts).reduce((a, b) => a + b, 0);
        expect(sum(changes.l0)).toBe(totals.persistentWrites);
        expect(sum(changes.l1Quanta) / 2 ** 24).toBe(totals.persistentChange);
        if (!changes.transient) continue;
        expect(sum(changes.transient.l1Quanta) / 2 ** 24).toBe(totals.transientChange);
        expect(sum(changes.transient.consolidations)).toBe(totals.persistentWrites);
        expect(sum(changes.transient.heldQuanta) / 2 ** 24).toBe(totals.maintenance);
      }
    }),
    { numRuns: 100 },
  );
});

test('synapse by synapse, the fast ledger is that of the reference', () => {
  fc.assert(
    fc.property(policies, fc.integer(), (policy, seed) => {
      const layers = bothLayers(policy, seed);
      train(layers, seed, 25);
      const [fast, reference] = layers.map((layer) => {
        layer.finish();
        return layer.changes()!;
      });
      const near = { rtol: 1e-4, atol: 2 ** 24 * 1e-4 };
      expect(fast.steps).toBe(reference.steps);
      expect(Array.from(fast.l0)).toEqual(Array.from(reference.l0));
      expect(fast.l1Quanta).toBeAllclose(reference.l1Quanta, near);
      if (!fast.transient) return;
      expect(fast.transient.l1Quanta).toBeAllclose(reference.transient!.l1Quanta, near);
      expect(fast.transient.heldQuanta).toBeAllclose(reference.transient!.heldQuanta, near);
    }),
    { numRuns: 100 },
  );
});

test('a path is never shorter than the distance, and equals it when all is consolidated at the end', () => {
  fc.assert(
    fc.property(policies, fc.integer(), (policy, seed) => {
      const [fast] = bothLayers(policy, seed);
      train([fast], seed, 25);
      fast.finish();
      const totals = fast.totals();
      expect(totals.persistentChange).toBeGreaterThan(totals.distance - 1e-3);
    }),
  );
  const cache = { rule: 'neuron' as const, threshold: Number.POSITIVE_INFINITY, retention: 1 };
  const policy: LayerPolicy = {
    selection: { kind: 'all' },
    cache,
    order: 'compete-first',
    plasticSources: SOURCES,
    plasticTargets: TARGETS,
  };
  for (const layer of bothLayers(policy, 3)) {
    train([layer], 3, 40);
    layer.finish();
    const totals = layer.totals();
    expect(totals.persistentChange).toBeCloseTo(totals.distance, 3);
    expect(totals.transientChange).toBeGreaterThan(2 * totals.distance);
  }
});

test('cache first: what loses the competition to be consolidated stays transient', () => {
  const policy: LayerPolicy = {
    selection: { kind: 'ranked', count: 4, per: 'layer', by: 'change', end: 'largest' },
    cache: { rule: 'neuron', threshold: 0.1, retention: 1 },
    order: 'cache-first',
    plasticSources: SOURCES,
    plasticTargets: TARGETS,
  };
  const layer = new ReferenceLayer(
    SOURCES,
    TARGETS,
    new Float64Array(SOURCES * TARGETS),
    policy,
    stream(1, ''),
  );
  const plain = new ReferenceLayer(
    SOURCES,
    TARGETS,
    new Float64Array(SOURCES * TARGETS),
    { ...policy, cache: null, selection: { kind: 'all' } },
    stream(1, ''),
  );
  train([layer, plain], 5, 10);
  expect(layer.weights()).toBeAllclose(plain.weights());
  expect(layer.totals().persistentWrites).toBeLessThanOrEqual(4 * 10);
  expect(layer.totals().residual).toBeGreaterThan(0);
  layer.finish();
  expect(layer.weights()).toBeAllclose(plain.weights());
  expect(layer.totals().residual).toBe(0);
});

test('what is written and counted run by run is what the list of each synapse says, to the last bit', () => {
  const [sources, targets] = [450, 20];
  fc.assert(
    fc.property(
      fc.integer(),
      fc.constantFrom(0.001, 0.003, 0.03, 0.3, 0.8),
      fc.boolean(),
      (seed, fraction, image) => {
        const random = stream(seed, 'competition');
        const weights = Float32Array.from({ length: sources * targets }, () => random.normal());
        const policy: LayerPolicy = {
          selection: {
            kind: 'ranked',
            count: Math.ceil(fraction * sources * targets),
            per: 'layer',
            by: 'change',
            end: 'largest',
          },
          cache: null,
          order: 'compete-first',
          plasticSources: sources,
          plasticTargets: targets,
        };
        const [totals, detailed] = [false, true].map(
          (perSynapse) =>
            new FastLayer(
              kernelsOn(new Arena()),
              sources,
              targets,
              weights,
              policy,
              stream(seed, 'mask'),
              perSynapse,
            ),
        );
        for (let t = 0; t < 3; t++) {
          // Images have a uniform background with a little noise; other inputs spread over octaves.
          const x = Float32Array.from({ length: sources }, () =>
            image && random.uniform() < 0.8 ? -0.13 + 0.001 * random.normal() : random.normal(),
          );
          const g = Float32Array.from({ length: targets }, () => 0.1 * random.normal());
          for (const layer of [totals, detailed]) {
            layer.input.set(x);
            layer.change.set(g);
            layer.learn();
          }
          const { competition } = totals.selection;
          // This is what is tested: that buckets are fine enough, and something is written in runs.
          const inRuns = competition!.prefix.reduce((sum, n) => sum + n, 0);
          if (fraction === 0.03) expect(inRuns).toBeGreaterThan(0);
        }
        expect(Buffer.compare(bytesOf(totals), bytesOf(detailed))).toBe(0);
        expect(totals.totals()).toEqual(detailed.totals());
        const sizes = Array.from(detailed.changes()!.l0);
        expect(sizes.reduce((a, b) => a + b, 0)).toBe(totals.totals().persistentWrites);
      },
    ),
    { numRuns: 40 },
  );
});

function bytesOf(layer: FastLayer): Uint8Array {
  return new Uint8Array(layer.weights().buffer);
}
