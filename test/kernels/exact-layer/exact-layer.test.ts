import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ExactNetwork, exactEventProp } from '../../../kernels/spiking-layer/exact.js';
import { exactExample, expectGradients } from '../spiking-layer/exact-example.js';
import { kernelEventProp } from './one-sample.js';

const largest = (values: ArrayLike<number>) => Math.max(...Array.from(values, Math.abs));

/** Distance of the closest calls: a spike or a miss at rounding distance of θ is decided by rounding. */
function isDecidedByRounding(network: ExactNetwork, input: { atMs: number; input: number }[]): boolean {
  const nudged = [1 - 1e-6, 1 + 1e-6].map((factor) => {
    const { spikes } = exactEventProp({ ...network, theta: factor * network.theta }, input, 0);
    return spikes.map(({ neuron }) => neuron).join();
  });
  return nudged[0] !== nudged[1];
}

describe.each([
  { kind: 'feed-forward', recurrent: false },
  { kind: 'recurrent', recurrent: true },
])('$kind', ({ recurrent }) => {
  test.each([1, 2, 3])('gradients equal finite differences of the loss to 1e-9 (seed %i)', (seed) => {
    expectGradients(exactExample(seed, recurrent), kernelEventProp);
  });

  test.each([
    { ratio: 'τ_m = 2 τ_s (closed form)', tauSMs: 10 },
    { ratio: 'τ_m = 4 τ_s', tauSMs: 5 },
    { ratio: 'τ_m = 7.3 τ_s', tauSMs: 20 / 7.3 },
    { ratio: 'τ_m = 1.3 τ_s', tauSMs: 20 / 1.3 },
  ])('equals the reference on random networks, $ratio', ({ tauSMs }) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 1, max: 33 }), (seed, neurons) => {
        const { network, input, label } = exactExample(seed, recurrent, tauSMs, {
          inputs: 9,
          neurons,
          outputs: 4,
        });
        // Strong recurrence makes time itself chaotic; keep the sum of weights as it is with six neurons.
        const { recurrentWeights } = network;
        recurrentWeights?.forEach((w, k) => {
          recurrentWeights[k] = Math.fround(w * Math.min(1, 6 / neurons));
        });
        fc.pre(!isDecidedByRounding(network, input));
        const expected = exactEventProp(network, input, label);
        const result = kernelEventProp(network, input, label);
        expect(result.spikes.map(({ neuron }) => neuron)).toEqual(
          expected.spikes.map(({ neuron }) => neuron),
        );
        const times = (of: typeof expected) => of.spikes.map(({ atMs }) => atMs);
        expect(times(result)).toBeAllclose(times(expected), { atol: 1e-7 });
        expect(result.answer).toBeAllclose(expected.answer, { atol: 1e-7 });
        for (const key of ['inputGradient', 'readoutGradient', 'recurrentGradient'] as const) {
          const [is, ought] = [result[key], expected[key]];
          if (is && ought)
            expect(is).toBeAllclose(ought, { rtol: 0, atol: 1e-9 * Math.max(1, largest(ought)) });
        }
      }),
      { numRuns: 12 },
    );
  });
});

test('a silent layer has no spikes and no gradient', () => {
  const { network, input, label } = exactExample(1, true);
  network.inputWeights.fill(0);
  const { spikes, answer, inputGradient } = kernelEventProp(network, input, label);
  expect(spikes).toEqual([]);
  expect(largest(answer)).toBe(0);
  expect(largest(inputGradient)).toBe(0);
});
