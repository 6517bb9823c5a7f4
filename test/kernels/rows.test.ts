import { expect, test } from 'vitest';
import { drawFrom } from '../../kernels/connect/index.js';
import { referenceDegrees, referenceRow, weightKnots } from '../../kernels/connect/rows.js';
import { lifCurrent } from '../../models/neurons/lif-current.js';
import { planNetwork } from '../../src/engine/event/plan-network.js';
import { Slice } from '../../src/engine/event/slice.js';
import { fixedTotal } from '../../src/network/connectors.js';
import { logNormal, normal, uniform } from '../../src/network/distributions.js';
import { Network } from '../../src/network/network.js';

function network() {
  const net = new Network({ name: 'rows', seed: 5 });
  const a = net.population('A', 70, lifCurrent);
  const b = net.population('B', 130, lifCurrent);
  net.connect(a, b, fixedTotal(6000), {
    weight: normal(80, 8, { low: 0 }),
    delayMs: normal(1.5, 0.75, { low: 0.1 }),
  });
  net.connect(a, a, fixedTotal(2000), { weight: uniform(20, 90), delayMs: uniform(0.4, 30) });
  net.connect(b, a, fixedTotal(3000), {
    weight: logNormal(3, 0.5, { high: 90 }),
    delayMs: uniform(0.2, 0.9),
  });
  return net;
}

type Synapse = readonly [source: number, target: number, delay: number, weight: number];

/** Synapses of all tables of a slice, neurons counted over all populations. */
function synapsesOf(slice: Slice, plan: Awaited<ReturnType<typeof planNetwork>>): Synapse[] {
  const memory = new Uint32Array(slice.arena.memory.buffer);
  return slice.synapses.tables.flatMap(({ source, rows, segments, data }) =>
    Array.from({ length: plan.populations[source].size }, (_, i) => {
      const row = rows / 4 + 2 * i;
      let at = memory[row + 1];
      const found: Synapse[] = [];
      for (let segment = memory[row]; segment < memory[row + 2]; segment++) {
        const word = memory[segments / 4 + segment];
        for (let k = 0; k < (word & 0xfffff); k++, at++) {
          const synapse = memory[data / 4 + at];
          const part = slice.parts.findLast(({ local }) => local <= (synapse & 0xffff))!;
          const neuron =
            plan.populations[part.population].first + part.from + (synapse & 0xffff) - part.local;
          found.push([plan.populations[source].first + i, neuron, (word >>> 20) - 1, (synapse | 0) >> 16]);
        }
      }
      expect(at).toBe(memory[row + 3]);
      return found;
    }).flat(),
  );
}

test.each([1, 3])('rows drawn source by source are those of the plain loop (%i slices)', async (slices) => {
  const plan = await planNetwork(network(), slices);
  const drawn = Array.from({ length: slices }, (_, index) => synapsesOf(new Slice(plan, index), plan)).flat();
  const expected = plan.projections.flatMap((projection): Synapse[] => {
    const { key, delay, weight, connector } = projection;
    const [source, target] = [plan.populations[projection.source], plan.populations[projection.target]];
    const synapses = connector.kind === 'fixed-total' ? connector.synapses : 0;
    return referenceDegrees(key, source.size, synapses).flatMap((degree, i) =>
      referenceRow({ key, targets: target.size, delay, weight }, i, degree).map(
        (synapse): Synapse => [
          source.first + i,
          target.first + synapse.target,
          synapse.delay,
          synapse.weight,
        ],
      ),
    );
  });
  const order = (a: Synapse, b: Synapse) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3];
  drawn.sort(order);
  expected.sort(order);
  expect(drawn.map(([s, t, d]) => [s, t, d])).toEqual(expected.map(([s, t, d]) => [s, t, d]));
  // Weights are interpolated, then rounded; several synapses of a pair may change places.
  const largest = Math.max(...expected.map(([, , , weight]) => Math.abs(weight)));
  const off = drawn.map(([, , , weight], k) => Math.abs(weight - expected[k][3]) / largest);
  expect(Math.max(...off)).toBeLessThan(1e-4);
});

test('between its knots a distribution of weights is off by less than a fifty-thousandth of its range', () => {
  for (const weight of [normal(87.8, 8.78), uniform(-3, 4), logNormal(0, 0.3)]) {
    const knots = weightKnots(weight);
    const range = drawFrom(weight, 0xffffffff) - drawFrom(weight, 0);
    let worst = 0;
    for (let i = 16; i < 1008; i++) {
      for (const fraction of [0.25, 0.5, 0.75]) {
        const exact = drawFrom(weight, (i + fraction) * 2 ** 22);
        worst = Math.max(worst, Math.abs(knots[i] + fraction * (knots[i + 1] - knots[i]) - exact));
      }
    }
    // h²/8 times the second derivative of the quantile: 1.6e-4 of 12.8 standard deviations for a normal one.
    expect(worst / range).toBeLessThan(2e-5);
  }
});
