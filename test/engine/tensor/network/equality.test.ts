import { afterEach, expect, test } from 'vitest';
import { brunel } from '../../../../models/networks/brunel.js';
import { microcircuit } from '../../../../models/networks/microcircuit.js';
import { coba, cuba } from '../../../../models/networks/vogels-abbott.js';
import type { Engine, EngineOptions, Simulation } from '../../../../src/engine/engine.js';
import { eventEngine } from '../../../../src/engine/event/engine.js';
import { tensorEngine } from '../../../../src/engine/tensor/network/engine.js';
import type { Network } from '../../../../src/network/network.js';
import { withSwiftShader } from '../../../each-backend.js';

const open: Simulation[] = [];

async function build(engine: Engine, network: Network, options: EngineOptions = {}): Promise<Simulation> {
  const simulation = await engine.build(network, options);
  open.push(simulation);
  return simulation;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((simulation) => simulation.close()));
});

/** Spikes of the same network on both engines. */
async function both(describe: () => Network, ms: number) {
  const spikes = [];
  for (const engine of [eventEngine, tensorEngine('webgpu')]) {
    const simulation = await build(engine, describe());
    await simulation.run(ms);
    spikes.push(await simulation.spikes());
  }
  return spikes;
}

withSwiftShader(() => {
  test.each([
    [
      'brunel: Poisson input, one weight and one delay for each projection',
      () => brunel({ scale: 0.05, indegree: 62 }),
      60,
    ],
    ['cuba: currents of two kinds, refractory neurons', () => cuba({ neurons: 500 }), 60],
    ['microcircuit: weights and delays of their own', () => microcircuit({ scale: 0.02 }), 20],
  ])('%s: the spikes are those of the event engine', async (_, describe, ms) => {
    const [event, tensor] = await both(describe, ms);
    expect(event.steps.length).toBeGreaterThan(200);
    expect(tensor.steps).toEqual(event.steps);
    expect(tensor.neurons).toEqual(event.neurons);
  });

  // Its step has divisions, which a GPU may round otherwise: then a chaotic network takes another course.
  test('coba: rates are those of the event engine within their sampling error', async () => {
    const [event, tensor] = await both(() => coba({ neurons: 1000 }), 60);
    const [a, b] = [event, tensor].map(({ steps }) => steps.length);
    expect(a).toBeGreaterThan(100);
    expect(Math.abs(a - b)).toBeLessThan(4 * Math.sqrt(a + b));
  });
});
