import { mean } from 'simple-statistics';
import { expect, test } from 'vitest';
import { lifDelta } from '../../models/neurons/lif-delta.js';
import { pairwiseCorrelations } from '../../src/analysis/correlation.js';
import { histogram, inCommonBins } from '../../src/analysis/network-activity.js';
import { binnedCounts, cvsOfIntervals, ratesHz, spikeTrains } from '../../src/analysis/spike-trains.js';
import { activity, dominantFrequencyHz, synchrony } from '../../src/analysis/synchrony.js';
import type { Spikes } from '../../src/engine/engine.js';
import { Network } from '../../src/network/network.js';
import { stream } from '../../src/util/rng.js';

/** Spike trains as an engine hands them over, of a population B behind a population A of three neurons. */
function spikesOf(trains: readonly (readonly number[])[]) {
  const network = new Network({ name: 'trains' });
  const a = network.population('A', 3, lifDelta);
  const b = network.population('B', trains.length, lifDelta);
  const events = [
    ...trains.flatMap((steps, k) => steps.map((step) => ({ step, neuron: 3 + k }))),
    { step: 5, neuron: 1 },
  ].sort((x, y) => x.step - y.step || x.neuron - y.neuron);
  const spikes: Spikes = {
    steps: Int32Array.from(events, ({ step }) => step),
    neurons: Int32Array.from(events, ({ neuron }) => neuron),
    first: new Map([
      [a, 0],
      [b, 3],
    ]),
    dtMs: 0.1,
  };
  return { trains: spikeTrains(spikes, b), ofA: spikeTrains(spikes, a) };
}

/** Poisson trains on the grid, with a rate of rate(step) spikes a step. */
function poissonTrains(neurons: number, steps: number, rate: (step: number) => number): number[][] {
  const { uniform } = stream(1, 'trains');
  return Array.from({ length: neurons }, () =>
    Array.from({ length: steps }, (_, step) => step).filter((step) => uniform() < rate(step)),
  );
}

test('spikes go to their neurons, and a clock has no variation', () => {
  const { trains, ofA } = spikesOf([[0, 100, 200, 300], [], [10, 30, 90]]);
  expect(Array.from(ratesHz(trains, { firstStep: 0, ms: 100 }))).toEqual([40, 0, 30]);
  expect(Array.from(ratesHz(ofA, { firstStep: 0, ms: 100 }))).toEqual([0, 10, 0]);
  // Intervals 20 and 60: mean 40, deviation 20.
  expect(cvsOfIntervals(trains)).toBeAllclose([0, 0.5]);
  expect(Array.from(binnedCounts([10, 19, 20, 29, 45], { firstStep: 10, ms: 3 }, 1, 0.1))).toEqual([2, 2, 0]);
});

test('independent Poisson trains have a CV of 1, no correlation and no synchrony', () => {
  const steps = 50_000;
  const { trains } = spikesOf(poissonTrains(60, steps, () => 0.004));
  const stretch = { firstStep: 0, ms: steps / 10 };
  expect(mean(Array.from(cvsOfIntervals(trains)))).toBeGreaterThan(0.9);
  expect(mean(Array.from(cvsOfIntervals(trains)))).toBeLessThan(1.02);
  const pairs = pairwiseCorrelations(trains, { ...stretch, binMs: 5, neurons: 60, seed: 1 });
  expect(pairs.length).toBe((60 * 59) / 2);
  // Each has a spread of 1/√1000; their mean is √1770 times narrower.
  expect(Math.abs(mean(Array.from(pairs)))).toBeLessThan(5 / Math.sqrt(1000) / Math.sqrt(1770));
  expect(synchrony(activity(trains, stretch, 1))!).toBeLessThan(0.1);
});

test('a common sine is found with its depth and its frequency', () => {
  const steps = 40_000;
  const rate = (step: number) => 0.01 * (1 + Math.sin((2 * Math.PI * 25 * step) / 10_000));
  const { trains } = spikesOf(poissonTrains(200, steps, rate));
  const counts = activity(trains, { firstStep: 0, ms: steps / 10 }, 1);
  // A full sine has a standard deviation of 1/√2 of its mean.
  expect(Math.abs(synchrony(counts)! - Math.SQRT1_2)).toBeLessThan(0.03);
  expect(dominantFrequencyHz(counts, 1)).toBeCloseTo(25, 1);
  const pairs = pairwiseCorrelations(trains, {
    firstStep: 0,
    ms: steps / 10,
    binMs: 5,
    neurons: 40,
    seed: 1,
  });
  // Counts n in 5 ms: var = λ + λ²/2 (the sine, a little flattened by the bin), cov = λ²/2, with λ = 0.5.
  const flattened = (Math.sin(Math.PI * 25 * 0.005) / (Math.PI * 25 * 0.005)) ** 2;
  const shared = (0.5 ** 2 / 2) * flattened;
  expect(Math.abs(mean(Array.from(pairs)) - shared / (0.5 * (1 - 0.005) + shared))).toBeLessThan(0.02);
});

test('silence has no synchrony and no frequency', () => {
  expect(synchrony([0, 0, 0, 0])).toBeNull();
  expect(dominantFrequencyHz([0, 0, 0, 0, 0, 0], 1)).toBeNull();
});

test('the shares of a histogram add up to 1, and edges belong to the bin above', () => {
  const bins = histogram([0.05, 0.1, 0.1, 0.19, 0.3, -0.01], 0.1);
  expect(bins.map(({ from }) => from)).toEqual([-0.1, 0, 0.1, 0.2, 0.3]);
  expect(bins.map(({ share }) => Math.round(share * 6))).toEqual([1, 1, 3, 0, 1]);
});

test('the populations of a figure share one width of bins, and a bin of rates holds whole spikes', () => {
  const population = (name: string, top: number) => ({
    name,
    size: 100,
    rateHz: 0,
    cvIsi: null,
    correlation: null,
    synchrony: null,
    oscillationHz: null,
    activity: [],
    // Measured for 300 ms: a spike more is 3.33 Hz more.
    rates: Array.from({ length: 100 }, (_, i) => (Math.floor((i * top) / 100) * 10) / 3),
    cvs: Array.from({ length: 100 }, (_, i) => (i * top) / 100),
    correlations: Array.from({ length: 100 }, (_, i) => (i * top) / 400),
  });
  const binned = inCommonBins(
    [population('wide', 30), population('narrow', 3), { ...population('silent', 1), cvs: [] }],
    10 / 3,
  );
  for (const what of ['rates', 'cvs', 'correlations'] as const) {
    const widths = binned.flatMap((each) => each[what].map(({ width }) => width));
    expect(new Set(widths).size).toBe(1);
    for (const { from } of binned.flatMap((each) => each[what]))
      expect(Math.abs(from / widths[0] - Math.round(from / widths[0]))).toBeLessThan(1e-9);
  }
  const spikes = binned[0].rates[0].width / (10 / 3);
  expect(Math.abs(spikes - Math.round(spikes))).toBeLessThan(1e-9);
  expect(binned[2].cvs).toEqual([]);
});
