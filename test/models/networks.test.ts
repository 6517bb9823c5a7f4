import { mean, standardDeviation } from 'simple-statistics';
import { expect, test } from 'vitest';
import { brunel } from '../../models/networks/brunel.js';
import { hpcStdp } from '../../models/networks/hpc-stdp.js';
import { microcircuit } from '../../models/networks/microcircuit.js';
import { quiet } from '../../models/networks/quiet.js';
import { coba, cuba } from '../../models/networks/vogels-abbott.js';
import { eventEngine } from '../../src/engine/event/engine.js';
import { planNetwork } from '../../src/engine/event/plan-network.js';
import { firingStatistics } from '../../src/engine/statistics.js';
import type { Network } from '../../src/network/network.js';

/** Rates and CVs by population name. */
async function fire(network: Network, warmupMs: number, ms: number) {
  const simulation = await eventEngine.build(network);
  await simulation.run(warmupMs);
  await simulation.forgetSpikes();
  await simulation.run(ms);
  const statistics = firingStatistics(await simulation.spikes(), ms);
  await simulation.close();
  return Object.fromEntries([...statistics].map(([{ name }, value]) => [name, value]));
}

test.each([
  brunel({ scale: 0.02 }),
  cuba({ neurons: 200 }),
  coba({ neurons: 200 }),
  microcircuit({ scale: 0.02 }),
  hpcStdp({ scale: 0.02, indegree: 100 }),
  quiet({ neurons: 1000, indegree: 10 }),
])('$name: every population can go the short way of its kernel', async (network) => {
  const { populations } = await planNetwork(network, 1);
  expect(populations.map(({ pairs }) => pairs)).toEqual(populations.map(() => true));
});

test('brunel fires like NEST, GeNN and Brian2: 32.05 ± 0.12 and 32.12 ± 0.09 Hz, CV 0.173 and 0.174', async () => {
  const { E, I } = await fire(brunel(), 200, 1000);
  expect(Math.abs(E.rateHz - 32.05)).toBeLessThan(3 * 0.12);
  expect(Math.abs(I.rateHz - 32.12)).toBeLessThan(3 * 0.09);
  expect(Math.abs(E.cvIsi! - 0.173)).toBeLessThan(0.004);
  expect(Math.abs(I.cvIsi! - 0.174)).toBeLessThan(0.004);
});

test('cuba fires like the others over five networks: 5.65 ± 0.25 and 5.60 ± 0.10 Hz, CV 0.604', async () => {
  const runs = await Promise.all([1, 2, 3, 4, 5].map((seed) => fire(cuba({ seed }), 200, 2000)));
  // The standard error of the mean of five networks, and that of the reference.
  expect(Math.abs(mean(runs.map(({ E }) => E.rateHz)) - 5.65)).toBeLessThan(0.45);
  expect(Math.abs(mean(runs.map(({ I }) => I.rateHz)) - 5.6)).toBeLessThan(0.3);
  expect(Math.abs(mean(runs.map(({ E }) => E.cvIsi!)) - 0.604)).toBeLessThan(0.03);
});

test('coba, where it does not fall silent, fires at 16.8 to 22.5 Hz with a CV of 1.63', async () => {
  const runs = await Promise.all([1, 2, 3, 4].map((seed) => fire(coba({ seed }), 200, 2000)));
  const alive = runs.filter(({ E }) => E.rateHz > 5);
  expect(alive.length).toBeGreaterThanOrEqual(2);
  for (const { E } of alive) {
    expect(E.rateHz).toBeGreaterThan(16);
    expect(E.rateHz).toBeLessThan(23);
    expect(Math.abs(E.cvIsi! - 1.63)).toBeLessThan(0.15);
  }
});

test('a tenth of the microcircuit has the rates of the others, population by population', async () => {
  // NEST, GeNN and Brian2: mean and standard deviation over networks.
  const expected: Record<string, [number, number]> = {
    L23E: [0.47, 0.03],
    L23I: [2.12, 0.03],
    L4E: [4.0, 0.05],
    L4I: [5.02, 0.03],
    L5E: [6.7, 0.3],
    L5I: [7.79, 0.06],
    L6E: [0.85, 0.03],
    L6I: [7.01, 0.03],
  };
  const runs = await Promise.all([1, 2, 3, 4].map((seed) => fire(microcircuit({ seed }), 500, 2000)));
  for (const [name, [rate, sd]] of Object.entries(expected)) {
    const rates = runs.map((run) => run[name].rateHz);
    // Our own spread over networks counts too: the reference has few of them.
    const error = Math.sqrt((sd ** 2 + standardDeviation(rates) ** 2) / 2) + 0.01;
    expect(Math.abs(mean(rates) - rate), name).toBeLessThan(4 * error);
  }
});
