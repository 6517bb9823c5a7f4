import { selectBackend } from '../../src/baseline/backend.js';
import { ledgerCounts, trainingCounts } from '../../src/energy/counts.js';
import type { Ledger } from '../../src/energy/ledger.js';
import { loadTariff } from '../../src/energy/tariff.js';
import type { RunContext } from '../../src/experiment/define.js';
import { unpack } from '../../src/experiment/pack.js';
import { replicateSeeds, sweep } from '../../src/experiment/sweep.js';
import { UsageError } from '../../src/index.js';
import type { DigitJob, DigitResult } from '../../src/learning/digit-jobs.js';
import type { Config } from './config.js';
import { jobOf, type Point, pointsOf, synapsesOf } from './plan.js';

/** A trained network with what it did; its ledger has the same place in the list of ledgers. */
export interface NetworkRow extends Point {
  synapses: number;
  /** Share of the test digits, no less than half a digit. */
  error: number;
  /** Accumulates and multiply-accumulates of the whole training, forward and backward. */
  trainingOperations: number;
  /** Of one inference: synaptic events, or multiply-accumulates. */
  operations: number;
}

export interface Metrics {
  networks: NetworkRow[];
}

/** Trains the spiking and the dense networks of every law on the worker pool. */
export async function run(
  config: Config,
  context: RunContext,
): Promise<{ metrics: Metrics; ledgers: Ledger[] }> {
  refuse(config);
  const { used, asked, why } = await selectBackend(context.backend);
  context.record('backend', { asked, used, why });
  const points = pointsOf(config, replicateSeeds(context, config.repeats));
  const results = await sweep<DigitJob, DigitResult>(
    'learning/digit-jobs.js',
    points.map((point) => ({ job: jobOf(point, used), doing: nameOf(point), cost: costOf(point) })),
    context,
  );
  const ledgers = results.map(({ ledger }, i) => ({
    ...unpack<Ledger>(ledger),
    network: nameOf(points[i]),
    labels: labelsOf(points[i]),
  }));
  const networks = points.map((point, i) => networkRow(point, results[i].accuracy, ledgers[i]));
  return { metrics: { networks }, ledgers };
}

function refuse({ widths, samples, tariffs }: Config): void {
  // A misspelt tariff must be told now, not after the training.
  for (const tariff of tariffs) loadTariff(tariff);
  if (widths.length !== samples.length)
    throw new UsageError(
      `${widths.length} widths and ${samples.length} numbers of samples are given`,
      'widths, samples',
      'Give as many of one as of the other: in L(C) they grow together.',
    );
}

function nameOf({ kind, law, seed, units, samples }: Point): string {
  return `${kind}, L(${law}), ${units} units, ${samples} digits, seed ${seed}`;
}

function labelsOf({ kind, law, seed, units, samples }: Point) {
  return { kind, law, units, samples, seed };
}

/** Roughly the time a network takes, in arbitrary units: what the progress bar goes by. */
function costOf({ kind, units, samples, epochs }: Point): number {
  return samples * epochs * (kind === 'spiking' ? 4 + 0.11 * units : 20 + 0.35 * units) + 2e4;
}

function networkRow(point: Point, accuracy: number, ledger: Ledger): NetworkRow {
  const training = trainingCounts(ledger);
  const inference = ledgerCounts(ledger, 'inference');
  return {
    ...point,
    synapses: synapsesOf(point.units),
    error: Math.max(1 - accuracy, 0.5 / ledger.inferences),
    trainingOperations: Number(training.transmission + training.gradient + training.mac),
    operations: Number(inference.transmission + inference.mac) / ledger.inferences,
  };
}
