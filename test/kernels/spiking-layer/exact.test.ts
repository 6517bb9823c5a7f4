import { describe, expect, test } from 'vitest';
import { type ExactNetwork, exactEventProp } from '../../../kernels/spiking-layer/exact.js';
import { stream } from '../../../src/util/rng.js';

/** A small random network that spikes some tens of times, and input spikes for it. */
function example(seed: number, recurrent: boolean) {
  const { normal, uniform } = stream(seed, 'exact');
  const [inputs, neurons, outputs] = [8, 6, 3];
  const draw = (n: number, mean: number, sd: number) =>
    Float64Array.from({ length: n }, () => mean + sd * normal());
  const network: ExactNetwork = {
    inputs,
    neurons,
    outputs,
    tauMMs: 20,
    tauSMs: 5,
    theta: 1,
    windowMs: 30,
    kappa: 3,
    inputWeights: draw(inputs * neurons, 1.2, 0.8),
    recurrentWeights: recurrent ? draw(neurons * neurons, 0.2, 0.5) : null,
    readoutWeights: draw(neurons * outputs, 0, 1),
  };
  const input = Array.from({ length: 2 * inputs }, (_, i) => ({ atMs: 20 * uniform(), input: i % inputs }));
  return { network, input, label: seed % outputs };
}

describe.each([
  { kind: 'feed-forward', recurrent: false },
  { kind: 'recurrent', recurrent: true },
])('$kind network', ({ recurrent }) => {
  test.each([1, 2, 3])('gradients equal finite differences of the loss to 1e-9 (seed %i)', (seed) => {
    const { network, input, label } = example(seed, recurrent);
    const result = exactEventProp(network, input, label);
    expect(result.spikes.length).toBeGreaterThan(10);
    const check = (weights: Float64Array, gradient: Float64Array) => {
      expect(gradient.some((g) => Math.abs(g) > 1e-4)).toBe(true);
      for (let i = 0; i < weights.length; i++) {
        expect(Math.abs(gradient[i] - slope(weights, i))).toBeLessThan(1e-9);
      }
    };
    /** Richardson-extrapolated central difference: its error is of fourth order in the step. */
    const slope = (weights: Float64Array, i: number) => {
      const central = (h: number) => {
        const held = weights[i];
        weights[i] = held + h;
        const above = exactEventProp(network, input, label).loss;
        weights[i] = held - h;
        const below = exactEventProp(network, input, label).loss;
        weights[i] = held;
        return (above - below) / (2 * h);
      };
      return (4 * central(2e-5) - central(4e-5)) / 3;
    };
    check(network.inputWeights, result.inputGradient);
    check(network.readoutWeights, result.readoutGradient);
    if (network.recurrentWeights) check(network.recurrentWeights, result.recurrentGradient!);
  });
});

test('one input above threshold: the spike comes when the closed form says', () => {
  // With τ_m = 2 τ_s, V = w (x - x²) for x = exp(-t/τ_m): the crossing solves a quadratic.
  const weight = 5;
  const network: ExactNetwork = {
    inputs: 1,
    neurons: 1,
    outputs: 1,
    tauMMs: 10,
    tauSMs: 5,
    theta: 1,
    windowMs: 9,
    kappa: 1,
    inputWeights: Float64Array.of(weight),
    recurrentWeights: null,
    readoutWeights: Float64Array.of(1),
  };
  const x = (1 + Math.sqrt(1 - 4 / weight)) / 2;
  const { spikes } = exactEventProp(network, [{ atMs: 0.5, input: 0 }], 0);
  expect(spikes[0].atMs).toBeCloseTo(0.5 - 10 * Math.log(x), 12);
});

test('the postsynaptic potential of a readout has the area of its closed form', () => {
  // One neuron, one spike at t: z = κ/T ∫ psp. Compare with a fine numerical integral.
  const { network, input } = example(1, false);
  network.outputs = 1;
  network.readoutWeights = new Float64Array(network.neurons).fill(1);
  const { answer, spikes } = exactEventProp(network, input, 0);
  const { tauMMs: m, tauSMs: s, windowMs } = network;
  const n = 200_000;
  let sum = 0;
  for (let k = 0; k < n; k++) {
    const t = ((k + 0.5) * windowMs) / n;
    for (const { atMs } of spikes) {
      if (atMs < t) sum += (s / (m - s)) * (Math.exp((atMs - t) / m) - Math.exp((atMs - t) / s));
    }
  }
  expect(answer[0]).toBeCloseTo((network.kappa * sum) / n, 6);
});
