import { describe, expect, test } from 'vitest';
import { pairStdp } from '../../kernels/stdp/index.js';
import { hpcStdp } from '../../models/networks/hpc-stdp.js';
import { lifDelta } from '../../models/neurons/lif-delta.js';
import { expand, ledgerCounts, synapsesOf } from '../../src/energy/counts.js';
import { L1_QUANTUM } from '../../src/energy/ledger.js';
import type { EngineOptions, Simulation } from '../../src/engine/engine.js';
import { eventEngine } from '../../src/engine/event/engine.js';
import { spikeHash } from '../../src/engine/statistics.js';
import { bernoulli, fixedInDegree, fixedOutDegree } from '../../src/network/connectors.js';
import { normal, uniform } from '../../src/network/distributions.js';
import { Network } from '../../src/network/network.js';
import {
  additiveStdp,
  multiplicativeStdp,
  powerLawStdp,
  type Stdp,
  vanRossumStdp,
} from '../../src/network/plasticity.js';
import { closing } from '../closing.js';

const opened = closing<Simulation>();
const build = async (network: Network, options: EngineOptions = {}) =>
  opened(await eventEngine.build(network, options));

const RULES: Record<string, Stdp> = {
  additive: additiveStdp({ lambda: 0.01, alpha: 1.05, maxWeight: 0.4 }),
  multiplicative: multiplicativeStdp({ lambda: 0.02, alpha: 1, maxWeight: 0.4, tauMinusMs: 150 }),
  'van Rossum, nearest': vanRossumStdp({ lambda: 0.01, alpha: 1, maxWeight: 0.4, pairing: 'nearest' }),
  'power law': powerLawStdp({ lambda: 0.02, alpha: 0.5, mu: 0.4, referenceWeight: 0.1, tauPlusMs: 15 }),
};

/** Forty neurons that fire fast and forty that fire slowly, driven by Poisson input. */
function small(plasticity: Stdp, sign = 1): Network {
  const network = new Network({ name: 'small', seed: 5 });
  const fast = network.population('fast', 40, lifDelta, { initial: { V: uniform(0, 20) } });
  const slow = network.population('slow', 40, lifDelta, { initial: { V: uniform(0, 20) } });
  network.poisson(fast, { rateHz: 9000, weight: 0.5 });
  network.poisson(slow, { rateHz: 1100, weight: 2 });
  const weight = sign > 0 ? uniform(0.1, 0.3) : uniform(-0.1, -0.3);
  for (const [source, target] of [
    [fast, slow],
    [slow, fast],
    [fast, fast],
  ]) {
    const connector = source === slow ? fixedOutDegree(13) : bernoulli(0.3);
    network.connect(source, target, connector, { weight, delayMs: 0.8, plasticity });
  }
  return network;
}

describe.each(Object.keys(RULES))('%s', (name) => {
  test('every weight follows from the spikes of its two neurons', async () => {
    const sign = name === 'multiplicative' ? -1 : 1;
    const network = small(RULES[name], sign);
    // More than 2^16 steps: the kernel's sixteen-bit times begin anew, and records overflow many times.
    const [ms, steps, delay] = [7000, 70_000, 8];
    const simulation = await build(network);
    const before = await Promise.all(network.projections.map((p) => simulation.weights(p)));
    await simulation.run(ms);
    const spikes = await simulation.spikes();
    const trains: number[][] = Array.from({ length: 80 }, () => []);
    spikes.neurons.forEach((neuron, k) => {
      trains[neuron].push(spikes.steps[k]);
    });
    const ledger = await simulation.ledger();
    for (const [p, projection] of network.projections.entries()) {
      const { plasticity, source, target } = projection;
      const rule = {
        ...plasticity!,
        maxWeight: plasticity!.maxWeight ?? 3,
        tauPlusSteps: plasticity!.tauPlusMs / 0.1,
        tauMinusSteps: plasticity!.tauMinusMs / 0.1,
        nearest: plasticity!.pairing === 'nearest',
      };
      const { sources, targets, weights } = await simulation.weights(projection);
      const [fromSource, fromTarget] = [source, target].map((population) => spikes.first.get(population)!);
      let [changes, total] = [0, 0];
      const expected = Array.from(sources, (s, k) => {
        const pre = trains[fromSource + s];
        const post = trains[fromTarget + targets[k]]
          .map((step) => step + delay)
          .filter((step) => step < steps);
        const synapse = pairStdp(rule, Math.abs(before[p].weights.get(k)), pre, post);
        changes += synapse.changes;
        total += synapse.total;
        return sign * synapse.weight;
      });
      expect(sources.length).toBeGreaterThan(300);
      expect(Array.from(weights.data)).toBeAllclose(expected, { rtol: 2e-3, atol: 2e-5 });
      const { changeTotals } = ledger.layers[p] as {
        changeTotals: { l0: Float64Array; l1Quanta: Float64Array };
      };
      // A change that float32 or a limit swallows in one of the two is the only difference.
      expect(Math.abs(changeTotals.l0[0] / changes - 1)).toBeLessThan(2e-3);
      expect(Math.abs((changeTotals.l1Quanta[0] * L1_QUANTUM) / total - 1)).toBeLessThan(2e-3);
    }
  });
});

/** hpc-stdp with everything that can differ between slices: drawn weights, short-term plasticity on some. */
function mixed(): Network {
  const network = hpcStdp({ scale: 0.05, indegree: 200, seed: 3 });
  const [e, i] = network.populations;
  network.connect(e, e, fixedInDegree(20), {
    weight: normal(150, 15, { low: 0 }),
    delayMs: 2,
    plasticity: additiveStdp({ lambda: 0.01, alpha: 1.1, maxWeight: 300 }),
    shortTerm: { utilisation: 0.4, tauRecoveryMs: 200, tauFacilitationMs: 50 },
  });
  network.connect(i, e, fixedInDegree(20), {
    weight: normal(-300, 30, { high: 0 }),
    delayMs: normal(2, 0.3, { low: 0.5 }),
    shortTerm: { utilisation: 0.2, tauRecoveryMs: 100 },
  });
  network.connect(i, i, fixedInDegree(20), {
    weight: -300,
    delayMs: 2,
    shortTerm: { utilisation: 0.2, tauRecoveryMs: 100, tauFacilitationMs: 400 },
  });
  return network;
}

test('spikes, weights and ledger are the same, bit for bit, with 1, 2, 3 and 8 threads', async () => {
  const runs = [];
  for (const threads of [1, 2, 3, 8]) {
    const network = mixed();
    const learning = network.projections.filter(({ plasticity }) => plasticity !== null);
    // Weights are looked at along the way in one of the runs: that changes nothing.
    const recordWeights = threads === 2 ? [{ projection: learning[0], everyMs: 30 }] : [];
    const simulation = await build(network, { threads, recordWeights });
    await simulation.run(150);
    await simulation.forgetSpikes();
    await simulation.run(250);
    const spikes = await simulation.spikes();
    expect(spikes.steps.length).toBeGreaterThan(500);
    const weights = await Promise.all(learning.map((projection) => simulation.weights(projection)));
    runs.push({
      hash: spikeHash(spikes),
      weights: weights.map((of) => [of.sources, of.targets, of.weights.data]),
      ledger: await simulation.ledger(),
    });
    await simulation.close();
  }
  for (const run of runs.slice(1)) expect(run).toEqual(runs[0]);
});

test('the ledger adds up: every spike once for each synapse that leaves its neuron', async () => {
  const network = mixed();
  const simulation = await build(network, { threads: 2 });
  await simulation.run(100);
  await simulation.forgetSpikes();
  await simulation.run(100);
  const ledger = await simulation.ledger();
  const { neurons } = await simulation.spikes();
  const events = neurons.reduce((sum, neuron) => sum + simulation.outDegrees[neuron], 0);
  const counts = ledgerCounts(ledger, 'inference');
  expect(counts.transmission).toBe(BigInt(events));
  expect(counts.spike).toBe(BigInt(neurons.length));
  expect(counts.neuronUpdate).toBe(BigInt(1000 * simulation.size.neurons));
  expect(ledger.layers.map(synapsesOf).reduce((a, b) => a + b)).toBe(simulation.size.synapses);
  const bySynapse = ledger.layers.map((layer) =>
    expand(layer, 'inference', 'transmission').reduce((a, b) => a + b),
  );
  expect(BigInt(bySynapse.reduce((a, b) => a + b))).toBe(counts.transmission);
  // Only the projections that learn have changes.
  expect(ledger.layers.map((layer) => 'changeTotals' in layer)).toEqual(
    network.projections.map(({ plasticity }) => plasticity !== null),
  );
  expect(ledgerCounts(ledger, 'update').weightWrite).toBeGreaterThan(0n);
});

test('weights are recorded at the times asked for, those of the sources asked for', async () => {
  const network = small(RULES.additive);
  const [projection] = network.projections;
  const simulation = await build(network, { recordWeights: [{ projection, everyMs: 40, sources: [3, 7] }] });
  const first = await simulation.weights(projection);
  await simulation.run(70);
  await simulation.run(50);
  const { timesMs, sources, targets, weights } = await simulation.weightHistory(projection);
  expect(timesMs).toBeAllclose([0, 40, 80, 120]);
  expect(weights.shape).toEqual([4, sources.length]);
  expect(new Set(sources)).toEqual(new Set([3, 7]));
  const now = await simulation.weights(projection);
  let k = 0;
  now.sources.forEach((source, i) => {
    if (source !== 3 && source !== 7) return;
    expect([sources[k], targets[k]]).toEqual([source, now.targets[i]]);
    expect(weights.get(0, k)).toBe(first.weights.get(i));
    expect(weights.get(3, k)).toBe(now.weights.get(i));
    k += 1;
  });
  expect(k).toBe(sources.length);
  await expect(simulation.weightHistory(network.projections[1])).rejects.toThrow('recordWeights');
});

test('parameters that are none are refused, naming the field', () => {
  const network = new Network({ name: 'faults' });
  const cells = network.population('cells', 10, lifDelta);
  const connect = (plasticity: Stdp, more = {}) =>
    network.connect(cells, cells, fixedInDegree(2), { weight: 0.1, delayMs: 1, plasticity, ...more });
  const good = { lambda: 0.01, alpha: 1, maxWeight: 1 };
  expect(() => connect(additiveStdp({ ...good, lambda: -1 }))).toThrow('lambda');
  expect(() => connect(additiveStdp({ ...good, tauPlusMs: 0 }))).toThrow('tauPlusMs');
  expect(() => connect(additiveStdp({ ...good, tauMinusMs: 1000 }))).toThrow('tauMinusMs');
  expect(() => connect(additiveStdp({ ...good, maxWeight: 0.05 }))).toThrow('maxWeight');
  expect(() => connect(powerLawStdp({ ...good, mu: 2, referenceWeight: 1 }))).toThrow('muPlus');
  expect(() => connect(additiveStdp(good), { weight: normal(0, 1) })).toThrow('weight');
  const shortTerm = { utilisation: 1.5, tauRecoveryMs: 10 };
  expect(() =>
    network.connect(cells, cells, fixedInDegree(2), { weight: 0.1, delayMs: 1, shortTerm }),
  ).toThrow('utilisation');
});

test('the weights of another network, or of a projection that does not learn, are not given', async () => {
  const network = hpcStdp({ scale: 0.01, indegree: 20 });
  const simulation = await build(network);
  await expect(simulation.weights(network.projections[1])).rejects.toThrow('do not change');
  await expect(simulation.weights(small(RULES.additive).projections[0])).rejects.toThrow('another network');
});
