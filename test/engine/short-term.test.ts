import { expect, test } from 'vitest';
import { RESTED, release } from '../../kernels/short-term/index.js';
import { lifDelta } from '../../models/neurons/lif-delta.js';
import { eventEngine } from '../../src/engine/event/engine.js';
import { oneToOne } from '../../src/network/connectors.js';
import { normal } from '../../src/network/distributions.js';
import { Network } from '../../src/network/network.js';
import { additiveStdp } from '../../src/network/plasticity.js';

const shortTerm = { utilisation: 0.35, tauRecoveryMs: 80, tauFacilitationMs: 40 };
const STEPS = { utilisation: 0.35, tauRecoverySteps: 800, tauFacilitationSteps: 400 };

/** A cell that fires regularly drives one that only adds up; each of its spikes lifts the potential by weight·u·x. */
test.each([
  ['one weight', { weight: 2, delayMs: 1.5 }],
  ['a weight of its own', { weight: normal(2, 0, { low: 2, high: 2 }), delayMs: 1.5 }],
  ['a delay of its own', { weight: 2, delayMs: normal(1.5, 0.3, { low: 1, high: 2 }) }],
  ['both', { weight: normal(2, 0, { low: 2, high: 2 }), delayMs: normal(1.5, 0.3, { low: 1, high: 2 }) }],
  [
    'a weight that learns',
    { weight: 2, delayMs: 1.5, plasticity: additiveStdp({ lambda: 0.1, alpha: 1, maxWeight: 4 }) },
  ],
])('each spike acts with what is released: %s', async (_, options) => {
  const network = new Network({ name: 'short-term' });
  const source = network.population('source', 20, lifDelta, {
    parameters: { I: Array.from({ length: 20 }, (_, i) => 260 + 20 * i) },
  });
  // It hardly leaks, and its threshold is out of reach.
  const target = network.population('target', 20, lifDelta, { parameters: { tau_m: 1e7, V_th: 1e4 } });
  network.connect(source, target, oneToOne(), { ...options, shortTerm });
  const simulation = await eventEngine.build(network, { record: [{ population: target, state: 'V' }] });
  await simulation.run(400);
  const { values } = await simulation.trace(target, 'V');
  const spikes = await simulation.spikes();
  await simulation.close();
  let seen = 0;
  for (let cell = 0; cell < 20; cell++) {
    let state = RESTED;
    let expected = 0;
    spikes.neurons.forEach((neuron, k) => {
      // What is sent in the last steps does not arrive.
      if (neuron !== cell || spikes.steps[k] > 3960) return;
      const released = release(STEPS, state, spikes.steps[k]);
      state = released.state;
      expected += 2 * released.efficacy;
      seen += 1;
    });
    const late = Array.from(spikes.neurons.keys()).some(
      (k) => spikes.neurons[k] === cell && spikes.steps[k] > 3960,
    );
    if (!late) expect([values.get(3999, cell)]).toBeAllclose([expected], { rtol: 2e-3 });
  }
  expect(seen).toBeGreaterThan(100);
});
