import { expect, test } from 'vitest';
import type { NeuronModel } from '../../../../kernels/compile/index.js';
import { brunel } from '../../../../models/networks/brunel.js';
import { adaptiveLif } from '../../../../models/neurons/adaptive-lif.js';
import { adex } from '../../../../models/neurons/adex.js';
import { hodgkinHuxley } from '../../../../models/neurons/hodgkin-huxley.js';
import { izhikevich } from '../../../../models/neurons/izhikevich.js';
import { lifAlpha } from '../../../../models/neurons/lif-alpha.js';
import { lifCond } from '../../../../models/neurons/lif-cond.js';
import { lifDelta } from '../../../../models/neurons/lif-delta.js';
import { ledgerCounts } from '../../../../src/energy/counts.js';
import { simulate } from '../../../../src/engine/choose.js';
import type { Simulation } from '../../../../src/engine/engine.js';
import { spikeHash } from '../../../../src/engine/statistics.js';
import { GpuSimulation } from '../../../../src/engine/tensor/network/simulation.js';
import { fixedInDegree, oneToOne } from '../../../../src/network/connectors.js';
import { Network } from '../../../../src/network/network.js';
import { additiveStdp } from '../../../../src/network/plasticity.js';
import { InterruptedError, RunError, UsageError } from '../../../../src/util/errors.js';
import { closing } from '../../../closing.js';
import { withSwiftShader } from '../../../each-backend.js';
import { explosive } from '../../explosive.js';

const GPU = { engine: 'tensor', backend: 'webgpu' } as const;

const opened = closing<Simulation>();
const build = async (...args: Parameters<typeof simulate>) => opened(await simulate(...args));

/** Twenty neurons with Poisson input of their own at every receptor, all variables recorded. */
async function traces(model: NeuronModel, weight: number, engine: 'event' | 'tensor') {
  const network = new Network({ name: model.name });
  const population = network.population('P', 20, model);
  for (const receptor of Object.keys(model.receptors))
    network.poisson(population, { receptor, rateHz: 800, weight });
  const record = population.parsed.states.map((state) => ({ population, state }));
  const simulation = await build(network, { engine, backend: 'webgpu', record });
  await simulation.run(8);
  const values = [];
  for (const { state } of record) values.push((await simulation.trace(population, state)).values.data);
  return { values, spikes: await simulation.spikes() };
}

withSwiftShader(() => {
  test.each([
    ['lif-alpha', lifAlpha, 400],
    ['adaptive-lif', adaptiveLif, 900],
    ['lif-cond', lifCond, 5],
    ['adex', adex, 5],
    ['izhikevich', izhikevich, 6],
    ['hodgkin-huxley', hodgkinHuxley, 3],
  ] as const)('%s follows the event engine in every variable and step', async (_, model, weight) => {
    const event = await traces(model, weight, 'event');
    const tensor = await traces(model, weight, 'tensor');
    expect(tensor.spikes.steps).toEqual(event.spikes.steps);
    event.values.forEach((values, v) => {
      expect(tensor.values[v].length).toBe(20 * 80);
      expect(tensor.values[v]).toBeAllclose(values, { rtol: 1e-4, atol: 1e-4 });
    });
  });

  test('a postsynaptic potential has its closed form, one delay late', async () => {
    const network = new Network({ name: 'psp' });
    const source = network.population('source', 1, lifDelta, { initial: { V: 25 } });
    const target = network.population('target', 1, lifDelta);
    network.connect(source, target, oneToOne(), { weight: 8, delayMs: 1.5 });
    const simulation = await build(network, { ...GPU, record: [{ population: target, state: 'V' }] });
    await simulation.run(10);
    const { values } = await simulation.trace(target, 'V');
    // A spike of step 0 is at 0.1 ms; the weight arrives at the beginning of step 1 + 15 and decays within it.
    const expected = Array.from({ length: 100 }, (_, step) =>
      step < 16 ? 0 : 8 * Math.exp(-(step - 15) / 200),
    );
    expect(values.data).toBeAllclose(expected, { rtol: 1e-5, atol: 1e-6 });
  });

  test('how a run is cut into pieces changes nothing', async () => {
    const whole = await build(brunel({ scale: 0.02, indegree: 25 }), GPU);
    await whole.run(30);
    const pieces = await build(brunel({ scale: 0.02, indegree: 25 }), GPU);
    for (const ms of [0.1, 0.7, 12.3, 16.9]) await pieces.run(ms);
    const spikes = await whole.spikes();
    expect(spikes.steps.length).toBeGreaterThan(50);
    expect(spikeHash(await pieces.spikes())).toBe(spikeHash(spikes));
    expect(ledgerCounts(await pieces.ledger(), 'inference').neuronUpdate).toBe(250n * 300n);
    expect((await pieces.ledger()).layers).toEqual((await whole.ledger()).layers);
  });

  test('more neurons than a slice holds are wired as in the event engine', async () => {
    const wide = () => {
      const network = new Network({ name: 'wide' });
      const I = Float32Array.from({ length: 70_000 }, (_, i) => (i % 1000 === 0 ? 2000 : 0));
      const cells = network.population('cells', 70_000, lifDelta, { parameters: { I } });
      network.connect(cells, cells, fixedInDegree(3), { weight: 25, delayMs: 0.5 });
      return network;
    };
    const hashes = [];
    for (const engine of ['event', 'tensor'] as const) {
      const simulation = await build(wide(), { engine, backend: 'webgpu' });
      await simulation.run(5);
      const spikes = await simulation.spikes();
      expect(spikes.neurons.some((neuron) => neuron > 65_536)).toBe(true);
      hashes.push(spikeHash(spikes));
    }
    expect(hashes[1]).toBe(hashes[0]);
  });

  test('a state that is not finite ends the run and is named', async () => {
    const network = new Network({ name: 'bad' });
    network.population('calm', 50, lifDelta);
    const up = Array.from({ length: 40 }, (_, i) => (i === 37 ? 1e20 : 0));
    network.population('loud', 40, explosive, { parameters: { up } });
    const simulation = await build(network, GPU);
    await expect(simulation.run(5)).rejects.toThrow(
      /V of neuron 37 of population 'loud' is (NaN|-?Infinity) between [\d.]+ and [\d.]+ ms/,
    );
  });

  test('a GPU that is lost in the middle of a run ends it with what happened', async () => {
    const simulation = (await build(brunel({ scale: 0.02, indegree: 25 }), GPU)) as GpuSimulation;
    expect(simulation).toBeInstanceOf(GpuSimulation);
    await simulation.run(2);
    const running = simulation.run(1000);
    simulation.gpu.device.destroy();
    await expect(running).rejects.toThrow(/^GPU google, swiftshader.* was lost/);
    await expect(running).rejects.toBeInstanceOf(RunError);
    await expect(simulation.run(1)).rejects.toThrow(/was lost/);
  });

  test('a run that is interrupted stops', async () => {
    const abort = new AbortController();
    const simulation = await build(brunel({ scale: 0.02, indegree: 25 }), { ...GPU, signal: abort.signal });
    const running = simulation.run(100_000);
    abort.abort();
    await expect(running).rejects.toBeInstanceOf(InterruptedError);
  });

  test('what the tensor engine cannot do is refused, with what can', async () => {
    const network = brunel({ scale: 0.02, indegree: 25 });
    await expect(simulate(network, { engine: 'tensor' })).rejects.toThrow(
      /--backend auto: no GPU .*swiftshader.* is emulated in software.*--engine event.*--backend webgpu/,
    );
    await expect(simulate(network, { engine: 'tensor', backend: 'wasm' })).rejects.toThrow(UsageError);
    await expect(simulate(network, { engine: 'gpu' as never })).rejects.toThrow(/no engine is called 'gpu'/);
    await expect(simulate(new Network({ name: 'empty' }), GPU)).rejects.toThrow(/no population/);
    const learning = new Network({ name: 'learning' });
    const cells = learning.population('cells', 20, lifDelta);
    const plasticity = additiveStdp({ lambda: 0.01, alpha: 1, tauPlusMs: 20, tauMinusMs: 20, maxWeight: 1 });
    learning.connect(cells, cells, fixedInDegree(2), { weight: 0.5, delayMs: 1, plasticity });
    await expect(simulate(learning, GPU)).rejects.toThrow(/synapses change.*--engine event/);
  });
});
