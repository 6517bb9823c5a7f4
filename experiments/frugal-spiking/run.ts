import { LATENCY_CODE, latencyClassifier } from '../../models/networks/latency-classifier.js';
import type { Unit } from '../../src/energy/counts.js';
import type { Ledger } from '../../src/energy/ledger.js';
import { ledgerFromJson } from '../../src/energy/ledger-json.js';
import { loadTariff } from '../../src/energy/tariff.js';
import type { RunContext, RunOutput } from '../../src/experiment/define.js';
import { replicateSeeds, type SweepTask, sweep } from '../../src/experiment/sweep.js';
import type { SpikingJob, SpikingResult } from '../../src/learning/spiking-job.js';
import { POLICY_NAMES, policyNamed } from '../../src/plasticity/named.js';
import type { WriteCost } from '../../src/plasticity/write-meter.js';
import type { Config } from './config.js';

export type OptimiserName = Config['optimisers'][number];

/** One look at the test set: what learning had come to, and what work it had taken. */
export interface Look {
  samples: number;
  updates: number;
  accuracy: number;
  hiddenSpikes: number;
  counts: Partial<Record<Unit, number>>;
  /** Writes and change of the persistent weights, transients that would be consolidated now included. */
  m0: number;
  m1: number;
  m1Least: number;
  overlap: number | null;
}

export interface Run {
  optimiser: OptimiserName;
  policy: string;
  seed: number;
  looks: Look[];
  /** Energy of all writes, to the end of learning, by the exponents asked for. */
  costs: WriteCost[];
}

export interface Metrics {
  runs: Run[];
}

export const POLICIES = POLICY_NAMES;

export async function run(config: Config, context: RunContext): Promise<RunOutput<Metrics>> {
  // A misspelt tariff must be told now, not after the training.
  loadTariff(config.tariff);
  const seeds = replicateSeeds(context, config.repeats);
  const points = config.optimisers.flatMap((optimiser) =>
    POLICIES.flatMap((policy) => seeds.map((seed) => ({ optimiser, policy, seed }))),
  );
  const tasks = points.map(
    ({ optimiser, policy, seed }): SweepTask<SpikingJob> => ({
      job: jobOf(config, optimiser, policy, seed, seed === seeds[0]),
      doing: `${optimiser}, ${policy}, seed ${seed}`,
      cost:
        (optimiser === 'sgd' ? 3 * config.sgdSamples : config.adamSamples) *
        (policy.includes('cache') ? 2 : 1),
    }),
  );
  const results = await sweep<SpikingJob, SpikingResult>('learning/jobs.js', tasks, context);
  const runs = points.map(
    (point, k): Run => ({
      ...point,
      looks: results[k].checkpoints.map(lookOf),
      costs: results[k].costs,
    }),
  );
  const ledgers = points.flatMap(({ optimiser, policy, seed }, k): Ledger[] => {
    const { ledger } = results[k];
    if (ledger === null) return [];
    const labels = { optimiser, policy, seed };
    return [{ ...ledgerFromJson(ledger), network: `${optimiser}, ${policy}, seed ${seed}`, labels }];
  });
  return { metrics: { runs }, ledgers };
}

function jobOf(
  config: Config,
  optimiser: OptimiserName,
  policy: string,
  seed: number,
  ledger: boolean,
): SpikingJob {
  const [batch, rate, samples] =
    optimiser === 'sgd'
      ? [config.sgdBatch, config.sgdRate, config.sgdSamples]
      : [config.adamBatch, config.adamRate, config.adamSamples];
  const network = latencyClassifier({
    inputs: 784,
    hidden: [config.hidden],
    classes: 10,
    batch,
    inputDropout: 0,
    seed,
    threads: 1,
  });
  return {
    kind: 'spiking',
    network: optimiser === 'sgd' ? { ...network, optimiser: { kind: 'sgd' } } : network,
    code: LATENCY_CODE,
    images: config.images,
    policy: policyNamed(policy, config),
    rate,
    schedule: config.schedule,
    testEvery: Math.max(1, Math.round(config.testEvery / batch)),
    goal: 1,
    maxBatches: Math.ceil(samples / batch),
    ledger,
    exponents: config.exponents,
  };
}

function lookOf({ totals, counts, ...look }: SpikingResult['checkpoints'][number]): Look {
  return {
    ...look,
    counts: Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0)),
    m0: totals.persistentWrites + totals.residualSynapses,
    m1: totals.persistentChange + totals.residual,
    m1Least: totals.distance,
  };
}
