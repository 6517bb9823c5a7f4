import fc from 'fast-check';
import { UNITS } from '../../src/energy/counts.js';
import type { LayerLedger, Ledger, WeightChanges } from '../../src/energy/ledger.js';
import type { Tariff } from '../../src/energy/tariff.js';

const count = fc.nat({ max: 100_000 });

/** Arbitrary changes of `synapses` weights, with or without transient ones. L1 reaches beyond 2^53 when summed. */
function changes(synapses: number): fc.Arbitrary<WeightChanges | null> {
  const whole = (max: number) =>
    fc.array(
      fc.maxSafeNat().map((n) => n % max),
      { minLength: synapses, maxLength: synapses },
    );
  const l1 = whole(2 ** 53 - 1).map((values) => Float64Array.from(values));
  const l0 = whole(2 ** 32).map((values) => Uint32Array.from(values));
  const transient = fc.record({ l1Quanta: l1, heldQuanta: l1, consolidations: l0 });
  return fc.option(
    fc.record({ steps: count, l0, l1Quanta: l1, transient }, { requiredKeys: ['steps', 'l0', 'l1Quanta'] }),
  );
}

/** Any layer of the two kinds, up to 6 × 6 synapses. */
export const anyLayer: fc.Arbitrary<LayerLedger> = fc
  .record({ sources: fc.integer({ min: 1, max: 6 }), targets: fc.integer({ min: 1, max: 6 }) })
  .chain(({ sources, targets }) =>
    // Every pair connected, or so many synapses of each source (some may have none, but not all).
    fc
      .option(
        fc
          .array(fc.nat({ max: 2 * targets }), { minLength: sources, maxLength: sources })
          .filter((degrees) => degrees.some((degree) => degree > 0))
          .map((degrees) => Uint32Array.from(degrees)),
        { nil: undefined },
      )
      .map((outDegrees) => ({ sources, targets, outDegrees })),
  )
  .chain(({ sources, targets, outDegrees }) => {
    const synapses = outDegrees?.reduce((sum, degree) => sum + degree, 0) ?? sources * targets;
    const common = {
      name: fc.string({ minLength: 1, maxLength: 5 }),
      sources: fc.constant(sources),
      targets: fc.constant(targets),
      ...(outDegrees && { outDegrees: fc.constant(outDegrees) }),
      changes: changes(synapses),
    };
    const spikes = fc
      .array(count, { minLength: sources, maxLength: sources })
      .map((values) => Float64Array.from(values));
    const moved = fc.record({ weights: count, activations: count, optimiser: count });
    return fc.oneof(
      fc.record({
        ...common,
        channel: fc.constant('spike' as const),
        inferenceSpikes: spikes,
        trainingSpikes: spikes,
        inferenceNeuronUpdates: count,
        trainingNeuronUpdates: count,
        inferenceTargetSpikes: count,
        trainingTargetSpikes: count,
        backwardMacsPerSpike: fc.constantFrom(0 as const, 1 as const),
      }),
      fc.record({
        ...common,
        channel: fc.constant('graded' as const),
        inferenceMacsPerSynapse: count,
        trainingForwardMacsPerSynapse: count,
        trainingBackwardMacsPerSynapse: count,
        bytes: fc.record({ inference: moved, update: moved }),
      }),
    );
  });

export const anyLedger: fc.Arbitrary<Ledger> = fc.record({
  network: fc.string(),
  labels: fc.constant({}),
  inferences: fc.integer({ min: 1, max: 1000 }),
  trainingSamples: count,
  layers: fc.array(anyLayer, { minLength: 1, maxLength: 4 }),
});

/** Every unit has a price; the prices are any doubles of the permitted range. */
export const anyTariff: fc.Arbitrary<Tariff> = fc
  .array(
    fc.tuple(fc.double({ min: 2 ** -52, max: 1e9, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
    {
      minLength: UNITS.length,
      maxLength: UNITS.length,
    },
  )
  .map((values) => ({
    name: 'any',
    title: 'any',
    basis: 'assumed',
    substrate: 'none',
    prices: UNITS.map((unit, i) => ({
      unit,
      valueFj: values[i][0],
      lowFj: values[i][1] < 0.5 ? null : Math.max(2 ** -52, values[i][0] * values[i][1]),
      highFj: values[i][1] < 0.3 ? null : values[i][0] * (1 + values[i][1]),
      conditions: 'none',
      source: 'none',
      doi: null,
      confidence: 'recalled',
    })),
    zero: {},
    notPriced: {},
  }));

/** Two sources (3 and 5 spikes), two targets, one weight changed: small enough to add up by hand. */
export function smallLedger(): Ledger {
  return {
    network: 'small',
    labels: { clade: 'songbird', seed: 1 },
    inferences: 2,
    trainingSamples: 4,
    layers: [
      {
        name: 'hidden',
        channel: 'spike',
        sources: 2,
        targets: 2,
        inferenceSpikes: Float64Array.of(3, 5),
        trainingSpikes: Float64Array.of(10, 20),
        inferenceNeuronUpdates: 40,
        trainingNeuronUpdates: 80,
        inferenceTargetSpikes: 6,
        trainingTargetSpikes: 12,
        backwardMacsPerSpike: 1,
        changes: {
          steps: 2,
          l0: Uint32Array.of(0, 2, 0, 1),
          l1Quanta: Float64Array.of(0, 2 ** 24, 0, 2 ** 23),
        },
      },
    ],
  };
}

/** A dense 3 × 2 layer: 7 MACs at each synapse in inference, 4 forward and 8 backward. */
export function denseLedger(): Ledger {
  return {
    network: 'dense',
    labels: {},
    inferences: 7,
    trainingSamples: 4,
    layers: [
      {
        name: 'hidden',
        channel: 'graded',
        sources: 3,
        targets: 2,
        inferenceMacsPerSynapse: 7,
        trainingForwardMacsPerSynapse: 4,
        trainingBackwardMacsPerSynapse: 8,
        changes: null,
      },
    ],
  };
}
