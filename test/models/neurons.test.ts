import { expect, test } from 'vitest';
import type { NeuronModel } from '../../kernels/compile/index.js';
import { adaptiveLif } from '../../models/neurons/adaptive-lif.js';
import { adex } from '../../models/neurons/adex.js';
import { hodgkinHuxley } from '../../models/neurons/hodgkin-huxley.js';
import { izhikevich } from '../../models/neurons/izhikevich.js';
import { lifAlpha } from '../../models/neurons/lif-alpha.js';
import { eventEngine } from '../../src/engine/event/engine.js';
import { oneToOne } from '../../src/network/connectors.js';
import { Network } from '../../src/network/network.js';

/** Spike times of one neuron with these parameters. */
async function spikeTimes(model: NeuronModel, parameters: Record<string, number>, ms: number, dtMs = 0.1) {
  const network = new Network({ name: 'one', dtMs });
  const cell = network.population('cell', 1, model, { parameters });
  const simulation = await eventEngine.build(network, { record: [{ population: cell, state: 'V' }] });
  await simulation.run(ms);
  const { steps } = await simulation.spikes();
  const { values } = await simulation.trace(cell, 'V');
  await simulation.close();
  return { times: Array.from(steps, (step) => (step + 1) * dtMs), last: values.get(values.shape[0] - 1, 0) };
}

const intervals = (times: number[]) => times.slice(1).map((time, i) => time - times[i]);

test('an adaptive neuron fires at intervals that lengthen until spikes add what decays between them', async () => {
  const { times } = await spikeTimes(adaptiveLif, { I: 800 }, 2000);
  const gaps = intervals(times);
  for (let i = 1; i < 5; i++) expect(gaps[i]).toBeGreaterThan(gaps[i - 1]);
  // In the end w jumps from w to w + b and decays back: w = b/(e^(T/tau_w) - 1), and T follows from its mean effect.
  const period = gaps[gaps.length - 1];
  expect(gaps[gaps.length - 2]).toBeCloseTo(period, 0);
  const low = 40 / (Math.exp(period / 150) - 1);
  // V from the reset, with w decaying: exact to the end of the interval, where V reaches the threshold.
  const t = period - 2;
  const start = (low + 40) * Math.exp(-2 / 150);
  const k = 1 / 10 - 1 / 150;
  const v =
    -65 +
    (800 / 250) * 10 * (1 - Math.exp(-t / 10)) -
    ((start / 250) * (Math.exp(-t / 150) - Math.exp(-t / 10))) / k;
  expect(Math.abs(v + 50)).toBeLessThan(0.3);
});

test('an alpha current peaks at its weight, one time constant after the spike', async () => {
  const network = new Network({ name: 'alpha', dtMs: 0.01 });
  const source = network.population('source', 1, lifAlpha, { initial: { V: 25 } });
  const target = network.population('target', 1, lifAlpha, { parameters: { tau_syn: 2 } });
  network.connect(source, target, oneToOne(), { weight: 50, delayMs: 1 });
  const simulation = await eventEngine.build(network, { record: [{ population: target, state: 'I_syn' }] });
  await simulation.run(10);
  const { values } = await simulation.trace(target, 'I_syn');
  await simulation.close();
  const current = Array.from({ length: values.shape[0] }, (_, step) => values.get(step, 0));
  const peak = current.reduce((best, value, i) => (value > current[best] ? i : best), 0);
  expect(current[peak]).toBeCloseTo(50, 2);
  // The spike is found at the end of the first step, and heard 1 ms later.
  expect((peak + 1) * 0.01).toBeCloseTo(0.01 + 1 + 2, 1);
});

test('Izhikevich: regular spiking adapts, fast spiking does not, and intrinsic bursting begins with a burst', async () => {
  const regular = intervals((await spikeTimes(izhikevich, { I: 10 }, 600)).times);
  expect(regular[regular.length - 1]).toBeGreaterThan(1.2 * regular[0]);
  const fast = intervals((await spikeTimes(izhikevich, { I: 10, a: 0.1, d: 2 }, 600)).times);
  // Its recovery is fast too: after three spikes nothing changes.
  expect(fast[fast.length - 1]).toBeLessThan(1.05 * fast[3]);
  expect(fast.length).toBeGreaterThan(2 * regular.length);
  const bursting = intervals((await spikeTimes(izhikevich, { I: 10, c: -55, d: 4 }, 600)).times);
  expect(bursting[0]).toBeLessThan(0.5 * bursting[bursting.length - 1]);
});

test('AdEx: rest below the rheobase, adaptation above it, and rest where current and leak are equal', async () => {
  const below = await spikeTimes(adex, { I: 400 }, 500);
  expect(below.times).toEqual([]);
  // Fixed point: g_L (E_L - V) + g_L ΔT e^((V - V_T)/ΔT) - a (V - E_L) + I = 0.
  const v = below.last;
  const balance = 30 * (-70.6 - v) + 30 * 2 * Math.exp((v + 50.4) / 2) - 4 * (v + 70.6) + 400;
  expect(Math.abs(balance)).toBeLessThan(2);
  const gaps = intervals((await spikeTimes(adex, { I: 1000 }, 500)).times);
  expect(gaps[gaps.length - 1]).toBeGreaterThan(1.5 * gaps[0]);
});

/** Intervals of the same membrane by the classical Runge-Kutta method at 0.005 ms, in bare numbers (mV, ms, nS, pA). */
function hodgkinHuxleyByRungeKutta(current: number, ms: number): number[] {
  const rel = (x: number) => (Math.abs(x) < 1e-6 ? 1 + x / 2 : Math.expm1(x) / x);
  const slope = ([v, m, n, h]: number[]) => {
    const u = v + 63;
    const toward = (x: number, up: number, down: number) => up * (1 - x) - down * x;
    return [
      (10 * (-60 - v) + 20000 * m ** 3 * h * (50 - v) + 6000 * n ** 4 * (-90 - v) + current) / 200,
      toward(m, 1.28 / rel((13 - u) / 4), 1.4 / rel((u - 40) / 5)),
      toward(n, 0.16 / rel((15 - u) / 5), 0.5 * Math.exp((10 - u) / 40)),
      toward(h, 0.128 * Math.exp((17 - u) / 18), 4 / (1 + Math.exp((40 - u) / 5))),
    ];
  };
  const dt = 0.005;
  const ahead = (y: number[], k: number[], step: number) => y.map((value, i) => value + step * k[i]);
  let y = [-65, 0.05, 0.3, 0.6];
  const times: number[] = [];
  for (let step = 0; step * dt < ms; step++) {
    const k1 = slope(y);
    const k2 = slope(ahead(y, k1, dt / 2));
    const k3 = slope(ahead(y, k2, dt / 2));
    const k4 = slope(ahead(y, k3, dt));
    const next = y.map((value, i) => value + (dt / 6) * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]));
    if (y[0] < -20 && next[0] >= -20) times.push(step * dt);
    y = next;
  }
  return intervals(times);
}

test('Hodgkin-Huxley: silent when pulled down, else as regular as by a finer method', async () => {
  expect((await spikeTimes(hodgkinHuxley, { I: -100 }, 200)).times).toEqual([]);
  for (const current of [0, 300]) {
    const expected = hodgkinHuxleyByRungeKutta(current, 300);
    const found = intervals((await spikeTimes(hodgkinHuxley, { I: current }, 300, 0.01)).times);
    expect(found.length).toBe(expected.length);
    // The method is of first order: a hundredth at 0.01 ms.
    expect(found).toBeAllclose(expected, { rtol: 0.02 });
  }
});
