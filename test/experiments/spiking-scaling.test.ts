import { beforeAll, describe, expect, test } from 'vitest';
import { config } from '../../experiments/spiking-scaling/config.js';
import { lawOf, lawsOf } from '../../experiments/spiking-scaling/laws.js';
import { jobOf, KINDS, type Point, pointsOf, synapsesOf } from '../../experiments/spiking-scaling/plan.js';
import type { NetworkRow } from '../../experiments/spiking-scaling/run.js';
import { configurations, type View } from '../../experiments/spiking-scaling/view.js';
import experiment from '../../experiments/spiking-scaling.js';
import type { Ledger } from '../../src/energy/ledger.js';
import { holds } from '../../src/experiment/define.js';
import { unpack } from '../../src/experiment/pack.js';
import work from '../../src/learning/digit-jobs.js';
import { figureSvg } from '../../src/report/figure-svg.js';

const CONFIG = config.parse({ tariffs: ['45nm-fp32', 'h100-peak', 'loihi'], repeats: 2 });

/** A ledger in which every layer did work in proportion to synapses and samples; a spiking one a tenth of it. */
function ledgerOf({ kind, units, samples, epochs }: Point): Ledger {
  const [inferences, trainingSamples] = [10, samples * epochs];
  const shape = [
    { name: 'in', sources: 784, targets: units },
    { name: 'out', sources: units, targets: 10 },
  ];
  const layers: Ledger['layers'] = shape.map(({ name, sources, targets }, l) =>
    kind === 'dense'
      ? {
          channel: 'graded',
          name,
          sources,
          targets,
          changes: null,
          inferenceMacsPerSynapse: inferences,
          trainingForwardMacsPerSynapse: trainingSamples,
          trainingBackwardMacsPerSynapse: (l + 1) * trainingSamples,
        }
      : {
          channel: 'spike',
          name,
          sources,
          targets,
          changes: null,
          inferenceSpikes: new Float64Array(sources).fill(inferences / 10),
          trainingSpikes: new Float64Array(sources).fill(trainingSamples / 10),
          inferenceNeuronUpdates: 0,
          trainingNeuronUpdates: 0,
          inferenceTargetSpikes: 0,
          trainingTargetSpikes: 0,
          backwardMacsPerSpike: l === 0 ? 0 : 1,
        },
  );
  return { network: '', labels: {}, inferences, trainingSamples, layers };
}

/** Errors that follow power laws; the dense network errs half as much as a spiking one of its size. */
function view(): View {
  const points = pointsOf(CONFIG, [1, 2]);
  const networks = points.map((point): NetworkRow => {
    const { kind, units, samples, epochs, seed } = point;
    const scale = (kind === 'dense' ? 0.5 : 1) * (1 + 0.001 * seed);
    const macs = samples * epochs * units * (2 * 784 + 3 * 10);
    const error = scale * (0.4 * units ** -0.5 + 3 * samples ** -0.5);
    return {
      ...point,
      synapses: synapsesOf(units),
      error,
      trainingOperations: kind === 'dense' ? macs : macs / 10,
      operations: synapsesOf(units) * (kind === 'dense' ? 1 : 0.1),
    };
  });
  return {
    config: CONFIG,
    preset: 'quick',
    seeds: [1],
    metrics: { networks },
    ledgers: points.map(ledgerOf),
  };
}

describe('laws and frontiers of networks whose errors are known', () => {
  const given = view();

  test('a law in operations and a law in joules of dense networks are one law: a price is a factor', () => {
    const laws = lawsOf(given);
    const operations = lawOf(laws, 'training-operations', 'dense')!;
    const joules = lawOf(laws, 'training-energy', 'dense')!;
    expect(joules.exponent.value).toBeCloseTo(operations.exponent.value, 5);
    expect(joules.r2).toBeCloseTo(operations.r2, 8);
  });

  test('no network on a frontier is beaten by a cheaper one, and every other one is', () => {
    for (const spending of ['training', 'inference'] as const) {
      const rows = configurations(given, '45nm-fp32', spending);
      expect(rows.some(({ onFrontier }) => onFrontier)).toBe(true);
      for (const row of rows) {
        const better = rows.filter(
          (other) => other !== row && other.joules <= row.joules && other.error <= row.error,
        );
        expect(better.length === 0).toBe(row.onFrontier);
        expect(better.every(({ kind }) => kind !== row.kind)).toBe(row.onOwnFrontier);
      }
    }
  });

  test('a network of several laws is one configuration, and a tariff draws only what it prices', () => {
    const rows = configurations(given, '45nm-fp32', 'training');
    const keys = rows.map(({ kind, units, samples, epochs }) => [kind, units, samples, epochs].join());
    expect(new Set(keys).size).toBe(keys.length);
    expect(configurations(given, 'loihi', 'training')).toEqual([]);
    expect(configurations(given, 'loihi', 'inference').every(({ kind }) => kind === 'spiking')).toBe(true);
  });

  test('figures, tables, claims and texts can be made', () => {
    for (const figure of experiment.figures(given)) expect(figureSvg(figure)).not.toContain('NaN');
    for (const table of experiment.tables(given)) expect(table.rows.length).toBeGreaterThan(0);
    expect(experiment.claims(given).filter((claim) => !holds(claim))).toEqual([]);
    expect(experiment.finding(given)).not.toMatch(/NaN|undefined/);
  });
});

describe('a job', { timeout: 120_000 }, () => {
  const results = new Map<string, Awaited<ReturnType<typeof work>>>();
  const point = (kind: Point['kind']): Point => ({
    kind,
    law: 'N',
    seed: 1,
    units: 16,
    samples: 500,
    epochs: 3,
  });
  beforeAll(async () => {
    for (const kind of KINDS) results.set(kind, await work(jobOf(point(kind), 'wasm')));
  });

  test.each(KINDS)('%s: learns something from 500 digits and counts what it did', (kind) => {
    const { accuracy, ledger } = results.get(kind)!;
    // A tenth of the digits is chance.
    expect(accuracy).toBeGreaterThan(0.5);
    const { layers, trainingSamples, inferences } = unpack<Ledger>(JSON.parse(JSON.stringify(ledger)));
    expect([trainingSamples, inferences]).toEqual([1500, 10_000]);
    expect(layers.map(({ sources, targets }) => [sources, targets])).toEqual([
      [784, 16],
      [16, 10],
    ]);
    expect(layers[0].changes!.l0.length).toBe(784 * 16);
  });
});
