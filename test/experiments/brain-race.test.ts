import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Metrics } from '../../experiments/brain-race/metrics.js';
import brainRace from '../../experiments/brain-race.js';
import { holds, type RunContext, type RunView } from '../../src/experiment/define.js';
import type { RunOutput } from '../../src/index.js';
import { figureSvg } from '../../src/report/figure-svg.js';
import { InterruptedError, UsageError } from '../../src/util/errors.js';

const SMALL = {
  clades: ['rodent', 'parrot'],
  massesG: [2, 10, 40],
  neuronsPerUnit: 1e7,
  samples: 1500,
  epochs: 2,
  denseEpochs: 1,
};

const context = (part: Partial<RunContext> = {}): RunContext => ({
  preset: 'default',
  seed: 1,
  seeds: [1],
  threads: 2,
  engine: 'event',
  backend: 'wasm',
  signal: new AbortController().signal,
  scratch: null,
  progress: () => {},
  record: () => {},
  ...part,
});

const configOf = (part: object) => brainRace.config.parse({ ...SMALL, ...part });

describe('a small race', () => {
  let output: RunOutput<Metrics>;
  let view: RunView<ReturnType<typeof configOf>, Metrics>;

  beforeAll(async () => {
    const config = configOf({});
    output = await brainRace.run(config, context());
    view = { config, preset: 'default', seeds: [1], metrics: output.metrics, ledgers: output.ledgers! };
  });

  test('trains a spiking and a dense network for each brain, above chance', () => {
    const { networks, brains } = output.metrics;
    expect(brains).toHaveLength(6);
    expect(networks).toHaveLength(12);
    expect(output.ledgers).toHaveLength(12);
    for (const { accuracy } of networks.filter(({ units }) => units > 8))
      expect(accuracy).toBeGreaterThan(0.5);
  });

  test('a dense network passes one MAC a synapse and image; a spiking one its spikes times their targets', () => {
    for (const { kind, units, operations, inputSpikes, hiddenSpikes } of output.metrics.networks) {
      if (kind === 'dense') expect(operations).toBe(784 * units + 10 * units);
      else expect(operations).toBeCloseTo(inputSpikes! * units + 10 * hiddenSpikes!, 6);
    }
  });

  test('every claim holds', () => {
    const claims = brainRace.claims(view);
    expect(claims.length).toBeGreaterThan(20);
    expect(claims.filter((claim) => !holds(claim))).toEqual([]);
  });

  test('a ledger with a count that is not whole is refused, not summed', () => {
    const [first, ...rest] = view.ledgers;
    const [input, ...layers] = first.layers;
    const broken = {
      ...first,
      layers: [
        { ...input, channel: 'spike', inferenceSpikes: Float64Array.from({ length: 784 }, () => 0.5) },
        ...layers,
      ],
    };
    const claims = () =>
      brainRace.claims({ ...view, ledgers: [broken as (typeof view.ledgers)[0], ...rest] });
    expect(claims).toThrow(/whole/);
  });

  test('tables and figures hold numbers, and the figures can be drawn', async () => {
    for (const { rows, columns } of brainRace.tables(view)) {
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) for (const { key } of columns) expect(row[key]).not.toBeNaN();
    }
    const figures = brainRace.figures(view);
    expect(figures.map(({ name }) => name)).toEqual([
      'species',
      'error-by-mass',
      'error-by-neurons',
      'energy-by-mass',
      'energy-per-synapse',
      'tariffs',
    ]);
    for (const figure of figures) {
      expect(figure.rows.length).toBeGreaterThan(0);
      const svg = figureSvg(figure);
      expect(svg).toContain('<svg');
      expect(svg).not.toContain('NaN');
    }
  });

  test('finding and caveats speak of what was found', () => {
    expect(brainRace.finding(view)).toMatch(/falls as N\^-[\d.]+.*biology-marginal/);
    expect(brainRace.caveats(view).join(' ')).toMatch(/One seed/);
  });

  test('gives the same metrics with one thread', async () => {
    const again = await brainRace.run(configOf({}), context({ threads: 1 }));
    expect(again.metrics).toEqual(output.metrics);
    expect(again.ledgers).toEqual(output.ledgers);
  });
});

test('two clades and one mass are too few for a power law: the report says so and goes on', async () => {
  const config = configOf({ massesG: [10], samples: 200, epochs: 1 });
  const { metrics, ledgers } = await brainRace.run(config, context());
  expect(metrics.powerLaws).toEqual([]);
  expect(metrics.powerLawProblems).toHaveLength(2);
  const view = { config, preset: 'default' as const, seeds: [1], metrics, ledgers: ledgers! };
  expect(brainRace.finding(view)).toMatch(/No power law/);
  for (const figure of brainRace.figures(view)) expect(figureSvg(figure)).toContain('<svg');
});

test('two hidden layers share the units', async () => {
  const config = configOf({ massesG: [10], clades: ['parrot'], samples: 300, epochs: 1, hiddenLayers: 2 });
  const { ledgers } = await brainRace.run(config, context());
  for (const { layers } of ledgers!) {
    expect(layers.map(({ sources, targets }) => [sources, targets])).toEqual([
      [784, 49],
      [49, 48],
      [48, 10],
    ]);
  }
});

test('an interrupt ends the race', async () => {
  const controller = new AbortController();
  const run = brainRace.run(
    configOf({ samples: 5000 }),
    context({ signal: controller.signal, progress: () => controller.abort() }),
  );
  await expect(run).rejects.toThrow(InterruptedError);
});

test.each([
  [{ clades: ['dodo'] }, /dodo.*rodent/],
  [{ neuronsPerUnit: 10 }, /neuronsPerUnit/],
  [{ samples: 70_000 }, /60000/],
  [{ tariff: 'free-lunch' }, /free-lunch/],
  [{ data: '/nowhere' }, /nowhere/],
])('refuses %j before it trains anything', async (part, message) => {
  const run = brainRace.run(configOf(part), context());
  await expect(run).rejects.toThrow(UsageError);
  await expect(brainRace.run(configOf(part), context())).rejects.toThrow(message);
});

test('a mass that is not positive is refused by the schema', () => {
  expect(() => configOf({ massesG: [-1] })).toThrow(z.ZodError);
});

describe('with policies of plasticity', () => {
  test('every brain learns under each policy, and less work is told for those that do less', async () => {
    const config = configOf({
      clades: ['rodent'],
      massesG: [10, 40],
      samples: 600,
      plasticity: ['lazy', 'cache+compete'],
      compare: ['45nm-fp32-sram'],
    });
    const { metrics, ledgers } = await brainRace.run(config, context());
    const rows = metrics.plasticity!;
    expect(new Set(rows.map(({ policy }) => policy))).toEqual(new Set(['dense', 'lazy', 'compete + cache']));
    expect(rows).toHaveLength(2 * 3);
    const view = { config, preset: 'default' as const, seeds: [1], metrics, ledgers: ledgers! };
    const table = brainRace.tables(view).find(({ name }) => name === 'plasticity')!;
    for (const { clade, massG, units } of metrics.brains) {
      const of = (policy: string) =>
        rows.find((row) => row.clade === clade && row.massG === massG && row.policy === policy)!;
      const [dense, lazy, both] = [of('dense'), of('lazy'), of('compete + cache')];
      expect(dense.samples).toBe(config.epochs * 600);
      expect(lazy.counts.gradient!).toBeLessThanOrEqual(dense.counts.gradient!);
      expect(both.writes).toBeLessThan(dense.writes);
      expect(both.counts.transientChange).toBeGreaterThan(0);
      // The same synapses pass the same input spikes, whatever is written.
      expect(dense.counts.transmission).toBeGreaterThan(units);
      const priced = table.rows.filter(
        (row) => row.clade === clade && row.massG === massG && row.tariff === '45nm-fp32-sram',
      );
      expect(priced.map((row) => row.policy)).toEqual(['dense', 'lazy', 'compete + cache']);
      expect(priced[0].saving).toBeCloseTo(1, 12);
      // A tariff of synaptic events alone has no price for learning, and says so.
      const marginal = table.rows.filter((row) => row.clade === clade && row.tariff === 'biology-marginal');
      expect(marginal.every((row) => row.learning === null)).toBe(true);
    }
    const figure = brainRace.figures(view).find(({ name }) => name === 'plasticity')!;
    expect(figureSvg(figure)).toContain('<svg');
  }, 120_000);

  test('an unknown policy is refused before anything is trained', async () => {
    const run = (part: object) => brainRace.run(configOf(part), context());
    await expect(run({ plasticity: ['thrifty'] })).rejects.toThrow(/no policy 'thrifty'/);
    await expect(run({ plasticity: ['lazy'], hiddenLayers: 2 })).rejects.toThrow(/2 hidden layers/);
  });
});
