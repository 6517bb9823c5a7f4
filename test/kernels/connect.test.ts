import fc from 'fast-check';
import jStat from 'jstat';
import { mean, standardDeviation } from 'simple-statistics';
import { expect, test } from 'vitest';
import { delayTable, drawFrom, inverseNormal } from '../../kernels/connect/index.js';
import { lifCurrent } from '../../models/neurons/lif-current.js';
import { eventEngine } from '../../src/engine/event/engine.js';
import { fixedTotal, oneToOne } from '../../src/network/connectors.js';
import { logNormal, normal, uniform } from '../../src/network/distributions.js';
import { Network } from '../../src/network/network.js';

test('the inverse normal distribution is right to seven digits', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }), (p) => {
      const expected = jStat.normal.inv(p, 0, 1);
      expect(Math.abs(inverseNormal(p) - expected)).toBeLessThan(1e-6 * (1 + Math.abs(expected)));
    }),
  );
});

test('a delay by thresholds is the rounded draw, for every word', () => {
  const word = fc.integer({ min: 0, max: 0xffffffff });
  const distributions = [
    normal(15, 7.5, { low: 1 }),
    uniform(3, 40),
    logNormal(2, 0.4, { low: 1, high: 60 }),
  ];
  for (const distribution of distributions) {
    const { shortest, thresholds, guide } = delayTable(distribution);
    fc.assert(
      fc.property(word, (w) => {
        const reached = thresholds.filter((threshold) => w >= threshold).length;
        expect(shortest + reached).toBe(Math.round(drawFrom(distribution, w)));
        expect(guide[w >>> 24]).toBeLessThanOrEqual(reached);
      }),
    );
  }
});

/** The current that each of n neurons gets from one spike, when it comes and how large it is. */
async function singleSynapses(n: number) {
  const network = new Network({ name: 'pairs' });
  const source = network.population('source', n, lifCurrent, { initial: { V: -40 } });
  const target = network.population('target', n, lifCurrent, {
    parameters: { tau_syn: 1e6, tau_m: 1e6, C: 1e9 },
  });
  network.connect(source, target, oneToOne(), {
    weight: normal(100, 10),
    delayMs: normal(1.5, 0.75, { low: 0.1 }),
  });
  const simulation = await eventEngine.build(network, { record: [{ population: target, state: 'I_syn' }] });
  await simulation.run(8);
  const { values } = await simulation.trace(target, 'I_syn');
  await simulation.close();
  const steps = values.shape[0];
  return Array.from({ length: n }, (_, i) => {
    let step = 0;
    while (step < steps && values.get(step, i) === 0) step++;
    return { delayMs: (step - 1) * 0.1, weight: values.get(steps - 1, i) };
  });
}

test('weights and delays are drawn with the mean and spread they were given', async () => {
  const n = 4000;
  const synapses = await singleSynapses(n);
  const weights = synapses.map(({ weight }) => weight);
  expect(Math.abs(mean(weights) - 100)).toBeLessThan((5 * 10) / Math.sqrt(n));
  expect(Math.abs(standardDeviation(weights) - 10)).toBeLessThan((5 * 10) / Math.sqrt(2 * n));
  // Clipped at 0.1: mean and spread of max(0.1, N(1.5, 0.75)).
  const z = (0.1 - 1.5) / 0.75;
  const [density, below] = [jStat.normal.pdf(z, 0, 1), jStat.normal.cdf(z, 0, 1)];
  const clippedMean = 0.1 * below + 1.5 * (1 - below) + 0.75 * density;
  const delays = synapses.map(({ delayMs }) => delayMs);
  expect(Math.min(...delays)).toBeGreaterThan(0.09);
  expect(Math.abs(mean(delays) - clippedMean)).toBeLessThan((5 * 0.75) / Math.sqrt(n));
});

test('a fixed total is dealt exactly, and evenly to sources', async () => {
  const network = new Network({ name: 'total' });
  const a = network.population('A', 500, lifCurrent);
  network.connect(a, a, fixedTotal(40_000), { weight: 1, delayMs: 1 });
  for (const threads of [1, 3]) {
    const simulation = await eventEngine.build(network, { threads });
    expect(simulation.size.synapses).toBe(40_000);
    const degrees = Array.from(simulation.outDegrees);
    await simulation.close();
    // Chi-square with 499 degrees of freedom, five standard deviations.
    const chi2 = degrees.reduce((sum, k) => sum + (k - 80) ** 2 / 80, 0);
    expect(Math.abs(chi2 - 499)).toBeLessThan(5 * Math.sqrt(2 * 499));
  }
});
