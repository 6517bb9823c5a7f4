import { describe, expect, test } from 'vitest';
import { type ExactNetwork, exactEventProp } from '../../../kernels/spiking-layer/exact.js';
import { exactExample, expectGradients } from './exact-example.js';

describe.each([
  { kind: 'feed-forward', recurrent: false },
  { kind: 'recurrent', recurrent: true },
])('$kind network', ({ recurrent }) => {
  test.each([1, 2, 3])('gradients equal finite differences of the loss to 1e-9 (seed %i)', (seed) => {
    expectGradients(exactExample(seed, recurrent), exactEventProp);
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
  const { network, input } = exactExample(1, false);
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
