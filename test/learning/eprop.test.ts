import { describe, expect, test } from 'vitest';
import { epropFromSpikes } from '../../src/learning/eprop/gradient.js';
import { EpropLearner } from '../../src/learning/eprop/learner.js';
import { type EpropNetwork, type EpropWeights, simulate } from '../../src/learning/eprop/network.js';
import { epropByTraces } from '../../src/learning/eprop/reference.js';
import { learnFrom } from '../../src/learning/learner.js';
import { named } from '../../src/learning/named.js';
import { layerPolicies, PLAIN } from '../../src/plasticity/policy.js';
import { stream } from '../../src/util/rng.js';

const NETWORK: EpropNetwork = {
  inputs: 9,
  neurons: 7,
  outputs: 3,
  steps: 25,
  dtMs: 1,
  tauMMs: 20,
  tauOutMs: 12,
  theta: 0.6,
  gamma: 0.3,
  spikes: 'hard',
};

function example(seed: number, recurrent: boolean) {
  const { normal, integer, uniform } = stream(seed, 'e-prop test');
  const { inputs, neurons, outputs, steps } = NETWORK;
  const draw = (n: number, mean: number, sd: number) =>
    Float64Array.from({ length: n }, () => mean + sd * normal());
  const weights = {
    input: draw(inputs * neurons, 0.1, 0.2),
    recurrent: recurrent ? draw(neurons * neurons, 0, 0.3) : null,
    readout: draw(neurons * outputs, 0, 0.7),
  };
  const input = Array.from({ length: steps }, () =>
    Array.from({ length: inputs }, (_, i) => i).filter(() => uniform() < 0.15),
  );
  return { weights, input, label: integer(outputs), feedback: draw(neurons * outputs, 0, 1) };
}

/** B of symmetric feedback: the readout's own weights, transposed. */
const symmetric = ({ readout }: EpropWeights) =>
  Float64Array.from({ length: NETWORK.neurons * NETWORK.outputs }, (_, n) => {
    return readout[(n % NETWORK.outputs) * NETWORK.neurons + Math.floor(n / NETWORK.outputs)];
  });

describe.each([{ recurrent: false }, { recurrent: true }])('recurrent: $recurrent', ({ recurrent }) => {
  test.each([1, 2, 3, 4, 5])('the sum over spikes equals the traces of all synapses (seed %i)', (seed) => {
    const { weights, input, label, feedback } = example(seed, recurrent);
    const run = simulate(NETWORK, weights, input, label);
    expect(run.spikes).toBeGreaterThan(5);
    const fast = epropFromSpikes(NETWORK, run, input, feedback, recurrent);
    const slow = epropByTraces(NETWORK, run, input, feedback, recurrent);
    expect(Math.max(...slow.input.map(Math.abs))).toBeGreaterThan(1e-3);
    expect(fast.input).toBeAllclose(slow.input, { atol: 1e-13, rtol: 1e-10 });
    expect(fast.readout).toBeAllclose(slow.readout, { atol: 1e-13, rtol: 1e-10 });
    if (recurrent) expect(fast.recurrent!).toBeAllclose(slow.recurrent!, { atol: 1e-13, rtol: 1e-10 });
  });
});

/** Largest distance between e-prop's direction and finite differences of the loss, for one kind of weights. */
function distance(
  seed: number,
  recurrent: boolean,
  key: 'input' | 'readout',
  spikes: 'hard' | 'soft',
): number {
  const { weights, input, label } = example(seed, recurrent);
  const network = { ...NETWORK, spikes };
  const run = simulate(network, weights, input, label);
  const gradient = epropFromSpikes(network, run, input, symmetric(weights), recurrent)[key];
  const values = weights[key];
  return Math.max(
    ...gradient.map((g, k) => {
      const held = values[k];
      const lossAt = (h: number) => {
        values[k] = held + h;
        return simulate(network, weights, input, label).loss;
      };
      const slope = (lossAt(1e-6) - lossAt(-1e-6)) / 2e-6;
      values[k] = held;
      return Math.abs(g - slope);
    }),
  );
}

test.each([1, 2, 3])(
  'one feed-forward layer, symmetric feedback: e-prop is the gradient (seed %i)',
  (seed) => {
    // With soft spikes ψ is a true derivative, and nothing of it is left out.
    expect(distance(seed, false, 'input', 'soft')).toBeLessThan(1e-8);
    expect(distance(seed, false, 'readout', 'soft')).toBeLessThan(1e-8);
  },
);

test('the readout learns the true gradient whatever comes before it', () => {
  expect(distance(1, true, 'readout', 'hard')).toBeLessThan(1e-8);
});

test('in a recurrent layer e-prop leaves out what goes through other neurons', () => {
  expect(distance(1, true, 'input', 'soft')).toBeGreaterThan(1e-4);
});

test.each(['symmetric', 'random'] as const)('it learns to tell patterns apart, feedback %s', (feedback) => {
  const { uniform, integer } = stream(3, 'e-prop patterns');
  const network = { ...NETWORK, inputs: 20, neurons: 40, steps: 20 };
  const at = Array.from({ length: 9 }, () =>
    Array.from({ length: 20 }, () => (uniform() < 0.7 ? integer(15) : -1)),
  );
  const samples = {
    labels: at.map((_, s) => s % 3),
    at: (s: number) =>
      Array.from({ length: 20 }, (_, t) => at[s].flatMap((step, i) => (step === t ? [i] : []))),
  };
  const sizes = [20, 40, 3];
  const learner = new EpropLearner(samples, {
    network,
    recurrent: false,
    feedback,
    rate: 0.3,
    inputMean: 0.15,
    spread: 1,
    policies: layerPolicies(PLAIN, sizes, () => 1),
    seed: 1,
  });
  const right = () => at.filter((_, s) => named(learner.present(s).answer) === samples.labels[s]).length;
  const before = learner.present(0) && learner.last.loss;
  for (let epoch = 0; epoch < 60; epoch++) for (let s = 0; s < 9; s++) learnFrom(learner, s, PLAIN);
  expect(right()).toBe(9);
  learner.present(0);
  expect(learner.last.loss).toBeLessThan(before / 2);
});
