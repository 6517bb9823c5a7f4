import { describe, expect, test } from 'vitest';
import { type ExactAdaptive, exactAdaptive } from '../../../kernels/adaptive-window/exact.js';
import { type AdaptiveConstants, adjoint, forward } from '../../../kernels/adaptive-window/plain.js';
import { stream } from '../../../src/util/rng.js';

/** Six adaptive neurons that spike some tens of times, and input spikes for them. */
function example(seed: number, beta: number) {
  const { normal, uniform } = stream(seed, 'adaptive');
  const [inputs, neurons] = [8, 6];
  const draw = (n: number, mean: number, sd: number) =>
    Float64Array.from({ length: n }, () => mean + sd * normal());
  const network: ExactAdaptive = {
    inputs,
    neurons,
    tauMMs: 20,
    tauSMs: 5,
    tauAMs: 60,
    theta: 1,
    beta,
    windowMs: 30,
    weights: draw(inputs * neurons, 1.5, 0.8),
    recurrent: draw(neurons * neurons, 0.2, 0.4),
    cost: draw(neurons, 0, 1),
  };
  const input = Array.from({ length: 2 * inputs }, (_, i) => ({ atMs: 20 * uniform(), input: i % inputs }));
  return { network, input: input.sort((x, y) => x.atMs - y.atMs) };
}

describe.each([0, 0.5])('threshold lifted by %s a spike', (beta) => {
  test.each([1, 2, 3])('gradients equal finite differences of the loss (seed %i)', (seed) => {
    const { network, input } = example(seed, beta);
    const result = exactAdaptive(network, input);
    expect(result.spikes.length).toBeGreaterThan(10);
    for (const [weights, gradient] of [
      [network.weights, result.byWeights],
      [network.recurrent, result.byRecurrent],
    ]) {
      expect(gradient.some((g) => Math.abs(g) > 1e-3)).toBe(true);
      // Every fifth: a simulation is slow, and all go through the same equations.
      for (let i = 0; i < weights.length; i += 5) {
        const held = weights[i];
        const lossAt = (w: number) => {
          weights[i] = w;
          return exactAdaptive(network, input).loss;
        };
        const difference = (lossAt(held + 1e-6) - lossAt(held - 1e-6)) / 2e-6;
        weights[i] = held;
        expect(Math.abs(gradient[i] - difference)).toBeLessThan(1e-5 * (1 + Math.abs(difference)));
      }
    }
  });
});

test('an adapted neuron spikes less often', () => {
  const counts = [0, 0.5].map((beta) => {
    const { network, input } = example(1, beta);
    return exactAdaptive(network, input).spikes.length;
  });
  expect(counts[1]).toBeLessThan(counts[0]);
});

/** The gradients of the same network on a time grid. */
function onGrid({ network, input }: ReturnType<typeof example>, dtMs: number) {
  const { inputs, neurons: targets, tauMMs, tauSMs, tauAMs, theta, beta, windowMs } = network;
  const steps = Math.round(windowMs / dtMs);
  const [decayM, decayS, decayA] = [tauMMs, tauSMs, tauAMs].map((tau) => Math.exp(-dtMs / tau));
  const constants: AdaptiveConstants = {
    decayM,
    decayS,
    decayA,
    gain: (tauSMs / (tauMMs - tauSMs)) * (decayM - decayS),
    mix: (tauMMs / (tauMMs - tauSMs)) * (decayM - decayS),
    tauMMs,
    tauSMs,
    tauAMs,
    theta,
    beta,
    slopeFloor: 1e-3,
    surrogate: 0,
    sharpness: 10,
  };
  const rows = Array.from({ length: steps }, (): number[] => []);
  for (const spike of input) rows[Math.min(steps - 1, Math.round(spike.atMs / dtMs))].push(spike.input);
  const starts = [0];
  for (const row of rows) starts.push(starts[starts.length - 1] + row.length);
  const list = { starts: Int32Array.from(starts), events: Int32Array.from(rows.flat()) };
  const shape = { batch: 1, steps, targets };
  const fresh = () => new Float32Array(steps * targets);
  const window = { output: fresh(), trace: fresh(), adaptation: fresh() };
  const recurrent = Float32Array.from(network.recurrent);
  forward(shape, constants, list, Float32Array.from(network.weights), recurrent, window);
  const error = Float32Array.from(window.output, (_, at) => network.cost[at % targets]);
  const [change, shift] = [fresh(), fresh()];
  adjoint(shape, constants, window, recurrent, error, change, shift);
  const byWeights = new Float64Array(inputs * targets);
  rows.forEach((row, k) => {
    for (const i of row)
      for (let j = 0; j < targets; j++) byWeights[i * targets + j] += change[k * targets + j];
  });
  return { spikes: window.output.reduce((sum, x) => sum + x, 0), byWeights };
}

test('gradients on a grid come near the exact ones as the step gets small', () => {
  const errors = [0.02, 0.005].map((dtMs) =>
    [1, 2, 3].map((seed) => {
      const drawn = example(seed, 0.5);
      const exact = exactAdaptive(drawn.network, drawn.input);
      const grid = onGrid(drawn, dtMs);
      const size = Math.hypot(...exact.byWeights);
      return Math.hypot(...exact.byWeights.map((g, i) => g - grid.byWeights[i])) / size;
    }),
  );
  const median = (values: number[]) => values.toSorted((a, b) => a - b)[1];
  expect(median(errors[0])).toBeLessThan(0.2);
  expect(median(errors[1])).toBeLessThan(0.5 * median(errors[0]));
});
