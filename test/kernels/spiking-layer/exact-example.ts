import { expect } from 'vitest';
import { type ExactNetwork, exactEventProp } from '../../../kernels/spiking-layer/exact.js';
import { stream } from '../../../src/util/rng.js';

interface Size {
  inputs: number;
  neurons: number;
  outputs: number;
}

/** A random network with float32 weights, and two spikes from each input, some of them at the same time. */
export function exactExample(
  seed: number,
  recurrent: boolean,
  tauSMs = 5,
  size: Size = { inputs: 8, neurons: 6, outputs: 3 },
) {
  const { inputs, neurons, outputs } = size;
  const { normal, uniform } = stream(seed, 'exact-layer');
  const draw = (n: number, mean: number, sd: number) =>
    Float64Array.from({ length: n }, () => Math.fround(mean + sd * normal()));
  const network: ExactNetwork = {
    inputs,
    neurons,
    outputs,
    tauMMs: 20,
    tauSMs,
    theta: 1,
    windowMs: 30,
    kappa: 3,
    inputWeights: draw(inputs * neurons, 1.2, 0.8),
    recurrentWeights: recurrent ? draw(neurons * neurons, 0.2, 0.5) : null,
    readoutWeights: draw(neurons * outputs, 0, 1),
  };
  const shared = 20 * uniform();
  const input = Array.from({ length: 2 * inputs }, (_, i) => ({
    atMs: i % 5 === 0 ? shared : 20 * uniform(),
    input: i % inputs,
  }));
  return { network, input, label: seed % outputs };
}

/** Checks every gradient that `eventProp` returns against finite differences of the reference's loss, to 1e-9. */
export function expectGradients(
  { network, input, label }: ReturnType<typeof exactExample>,
  eventProp: typeof exactEventProp,
): void {
  const result = eventProp(network, input, label);
  expect(result.spikes.length).toBeGreaterThan(10);
  /** Richardson's central difference, whose error is of fourth order in the step; in float64, which it needs. */
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
  const check = (weights: Float64Array, gradient: Float64Array) => {
    expect(Math.max(...gradient.map(Math.abs))).toBeGreaterThan(1e-4);
    expect(gradient).toBeAllclose(
      weights.map((_, i) => slope(weights, i)),
      { rtol: 0, atol: 1e-9 },
    );
  };
  check(network.inputWeights, result.inputGradient);
  check(network.readoutWeights, result.readoutGradient);
  if (network.recurrentWeights) check(network.recurrentWeights, result.recurrentGradient!);
}
