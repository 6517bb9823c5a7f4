import { expect, test } from 'vitest';
import { lifDelta } from '../../models/neurons/lif-delta.js';
import { eventEngine } from '../../src/engine/event/engine.js';
import {
  type DistanceConnector,
  degreesOf,
  distanceDependent,
  gridOnSheet,
  type Places,
  probabilityAt,
} from '../../src/network/connectors.js';
import { Network } from '../../src/network/network.js';
import { additiveStdp } from '../../src/network/plasticity.js';
import { stream } from '../../src/util/rng.js';

/** The pairs that are connected: what learns can be listed. */
async function pairsOf(connector: DistanceConnector, threads: number, autapses = true) {
  const network = new Network({ name: 'sheet', seed: 11 });
  const cells = network.population('cells', connector.sources.length / 2, lifDelta);
  const plasticity = additiveStdp({ lambda: 0, alpha: 1, maxWeight: 1 });
  const options = { weight: 0.1, delayMs: 1, plasticity, autapses };
  const projection = network.connect(cells, cells, connector, options);
  const simulation = await eventEngine.build(network, { threads });
  const { sources, targets } = await simulation.weights(projection);
  await simulation.close();
  return { sources, targets };
}

const sheet = { widthMm: 1.5, heightMm: 1 };

function scattered(neurons: number): Places {
  const draw = stream(3, 'places');
  return Array.from({ length: neurons }, () => [1.5 * draw.uniform(), draw.uniform()] as const);
}

test.each([
  ['gaussian', 'grid', true],
  ['gaussian', 'scattered', false],
  ['exponential', 'grid', false],
  ['exponential', 'scattered', true],
] as const)(
  '%s, %s, periodic %s: pairs are connected as often as their distance asks for',
  async (profile, kind, meet) => {
    const places = kind === 'grid' ? gridOnSheet(900, sheet) : scattered(900);
    const connector = distanceDependent({
      sources: places,
      targets: places,
      profile,
      lengthMm: 0.15,
      peak: profile === 'gaussian' ? 1 : 0.6,
      periodic: meet ? sheet : null,
    });
    const { sources, targets } = await pairsOf(connector, 1);
    const connected = new Set(Array.from(sources, (source, k) => source * 900 + targets[k]));
    // Every pair at most once.
    expect(connected.size).toBe(sources.length);
    // Pairs by probability, in twenty classes: in each a sum of independent yes or no.
    const classes = Array.from({ length: 20 }, () => ({ expected: 0, variance: 0, found: 0 }));
    let expected = 0;
    for (let source = 0; source < 900; source++)
      for (let target = 0; target < 900; target++) {
        const p = probabilityAt(connector, source, target);
        const of = classes[Math.min(19, Math.floor(20 * p))];
        of.expected += p;
        of.variance += p * (1 - p);
        of.found += Number(connected.has(source * 900 + target));
        expected += p;
      }
    for (const { expected: mean, variance, found } of classes)
      expect(Math.abs(found - mean)).toBeLessThanOrEqual(5 * Math.sqrt(variance) + 1e-9);
    // The estimate for memory comes from a sample of the targets: near the edges they have fewer neighbours.
    expect(degreesOf(connector, 900, 900).total / expected).toBeGreaterThan(0.8);
    expect(degreesOf(connector, 900, 900).total / expected).toBeLessThan(1.25);
    // In the plane the in-degree is the density times 2πs²; on this torus the bell is cut off at 3.3 s.
    if (meet && kind === 'grid')
      expect(expected / 900 / ((900 / 1.5) * 2 * Math.PI * 0.15 ** 2)).toBeCloseTo(1, 2);
  },
);

test('who is connected does not depend on the number of threads, and autapses can be left out', async () => {
  const places = scattered(300);
  const connector = distanceDependent({
    sources: places,
    targets: places,
    profile: 'gaussian',
    lengthMm: 0.3,
    periodic: sheet,
  });
  const one = await pairsOf(connector, 1);
  for (const threads of [2, 3]) expect(await pairsOf(connector, threads)).toEqual(one);
  const without = await pairsOf(connector, 1, false);
  // At distance 0 with a peak of 1 every neuron is connected to itself, unless that is forbidden.
  const own = ({ sources, targets }: typeof one) => sources.filter((s, k) => s === targets[k]).length;
  expect([own(one), own(without)]).toEqual([300, 0]);
});

test('a connector that is none is refused, naming the field', () => {
  const network = new Network({ name: 'faults' });
  const cells = network.population('cells', 4, lifDelta);
  const places = gridOnSheet(4, sheet);
  const connect = (more: Partial<Parameters<typeof distanceDependent>[0]>) =>
    network.connect(
      cells,
      cells,
      distanceDependent({ sources: places, targets: places, profile: 'gaussian', lengthMm: 1, ...more }),
      { weight: 1, delayMs: 1 },
    );
  expect(() => connect({ peak: 1.2 })).toThrow('peak');
  expect(() => connect({ lengthMm: 0 })).toThrow('lengthMm');
  expect(() => connect({ sources: places.slice(1) })).toThrow('3 places');
});
