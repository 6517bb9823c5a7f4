import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Arena } from '../../kernels/arena.js';
import type { FlushKernel } from '../../kernels/flush/index.js';
import { flushed } from '../../kernels/flush/reference.js';
import { loadKernel } from '../../kernels/load.js';
import { lifExp } from '../../models/neurons/lif-exp.js';
import { eventEngine } from '../../src/engine/event/engine.js';
import { spikeHash } from '../../src/engine/statistics.js';
import { Network } from '../../src/network/network.js';

test('what is next to nothing becomes nothing, and all else stays to the bit', () => {
  const arena = new Arena();
  const kernel = loadKernel<FlushKernel>('flush', arena.memory);
  fc.assert(
    fc.property(fc.array(fc.float(), { minLength: 8, maxLength: 8 }), fc.float(), (some, other) => {
      const given = [...some, other, other * 1e-30, Number.NaN, -0, 1e-31, -1e-29, 1e-40, Infinity];
      const values = arena.float32(16);
      values.set(given);
      const expected = flushed(values);
      kernel.flush(values.byteOffset, values.length);
      expect(Array.from(values)).toEqual(expected);
    }),
  );
});

test('currents that decay for a second end at nothing, whatever pieces the run is cut into', async () => {
  const describe = () => {
    const network = new Network({ name: 'silence' });
    const parameters = { E_L: -60, V_r: -60, V_th: -50, tau_e: 5, tau_i: 10 };
    network.population('cells', 40, lifExp, { parameters, initial: { I_e: 3000, I_i: -20, V: -55 } });
    return network;
  };
  const trace = async (pieces: number[]) => {
    const network = describe();
    const [population] = network.populations;
    const simulation = await eventEngine.build(network, {
      record: ['I_e', 'I_i', 'V'].map((state) => ({ population, state, neurons: [0, 17] })),
    });
    for (const ms of pieces) await simulation.run(ms);
    const values = await Promise.all(
      ['I_e', 'I_i', 'V'].map(async (state) => (await simulation.trace(population, state)).values),
    );
    const hash = spikeHash(await simulation.spikes());
    await simulation.close();
    return { values: values.map(({ data }) => data), hash };
  };
  const whole = await trace([1200]);
  expect(await trace([0.1, 700.3, 13.2, 486.4])).toEqual(whole);
  const [excitatory, inhibitory] = whole.values;
  for (const [data, tau] of [
    [excitatory, 5],
    [inhibitory, 10],
  ] as const) {
    const { length } = data;
    let worst = 0;
    let denormal = 0;
    for (let step = 0; step < length / 2; step++) {
      const exact = data[0] * Math.exp((-0.1 * step) / tau);
      const value = data[2 * step];
      // None is lost that float32 could tell from rest, and none stays among the denormal numbers.
      if (Math.abs(exact) > 1e-27) worst = Math.max(worst, Math.abs(value / exact - 1));
      if (value !== 0 && Math.abs(value) < 1.2e-38) denormal += 1;
    }
    expect(worst).toBeLessThan(1e-3);
    expect(denormal).toBe(0);
    expect(data[length - 1]).toBe(0);
  }
});
