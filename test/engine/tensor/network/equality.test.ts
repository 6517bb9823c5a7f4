import { mean, sampleStandardDeviation } from 'simple-statistics';
import { expect, test } from 'vitest';
import { brunel } from '../../../../models/networks/brunel.js';
import { microcircuit } from '../../../../models/networks/microcircuit.js';
import { cuba } from '../../../../models/networks/vogels-abbott.js';
import { lifCond } from '../../../../models/neurons/lif-cond.js';
import { pairwiseCorrelations } from '../../../../src/analysis/correlation.js';
import { cvsOfIntervals, ratesHz, spikeTrains } from '../../../../src/analysis/spike-trains.js';
import type { Engine, EngineOptions, Simulation } from '../../../../src/engine/engine.js';
import { eventEngine } from '../../../../src/engine/event/engine.js';
import { tensorEngine } from '../../../../src/engine/tensor/network/engine.js';
import { fixedInDegree } from '../../../../src/network/connectors.js';
import { Network } from '../../../../src/network/network.js';
import { closing } from '../../../closing.js';
import { withSwiftShader } from '../../../each-backend.js';

/** Two-sided point of Student's t with five degrees of freedom at one of a thousand. */
const T_OF_FIVE = 6.869;

const opened = closing<Simulation>();
const build = async (engine: Engine, network: Network, options: EngineOptions = {}) =>
  opened(await engine.build(network, options));

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

/** Four hundred neurons with conductances, weights that are no powers of two, and Poisson input: irregular firing. */
function irregular(seed: number): Network {
  const network = new Network({ name: 'irregular', seed });
  const e = network.population('E', 320, lifCond);
  const i = network.population('I', 80, lifCond);
  const synapses = { delayMs: 0.8 };
  for (const target of [e, i]) {
    network.poisson(target, { receptor: 'excitatory', rateHz: 600, weight: 7.3 });
    network.connect(e, target, fixedInDegree(32), { ...synapses, receptor: 'excitatory', weight: 1.3 });
    network.connect(i, target, fixedInDegree(8), { ...synapses, receptor: 'inhibitory', weight: 30.7 });
  }
  return network;
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
  test('conductances, weights off the grid: rates, irregularity and correlations are those of the event engine within their sampling error', async () => {
    const ms = 300;
    const statistics = async (engine: Engine, seed: number) => {
      const network = irregular(seed);
      const simulation = await build(engine, network);
      await simulation.run(ms);
      const trains = spikeTrains(await simulation.spikes(), network.populations[0]);
      const stretch = { firstStep: 0, ms };
      return {
        rateHz: mean(Array.from(ratesHz(trains, stretch))),
        cv: mean(Array.from(cvsOfIntervals(trains))),
        correlation: mean(
          Array.from(pairwiseCorrelations(trains, { ...stretch, binMs: 5, neurons: 80, seed: 1 })),
        ),
      };
    };
    const samples = [];
    for (const seed of [2, 3, 4, 5, 6, 7]) samples.push(await statistics(eventEngine, seed));
    const found = await statistics(tensorEngine('webgpu'), 1);
    for (const name of ['rateHz', 'cv', 'correlation'] as const) {
      const values = samples.map((sample) => sample[name]);
      // A further sample lies within t·sd·√(1 + 1/n) of the mean, but for one of a thousand.
      const bound = T_OF_FIVE * sampleStandardDeviation(values) * Math.sqrt(1 + 1 / values.length);
      expect(Math.abs(found[name] - mean(values)), `${name}: ${found[name]} against ${values}`).toBeLessThan(
        bound,
      );
    }
    // Far from silence, clocks and lock-step, so that there is something to agree on.
    expect(found.rateHz).toBeGreaterThan(10);
    expect(found.cv).toBeGreaterThan(0.5);
    expect(found.correlation).toBeLessThan(0.1);
  });
});
