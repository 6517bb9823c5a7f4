import { expect, test } from 'vitest';
import { energyPerInferenceFj, makeBill } from '../../src/energy/bill.js';
import { crossoverOf, publishedCrossover, spikeRate } from '../../src/energy/crossover.js';
import type { DenseLayerLedger, Ledger, SpikingLayerLedger } from '../../src/energy/ledger.js';
import { loadTariff } from '../../src/energy/tariff.js';
import { withTraffic } from '../../src/energy/traffic.js';

const [SOURCES, TARGETS, STEPS, INFERENCES] = [40, 10, 20, 8];

/** One projection whose sources each send `spikes` spikes in all inferences together. */
function spiking(spikes: number, updates: boolean): Ledger {
  const layer: SpikingLayerLedger = {
    name: 'only',
    channel: 'spike',
    sources: SOURCES,
    targets: TARGETS,
    changes: {
      steps: 1,
      l0: new Uint32Array(SOURCES * TARGETS).fill(3),
      l1Quanta: new Float64Array(SOURCES * TARGETS),
    },
    inferenceSpikes: new Float64Array(SOURCES).fill(spikes),
    trainingSpikes: new Float64Array(SOURCES).fill(2),
    inferenceNeuronUpdates: updates ? TARGETS * STEPS * INFERENCES : 0,
    trainingNeuronUpdates: 0,
    inferenceTargetSpikes: 0,
    trainingTargetSpikes: 0,
    backwardMacsPerSpike: 0,
  };
  return { network: 'spiking', labels: {}, inferences: INFERENCES, trainingSamples: 5, layers: [layer] };
}

function dense(): Ledger {
  const layer: DenseLayerLedger = {
    name: 'only',
    channel: 'graded',
    sources: SOURCES,
    targets: TARGETS,
    changes: null,
    inferenceMacsPerSynapse: INFERENCES,
    trainingForwardMacsPerSynapse: 5,
    trainingBackwardMacsPerSynapse: 5,
  };
  return { network: 'dense', labels: {}, inferences: INFERENCES, trainingSamples: 5, layers: [layer] };
}

const FP32 = loadTariff('45nm-fp32');

test('the rate is spikes a source and step', () => {
  expect(spikeRate(spiking(16, true), STEPS)).toBeCloseTo(16 / (STEPS * INFERENCES), 15);
});

test('without neuron updates the crossover of bare arithmetic is a MAC over an addition, by T, at any rate', () => {
  for (const spikes of [1, 16, 200]) {
    const found = crossoverOf(
      { ledger: spiking(spikes, false), tariff: FP32, steps: STEPS },
      { ledger: dense(), tariff: FP32 },
    )!;
    expect(found.crossover).toBeCloseTo(4.6 / 0.9 / STEPS, 12);
  }
});

test('at the crossover both cost the same', () => {
  const { crossover } = crossoverOf(
    { ledger: spiking(16, true), tariff: FP32, steps: STEPS },
    { ledger: dense(), tariff: FP32 },
  )!;
  const energy = (ledger: Ledger) => energyPerInferenceFj(makeBill(ledger, FP32))!.valueFj;
  const silent = energy(spiking(0, true));
  const perRate = (energy(spiking(16, true)) - silent) / (16 / (STEPS * INFERENCES));
  expect(silent + crossover * perRate).toBeCloseTo(energy(dense()), 3);
});

test('neuron updates that cost more than the whole rival leave no rate at which spiking wins', () => {
  const wide = dense();
  wide.layers[0] = { ...(wide.layers[0] as DenseLayerLedger), sources: 1 };
  const found = crossoverOf(
    { ledger: spiking(16, true), tariff: FP32, steps: STEPS },
    { ledger: wide, tariff: FP32 },
  );
  expect(found!.crossover).toBeLessThan(0);
});

test('a tariff that does not price a MAC has no crossover', () => {
  const loihi = loadTariff('loihi');
  expect(
    crossoverOf(
      { ledger: spiking(16, true), tariff: loihi, steps: STEPS },
      { ledger: dense(), tariff: loihi },
    ),
  ).toBeNull();
});

test('the published rule has the published mean', () => {
  const rule = [5, 6, 7, 8, 9, 10].map(publishedCrossover);
  expect(rule.reduce((sum, s) => sum + s, 0) / rule.length).toBeCloseTo(0.0599, 4);
});

test('traffic is what comes in and goes out, a spike two bytes, and the state of the optimiser twice', () => {
  const options = { bytesPerValue: 4, stateArrays: 2 };
  const [graded] = withTraffic(dense(), options).layers;
  expect(graded.bytes!.inference!.activations).toBe(4 * (SOURCES + TARGETS) * INFERENCES);
  const [spikes] = withTraffic(spiking(16, true), options).layers;
  expect(spikes.bytes!.inference!.activations).toBe(2 * 16 * SOURCES);
  expect(spikes.bytes!.update!.optimiser).toBe(3 * SOURCES * TARGETS * 2 * 2 * 4);
});
